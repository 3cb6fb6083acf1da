import Box from '@mui/material/Box';
import { useList } from '../../api/query';
import { type Column, DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Panel, Section } from '../../ui/Page';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import type { Tone } from '../../app/theme';
import type { Reveal } from './words';

export const outcomes: Record<Reveal['outcome'], { words: string; tone: Tone }> = {
  shown: { words: 'Shown', tone: 'info' },
  refused: { words: 'Refused', tone: 'quiet' },
  asked: { words: 'Not shown', tone: 'quiet' },
};

const columns: Column<Reveal>[] = [
  { name: 'name', title: 'Password', cell: (r) => <Box sx={{ fontWeight: 560, overflowWrap: 'anywhere' }}>{r.name || `No longer listed (${r.password})`}</Box> },
  { name: 'reason', title: 'Why', cell: (r) => <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>{r.reason}</Box> },
  { name: 'outcome', title: 'Outcome', width: 110, cell: (r) => <Tag tone={outcomes[r.outcome].tone}>{outcomes[r.outcome].words}</Tag> },
  { name: 'at', title: 'When', from: 'sm', width: 140, cell: (r) => <Box sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}><When at={r.at} /></Box> },
];

// MyReveals is which passwords this person asked for lately.
export function MyReveals({ instance }: { instance: string }) {
  const mine = useList('passwords.my-reveals', instance, { limit: 10 });
  return (
    <Section title="What you were shown lately" flush>
      <Panel>
        <DataTable
          label="What you were shown lately"
          columns={columns}
          rows={mine.items}
          keyOf={(r) => String(r.seq)}
          loading={mine.isPending}
          error={mine.error}
          retry={() => void mine.refetch()}
          more={mine.hasNextPage ? { load: () => void mine.fetchNextPage(), loading: mine.isFetchingNextPage } : undefined}
          empty={<EmptyState title="You asked for none yet">Each time that you do, it stands here with its reason. Administrators see it in the audit log.</EmptyState>}
        />
      </Panel>
    </Section>
  );
}
