import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import Skeleton from '@mui/material/Skeleton';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useEffect, useRef, useState } from 'react';
import { call, newKey } from '../../api/client';
import { useList } from '../../api/query';
import { useCan } from '../../api/session';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { useToasts } from '../../ui/Toasts';
import { useLinkKeys } from '../links/useLinkKeys';
import { ConflictCard } from './ConflictCard';
import { SetRule, TakeAll } from './Preview';
import { type Conflict, type Field, type Rule, type Take, nextOpen, rules, sides } from './words';

type Asked = { what: 'take'; take: Take } | { what: 'rule'; rule: Rule };

interface Props {
  instance: string;
  field: Field;
  onNextField: () => void;
}

// FieldConflicts are the open conflicts of one field, with the field's rule.
export function FieldConflicts({ instance, field, onNextField }: Props) {
  const list = useList('conflicts.list', instance, { field: field.field, limit: 50 });
  const operates = useCan(instance, 'operate');
  const configures = useCan(instance, 'configure');
  const [decided, setDecided] = useState<ReadonlyMap<string, Conflict>>(new Map());
  const [busy, setBusy] = useState<string>();
  const [at, setAt] = useState(0);
  const [asked, setAsked] = useState<Asked>();
  const [open, setOpen] = useState(false);
  const { say, fail } = useToasts();
  const button = useRef<HTMLButtonElement>(null);
  const moved = useRef(false);
  const items = list.items.map((c) => decided.get(c.id) ?? c);
  const active = Math.min(at, items.length - 1);

  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    button.current?.focus();
    button.current?.closest('li')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const go = (to: number) => {
    moved.current = true;
    setAt(to);
  };
  const next = () => {
    const to = nextOpen(items, active);
    if (to === -1 || to === active) onNextField();
    else go(to);
  };
  const take = async (c: Conflict | undefined, side: Take) => {
    if (!c || !operates || busy) return;
    setBusy(c.id);
    try {
      const done = await call('conflicts.resolve', instance, { id: c.id, take: side }, { idempotencyKey: newKey() });
      const known = new Map(decided);
      done.items.forEach((d) => known.set(d.id, d));
      setDecided(known);
      say(`${sides[side]}'s ${field.title} is taken for ${c.record}. Until the next cycle you can take the other one.`, undefined, 'conflict');
      const to = nextOpen(items.map((i) => known.get(i.id) ?? i), items.findIndex((i) => i.id === c.id));
      if (to !== -1) go(to);
    } catch (err) {
      fail(err);
      void list.refetch();
    } finally {
      setBusy(undefined);
    }
  };
  useLinkKeys({ '1': () => void take(items[active], 'itglue'), '2': () => void take(items[active], 'revio'), n: next });
  const ask = (what: Asked) => {
    setAsked(what);
    setOpen(true);
  };
  const done = () => {
    setOpen(false);
    setDecided(new Map());
    void list.refetch();
  };

  if (list.error && items.length === 0) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  return (
    <>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', px: { xs: 1.5, sm: 2.5 }, py: 1.5 }}>
        <Typography variant="h2" sx={{ flex: '1 1 160px' }}>
          {field.title}
        </Typography>
        {operates && (
          <>
            <Button size="small" onClick={() => ask({ what: 'take', take: 'itglue' })}>
              All from IT Glue…
            </Button>
            <Button size="small" onClick={() => ask({ what: 'take', take: 'revio' })}>
              All from Rev.io…
            </Button>
          </>
        )}
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, flexWrap: 'wrap' }}>
          <Typography variant="body2" color="text.secondary" id="rule-label">
            From now on
          </Typography>
          <TextField select value={field.rule} disabled={!configures} onChange={(e) => e.target.value !== field.rule && ask({ what: 'rule', rule: e.target.value as Rule })} sx={{ width: 180 }} slotProps={{ select: { SelectDisplayProps: { 'aria-labelledby': 'rule-label' } } }}>
            {Object.entries(rules).map(([name, r]) => (
              <MenuItem key={name} value={name}>
                {r.title}
              </MenuItem>
            ))}
          </TextField>
        </Box>
      </Box>
      {list.isPending ? (
        <Skeleton height={240} sx={{ mx: 2 }} />
      ) : items.length === 0 ? (
        <EmptyState title={`No conflict of ${field.title} is open`} action={<Button onClick={onNextField}>Next field</Button>} />
      ) : (
        <Box component="ol" aria-label={`Conflicts of ${field.title}`} sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {items.map((c, i) => (
            <ConflictCard key={c.id} conflict={c} active={i === active} may={operates} busy={busy === c.id} focus={i === active ? button : undefined} onActive={() => setAt(i)} onTake={(side) => void take(c, side)} />
          ))}
        </Box>
      )}
      {list.hasNextPage && (
        <Box sx={{ display: 'flex', justifyContent: 'center', p: 1.5, borderTop: '1px solid', borderColor: 'divider' }}>
          <Button size="small" onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
            Show more
          </Button>
        </Box>
      )}
      {asked?.what === 'take' && <TakeAll instance={instance} field={field} take={asked.take} open={open} onClose={() => setOpen(false)} onDone={done} />}
      {asked?.what === 'rule' && <SetRule instance={instance} field={field} rule={asked.rule} open={open} onClose={() => setOpen(false)} onDone={done} />}
    </>
  );
}
