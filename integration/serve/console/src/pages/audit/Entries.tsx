import FactCheckRounded from '@mui/icons-material/FactCheckRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useList } from '../../api/query';
import type { Input } from '../../api/types';
import { type Column, DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import { actorWords, wordsOf } from '../instance/Timeline';
import { outcomes } from '../passwords/MyReveals';
import { type Access, type Entry, detailOf, done } from './words';

const quiet = { color: 'text.secondary', fontSize: '0.8125rem', overflowWrap: 'anywhere' } as const;

const entryColumns: Column<Entry>[] = [
  {
    name: 'what',
    title: 'What',
    cell: (e) => (
      <Box sx={{ overflowWrap: 'anywhere' }}>
        <Box sx={{ fontWeight: 560 }}>{done[e.action] ?? wordsOf(e.action)}</Box>
        <Box sx={quiet}>{e.subject}</Box>
        <Box sx={{ ...quiet, display: { sm: 'none' } }}>{actorWords(e.actor)}</Box>
      </Box>
    ),
  },
  { name: 'who', title: 'Who', from: 'sm', width: 180, cell: (e) => <Box sx={{ overflowWrap: 'anywhere' }}>{actorWords(e.actor)}</Box> },
  { name: 'detail', title: 'Details', from: 'md', width: '36%', cell: (e) => <Box sx={quiet}>{detailOf(e.detail)}</Box> },
  { name: 'at', title: 'When', width: 110, cell: (e) => <Box sx={{ ...quiet, whiteSpace: { sm: 'nowrap' } }}><When at={e.at} /></Box> },
  { name: 'seq', title: 'Number', from: 'lg', align: 'right', width: 90, cell: (e) => <Box component="span" title={e.hash} sx={{ ...quiet, fontVariantNumeric: 'tabular-nums' }}>{e.seq.toLocaleString('en')}</Box> },
];

const accessColumns: Column<Access>[] = [
  {
    name: 'password',
    title: 'Password',
    cell: (a) => (
      <Box sx={{ overflowWrap: 'anywhere' }}>
        <Box sx={{ fontWeight: 560 }}>{a.name || `No longer listed (${a.password})`}</Box>
        <Box sx={quiet}>{a.username}</Box>
        <Box sx={{ ...quiet, display: { sm: 'none' } }}>
          {actorWords(a.actor)}: {outcomes[a.outcome].words.toLowerCase()}
          {a.atRisk && ', not changed since'}
        </Box>
      </Box>
    ),
  },
  { name: 'who', title: 'Who', from: 'sm', cell: (a) => <Box sx={{ overflowWrap: 'anywhere' }}>{actorWords(a.actor)}</Box> },
  { name: 'why', title: 'Why', from: 'sm', cell: (a) => <Box sx={quiet}>{a.reason}</Box> },
  {
    name: 'outcome',
    title: 'Outcome',
    width: 190,
    from: 'sm',
    cell: (a) => (
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5 }}>
        <Tag tone={outcomes[a.outcome].tone}>{outcomes[a.outcome].words}</Tag>
        {a.atRisk && <Tag tone="warn">Not changed since</Tag>}
      </Box>
    ),
  },
  { name: 'changed', title: 'Value changed', from: 'lg', width: 130, cell: (a) => <Box sx={quiet}>{a.changed ? <When at={a.changed} /> : 'not known'}</Box> },
  { name: 'at', title: 'When', width: 110, cell: (a) => <Box sx={quiet}><When at={a.at} /></Box> },
];

interface Props<I> {
  instance: string;
  input: I;
  // Takes the filter away.
  onAll: (() => void) | undefined;
}

// Entries is the log itself, newest first.
export function Entries({ instance, input, onAll }: Props<Input<'audit.list'>>) {
  const list = useList('audit.list', instance, { newest: true, limit: 50, ...input });
  return (
    <DataTable
      label="Audit log"
      columns={entryColumns}
      rows={list.items}
      keyOf={(e) => String(e.seq)}
      loading={list.isPending}
      error={list.error}
      retry={() => void list.refetch()}
      more={list.hasNextPage ? { load: () => void list.fetchNextPage(), loading: list.isFetchingNextPage } : undefined}
      empty={<Nothing onAll={onAll}>Each decision of a person and each password that is shown is written here, and cannot be changed without breaking the chain.</Nothing>}
    />
  );
}

// Accesses is who asked for which password; at risk are those shown and not
// changed since.
export function Accesses({ instance, input, onAll }: Props<Input<'passwords.accesses'>>) {
  const list = useList('passwords.accesses', instance, { ...(input.atRisk ? {} : { limit: 50 }), ...input });
  return (
    <DataTable
      label={input.atRisk ? 'Passwords at risk' : 'Who saw which password'}
      columns={accessColumns}
      rows={list.items}
      keyOf={(a) => String(a.seq)}
      loading={list.isPending}
      error={list.error}
      retry={() => void list.refetch()}
      more={list.hasNextPage ? { load: () => void list.fetchNextPage(), loading: list.isFetchingNextPage } : undefined}
      empty={
        <Nothing onAll={onAll}>
          {input.atRisk ? 'Passwords that somebody was shown and that have not been changed since would be listed, each once a person: what to change when they leave.' : 'Each time that somebody asks for a password, it is listed with the reason.'}
        </Nothing>
      }
    />
  );
}

function Nothing({ onAll, children }: { onAll: (() => void) | undefined; children: React.ReactNode }) {
  if (onAll) {
    return (
      <EmptyState title="Nothing fits the filter" action={<Button onClick={onAll}>Show all</Button>}>
        A person is named as the log does, such as user:ana.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<FactCheckRounded />} title="Nothing is here yet">
      {children}
    </EmptyState>
  );
}
