import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import type { ReactNode } from 'react';
import { Link as RouteLink } from 'react-router';
import { When } from '../../ui/When';
import type { CustomerShown } from './words';

interface Fact {
  name: string;
  value: ReactNode;
  words: string;
  to?: string | undefined;
}

// Facts are the figures of a customer; with base each leads to its list.
export function Facts({ customer: c, base }: { customer: CustomerShown; base?: string }) {
  const organization = c.organization ? `organization=${encodeURIComponent(c.organization.id)}` : undefined;
  const way = (page: string) => (base && organization ? `${base}/${page}?${organization}` : undefined);
  const n = (value: number) => value.toLocaleString('en');
  const facts: Fact[] = [
    { name: 'Last sync', value: c.lastSync ? <When at={c.lastSync} /> : 'Not yet', words: c.link === 'accepted' ? (c.lastSync ? 'when a cycle last went through it' : 'the next cycle does') : 'it is not linked' },
    { name: 'Assets in step', value: n(c.assets.linked), words: `${n(c.assets.itglue)} in IT Glue, ${n(c.assets.revio)} in Rev.io`, to: way('assets') },
    { name: 'Held', value: n(c.assets.held), words: c.assets.held > 0 ? 'wait for a person or the other system' : 'nothing waits', to: c.assets.held > 0 ? way('assets') : undefined },
    { name: 'Conflicts', value: n(c.conflicts), words: c.conflicts > 0 ? 'both sides changed a field' : 'none is open', to: c.conflicts > 0 && base ? `${base}/conflicts` : undefined },
    { name: 'Passwords', value: n(c.passwords), words: 'on its list, without values', to: way('passwords') },
  ];
  return (
    <Box component="dl" sx={{ m: 0, mb: 3, display: 'grid', gap: 1.5, gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 140px), 1fr))' }}>
      {facts.map((f) => (
        <Box key={f.name} sx={{ display: 'flex', flexDirection: 'column', p: 2, border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper' }}>
          <Box component="dt" sx={{ fontSize: '0.8125rem', fontWeight: 540, color: 'text.secondary' }}>
            {f.name}
          </Box>
          <Box component="dd" sx={{ m: 0 }}>
            <Box sx={{ fontSize: '1.125rem', fontWeight: 620, fontVariantNumeric: 'tabular-nums', mt: 0.25 }}>
              {f.to ? (
                <Link component={RouteLink} to={f.to} color="inherit">
                  {f.value}
                  <span className="visually-hidden">, show them</span>
                </Link>
              ) : (
                f.value
              )}
            </Box>
            <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>{f.words}</Box>
          </Box>
        </Box>
      ))}
    </Box>
  );
}
