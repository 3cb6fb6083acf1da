import EastRounded from '@mui/icons-material/EastRounded';
import WestRounded from '@mui/icons-material/WestRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { outcomeOf } from '../../api/run';
import type { Output } from '../../api/types';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { type Column, DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Panel } from '../../ui/Page';
import { Said } from '../../ui/Said';
import { useToasts } from '../../ui/Toasts';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import { actorWords } from '../instance/Timeline';
import { sideWords } from './words';

type Shown = Output<'assets.show'>;
type Field = Shown['table'][number];

interface Props {
  instance: string;
  asset: Shown;
  mayRestore: boolean;
  refetch: () => void;
}

// FieldTable is each field on both sides, what both held when they were last in
// step, and what the next cycle does.
export function FieldTable({ instance, asset, mayRestore, refetch }: Props) {
  const [restoring, setRestoring] = useState<Field>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const queries = useQueryClient();
  const { say } = useToasts();
  // The sync names a written record by its own side's id.
  const writtenId = (f: Field) => ((f.written ?? 'right') === asset.side ? asset.id : (asset.linkedWith ?? ''));
  const close = () => {
    setRestoring(undefined);
    setError(undefined);
  };
  const restore = async (f: Field) => {
    const side = f.written ?? 'right';
    setBusy(true);
    setError(undefined);
    try {
      await outcomeOf('assets.restore', instance, { id: writtenId(f), side, field: f.field });
      say(`${f.title} is restored in ${sideWords[side]}.`);
      close();
      refetch();
      await queries.invalidateQueries({ queryKey: [instance] });
    } catch (err) {
      setError(err);
    } finally {
      setBusy(false);
    }
  };
  const columns: Column<Field>[] = [
    { name: 'field', title: 'Field', cell: (f) => <Box sx={{ fontWeight: 560 }}>{f.title}</Box> },
    { name: 'itglue', title: 'IT Glue', cell: (f) => <Value value={f.itglue} differs={f.itglue !== f.revio} /> },
    { name: 'next', title: 'Next cycle', width: 150, cell: (f) => <Next field={f} instance={instance} /> },
    { name: 'revio', title: 'Rev.io', cell: (f) => <Value value={f.revio} differs={f.itglue !== f.revio} /> },
    { name: 'synced', title: 'Last in step', from: 'md', cell: (f) => (f.synced === null ? <Quiet>not yet</Quiet> : <Value value={f.synced} differs={false} />) },
    {
      name: 'written',
      title: 'Last written',
      from: 'lg',
      cell: (f) =>
        f.at ? (
          <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>
            in {f.written ? sideWords[f.written] : 'one system'}, <When at={f.at} />
            {f.actor && ` by ${actorWords(f.actor)}`}
            {f.was !== undefined && (
              <Box>
                was “{f.was}”{' '}
                {mayRestore && writtenId(f) !== '' && (
                  <Button size="small" variant="text" color="primary" sx={{ minHeight: 24, py: 0 }} onClick={() => setRestoring(f)} aria-label={`Restore ${f.title}`}>
                    Restore
                  </Button>
                )}
              </Box>
            )}
          </Box>
        ) : null,
    },
  ];
  return (
    <Panel>
      <DataTable label="Fields" columns={columns} rows={asset.table} keyOf={(f) => f.field} empty={<EmptyState title="No field of it is mapped">Only its name is synced. Map more fields in step 3 of the setup.</EmptyState>} />
      <ConfirmDialog
        open={restoring !== undefined}
        title={`Restore ${restoring?.title ?? ''}?`}
        confirm="Restore the value"
        busy={busy}
        error={error}
        onClose={close}
        onConfirm={() => restoring && void restore(restoring)}
      >
        {sideWords[restoring?.written ?? 'right']} gets <b>{restoring?.was}</b> again, now. {sideWords[restoring?.written === 'left' ? 'right' : 'left']} keeps what it has, and both stay as they are until one of them changes.
      </ConfirmDialog>
    </Panel>
  );
}

const Quiet = ({ children }: { children: string }) => <Box component="span" sx={{ color: 'text.secondary' }}>{children}</Box>;

function Value({ value, differs }: { value: string | null; differs: boolean }) {
  if (value === null) return <Quiet>not shown</Quiet>;
  if (value === '') return <Quiet>empty</Quiet>;
  // What scrolls can be scrolled by keyboard, too.
  const long = value.length > 240 ? { role: 'group', 'aria-label': 'The whole value', tabIndex: 0 } : {};
  return (
    <Box {...long} sx={{ overflowWrap: 'anywhere', fontWeight: differs ? 540 : undefined, ...(value.length > 240 && { maxHeight: 120, overflowY: 'auto' }) }}>
      {value}
    </Box>
  );
}

function Next({ field: f, instance }: { field: Field; instance: string }) {
  const arrow = { fontSize: 17, verticalAlign: '-4px', mr: 0.5 };
  if (f.action === 'none') return <Quiet>nothing to do</Quiet>;
  if (f.action === 'to-revio') {
    return (
      <Box sx={{ color: 'info.main', fontWeight: 540 }}>
        <EastRounded sx={arrow} />
        to Rev.io
      </Box>
    );
  }
  if (f.action === 'to-itglue') {
    return (
      <Box sx={{ color: 'info.main', fontWeight: 540 }}>
        <WestRounded sx={arrow} />
        to IT Glue
      </Box>
    );
  }
  return (
    <Box>
      {f.action === 'conflict' ? <Tag tone="bad">Conflict</Tag> : <Tag tone="warn">Held</Tag>}
      {f.why && <Box sx={{ mt: 0.5, fontSize: '0.78125rem', color: 'text.secondary' }}><Said>{f.why}</Said></Box>}
      {f.action === 'conflict' && (
        <Button size="small" component={Link} to={`/instances/${encodeURIComponent(instance)}/conflicts`} sx={{ mt: 0.5 }}>
          Settle it
        </Button>
      )}
    </Box>
  );
}
