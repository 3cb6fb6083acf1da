import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import Link from '@mui/material/Link';
import { useState } from 'react';
import { Link as RouteLink, useSearchParams } from 'react-router';
import { sentence } from '../../api/problem';
import { useRead } from '../../api/query';
import { useInstance } from '../../app/instance';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Page, Panel, Section } from '../../ui/Page';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import { took } from '../../ui/words';
import { type RunRow, countWords, flowWords, inOrder, states } from './words';

const signed = (n: number) => (n > 0 ? '+' : n < 0 ? '−' : '') + Math.abs(n).toLocaleString('en');

// ComparePage sets what two runs counted and said beside each other.
export function ComparePage() {
  const instance = useInstance();
  const base = `/instances/${encodeURIComponent(instance)}`;
  const [params] = useSearchParams();
  const a = params.get('a') ?? '';
  const b = params.get('b') ?? '';
  const both = useRead('runs.compare', instance, { a, b }, { enabled: a !== '' && b !== '' });
  const [all, setAll] = useState(false);
  const rows = inOrder(both.data?.counts ?? []).filter((c) => all || c.change !== 0);
  const chosen = a !== '' && b !== '';
  return (
    <Page title="Two runs compared" crumbs={[{ label: 'Runs', to: `${base}/runs` }]} lead="What changed between an earlier run and a later one.">
      {both.data && (
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { sm: '1fr 1fr' }, mb: 3 }}>
          <Side title="Earlier" run={both.data.a} base={base} />
          <Side title="Later" run={both.data.b} base={base} />
        </Box>
      )}
      <Section title="Counts" flush aside={both.data && <FormControlLabel control={<Checkbox checked={all} onChange={(e) => setAll(e.target.checked)} />} label="Also what is the same" />}>
        <Panel>
          <DataTable
            label="Counts of both runs"
            rows={rows}
            keyOf={(c) => c.name}
            loading={both.isPending && chosen}
            error={both.error}
            retry={() => void both.refetch()}
            empty={chosen ? <EmptyState title="Both counted the same" /> : <EmptyState title="Choose two runs" action={<Link component={RouteLink} to={`${base}/runs`}>Go to the runs</Link>}>Mark two runs of the list to compare them.</EmptyState>}
            columns={[
              { name: 'name', title: 'Count', cell: (c) => countWords(c.name) },
              { name: 'a', title: 'Earlier', align: 'right', cell: (c) => c.a.toLocaleString('en') },
              { name: 'b', title: 'Later', align: 'right', cell: (c) => c.b.toLocaleString('en') },
              { name: 'change', title: 'Change', align: 'right', cell: (c) => <Box component="span" sx={{ fontWeight: c.change === 0 ? 450 : 600, fontVariantNumeric: 'tabular-nums' }}>{signed(c.change)}</Box> },
            ]}
          />
        </Panel>
      </Section>
      <Said title="Only the earlier one said" lines={both.data?.onlyInA} />
      <Said title="Only the later one said" lines={both.data?.onlyInB} />
    </Page>
  );
}

function Side({ title, run, base }: { title: string; run: RunRow; base: string }) {
  return (
    <Panel padded>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <Box sx={{ color: 'text.secondary', width: 56 }}>{title}</Box>
        <Link component={RouteLink} to={`${base}/runs/${encodeURIComponent(run.id)}`} sx={{ fontWeight: 560 }}>
          {flowWords(run.flow)}
        </Link>
        <Tag tone={states[run.state].tone}>{states[run.state].words}</Tag>
        <Box sx={{ color: 'text.secondary', width: '100%' }}>
          <When at={run.at} />
          {run.seconds !== undefined && `, took ${took(run.seconds * 1000)}`}
        </Box>
      </Box>
    </Panel>
  );
}

function Said({ title, lines }: { title: string; lines: readonly string[] | undefined }) {
  if (!lines || lines.length === 0) return null;
  return (
    <Section title={title}>
      <Box component="ul" sx={{ m: 0, pl: 2.25 }}>
        {lines.map((l) => (
          <li key={l}>{sentence(l)}</li>
        ))}
      </Box>
    </Section>
  );
}
