import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { Link as RouteLink } from 'react-router';
import { sentence } from '../../api/problem';
import { Panel } from '../../ui/Page';
import { Notice, Tag } from '../../ui/tone';
import { count } from '../../ui/words';
import { addressOf } from '../assets/words';
import { Difference } from './Difference';
import { type Change, type Group, actions, fieldTitle, sides } from './plan';

const shownAtFirst = 20;
const tones = { create: 'good', update: 'info', clear: 'warn', details: 'quiet' } as const;

// CustomerChanges is what a plan does to one customer and its organization.
export function CustomerChanges({ instance, group }: { instance: string; group: Group }) {
  const [all, setAll] = useState(false);
  const shown = all ? group.changes : group.changes.slice(0, shownAtFirst);
  return (
    <Box component="section" aria-label={group.organization} sx={{ mb: 2 }}>
      <Panel>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, rowGap: 0.5, alignItems: 'center', px: 2, py: 1.25, bgcolor: 'background.sunken' }}>
          <Typography variant="h3" component="h2" sx={{ overflowWrap: 'anywhere' }}>
            {group.organization}
          </Typography>
          {group.customer !== group.organization && <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>{group.customer}</Box>}
          <Box sx={{ ml: { sm: 'auto' }, display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
            {group.changes.length > 0 && <Tag tone="info">{count(group.changes.length, 'write')}</Tag>}
            {group.conflicts > 0 && <Tag tone="warn">{count(group.conflicts, 'conflict')}</Tag>}
            {group.held.length > 0 && <Tag tone="warn">{group.held.length.toLocaleString('en')} held</Tag>}
          </Box>
        </Box>
        {group.guard.length > 0 && (
          <Box sx={{ p: 2 }}>
            <Notice tone="bad" title="Stopped by the mass-change guard">
              {group.guard.map((g) => (
                <div key={g}>{sentence(g)}</div>
              ))}
            </Notice>
          </Box>
        )}
        <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {shown.map((c) => (
            <One key={c.id} change={c} instance={instance} />
          ))}
        </Box>
        {group.changes.length > shown.length && (
          <Box sx={{ p: 1.25, textAlign: 'center', borderTop: '1px solid', borderColor: 'divider' }}>
            <Button size="small" onClick={() => setAll(true)}>
              Show all {group.changes.length.toLocaleString('en')}
            </Button>
          </Box>
        )}
        {group.held.length > 0 && (
          <Box component="details" sx={{ px: 2, py: 1.25, borderTop: '1px solid', borderColor: 'divider', '& summary': { cursor: 'pointer', color: 'text.secondary', minHeight: 24 } }}>
            <summary>{count(group.held.length, 'record is', 'records are')} held and not written</summary>
            <Box component="ul" sx={{ m: 0, mt: 1, pl: 2.25, display: 'grid', gap: 0.5, overflowWrap: 'anywhere' }}>
              {group.held.map((h, i) => (
                <li key={i}>
                  <b>{h.name}</b>: {sentence(h.text)}
                </li>
              ))}
            </Box>
          </Box>
        )}
      </Panel>
    </Box>
  );
}

function One({ change: c, instance }: { change: Change; instance: string }) {
  const named = c.name || c.record;
  return (
    <Box component="li" sx={{ display: 'grid', gridTemplateColumns: { md: '300px 1fr' }, columnGap: 3, rowGap: 1, px: 2, py: 1.5, borderTop: '1px solid', borderColor: 'divider' }}>
      <Box sx={{ minWidth: 0 }}>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
          <Tag tone={tones[c.action]}>
            {actions[c.action]} in {sides[c.side]}
          </Tag>
        </Box>
        <Box sx={{ mt: 0.5, fontWeight: 560, overflowWrap: 'anywhere' }}>
          {c.kind === 'asset' && c.record ? (
            <Link component={RouteLink} to={addressOf(instance, { id: c.record, side: c.side })} color="inherit">
              {named}
            </Link>
          ) : (
            named
          )}
        </Box>
      </Box>
      <Box component="dl" sx={{ m: 0, minWidth: 0, display: 'grid', gridTemplateColumns: { sm: '150px 1fr' }, columnGap: 2, rowGap: 0.75 }}>
        {c.fields.map((f) => (
          <Box key={f.name} sx={{ display: 'contents' }}>
            <Box component="dt" sx={{ color: 'text.secondary' }}>
              {fieldTitle(f.name)}
            </Box>
            <Box component="dd" sx={{ m: 0, minWidth: 0 }}>
              <Difference old={f.old} now={f.new} />
              {f.why && <Box sx={{ fontSize: '0.78125rem', color: 'text.secondary', overflowWrap: 'anywhere' }}>{f.why}</Box>}
            </Box>
          </Box>
        ))}
      </Box>
    </Box>
  );
}
