import CheckRounded from '@mui/icons-material/CheckRounded';
import CloseRounded from '@mui/icons-material/CloseRounded';
import SwapHorizRounded from '@mui/icons-material/SwapHorizRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Skeleton from '@mui/material/Skeleton';
import Typography from '@mui/material/Typography';
import { keepPreviousData } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useRead } from '../../api/query';
import type { Output } from '../../api/types';
import { ErrorState } from '../../ui/ErrorState';
import { Said } from '../../ui/Said';
import { When } from '../../ui/When';
import { Notice, Tag } from '../../ui/tone';
import { count, initialCap, percent } from '../../ui/words';
import { Waterfall } from './Waterfall';
import { type Link, bandOf, decidable, stateTones, stateWords } from './words';

type Shown = Output<'links.show'>;

interface Props {
  instance: string;
  link: Link;
  mayDecide: boolean;
  onAccept: (withParents: boolean) => void;
  onReject: () => void;
  onReassign: (customer?: { id: string; name: string }) => void;
  onUndo: () => void;
  onClose: () => void;
}

// LinkPanel shows one link: both sides side by side, why it is suggested, who
// else it may be, what was decided, and what accepting it does.
export function LinkPanel({ instance, link, mayDecide, onAccept, onReject, onReassign, onUndo, onClose }: Props) {
  const [live, setLive] = useState(false);
  const shown = useRead('links.show', instance, { id: link.id, ...(live ? { live: true } : {}) }, { staleTime: 15_000, placeholderData: keepPreviousData });
  const data = shown.data?.link.id === link.id ? shown.data : undefined;
  const band = bandOf(link);
  return (
    <Box data-review sx={{ display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0 }}>
      <Box sx={{ p: 2, borderBottom: '1px solid', borderColor: 'divider' }}>
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <Typography variant="h2" sx={{ overflowWrap: 'anywhere' }}>
              {link.organization.name}
            </Typography>
            <Typography color="text.secondary" sx={{ overflowWrap: 'anywhere' }}>
              {link.customer ? `→ ${link.customer.name}` : 'No customer is suggested'}
            </Typography>
          </Box>
          <IconButton size="small" aria-label="Close the details" onClick={onClose}>
            <CloseRounded fontSize="small" />
          </IconButton>
        </Box>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, mt: 1 }}>
          <Tag tone={stateTones[link.state]}>{stateWords[link.state]}</Tag>
          <Tag tone={band.tone}>
            {band.words}
            {link.customer && band.words !== 'Chosen' ? `, ${percent(link.score)}` : ''}
          </Tag>
        </Box>
        {mayDecide && (
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1.5 }}>
            {decidable(link) && (
              <Button variant="contained" color="primary" startIcon={<CheckRounded />} onClick={() => onAccept(false)} aria-keyshortcuts="a">
                Accept
              </Button>
            )}
            {decidable(link) && link.waitsFor && (
              <Button onClick={() => onAccept(true)} title={`Also accepts ${link.waitsFor.name}`}>
                Accept with parents
              </Button>
            )}
            {link.state !== 'rejected' && (
              <Button startIcon={<CloseRounded />} onClick={onReject} aria-keyshortcuts="r">
                Reject
              </Button>
            )}
            <Button startIcon={<SwapHorizRounded />} onClick={() => onReassign()} aria-keyshortcuts="m">
              {link.customer ? 'Another customer' : 'Choose a customer'}
            </Button>
            {link.canUndo && (
              <Button variant="text" onClick={onUndo} aria-keyshortcuts="u">
                Undo
              </Button>
            )}
          </Box>
        )}
      </Box>
      <Box tabIndex={0} role="region" aria-label="Details of the link" sx={{ overflowY: 'auto', flex: 1, p: 2, display: 'grid', gap: 2.5, alignContent: 'start', '&:focus-visible': { outlineOffset: -2 } }}>
        {link.attention && (
          <Notice tone="warn" title="Paused by itself">
            <Said>{link.attention}</Said>
          </Notice>
        )}
        {link.waitsFor && link.state !== 'rejected' && <Notice tone="info">Its parent {link.waitsFor.name} is pending. You can accept this one all the same.</Notice>}
        {data && link.state === 'pending' && link.customer && (
          <Part title="When you accept">
            {data.accept}
          </Part>
        )}
        {link.reasons.length > 0 && (
          <Part title={link.reasons.every((r) => r.weight === 0) ? 'Why it is linked' : 'Why it is suggested'}>
            <Waterfall reasons={link.reasons} score={link.score} />
          </Part>
        )}
        {shown.error ? (
          <ErrorState error={shown.error} retry={() => void shown.refetch()} way={{ label: 'Go to the overview', to: `/instances/${encodeURIComponent(instance)}` }} />
        ) : !data ? (
          <Skeleton variant="rounded" height={140} />
        ) : (
          <Details data={data} live={live} waiting={shown.isFetching} compareAll={() => setLive(true)} />
        )}
        {link.others.length > 0 && (
          <Part title="Who else it may be">
            <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.75 }}>
              {link.others.slice(0, 5).map((o, i) => (
                <Box component="li" key={o.customer.id} sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
                  <Box component="kbd" aria-hidden sx={{ fontFamily: 'inherit', fontSize: '0.75rem', border: '1px solid', borderColor: 'divider', borderRadius: '5px', px: 0.7, color: 'text.secondary' }}>
                    {i + 1}
                  </Box>
                  <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>{o.customer.name}</Box>
                  <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem', fontVariantNumeric: 'tabular-nums' }}>{percent(o.score)}</Box>
                  {mayDecide && (
                    <Button size="small" onClick={() => onReassign(o.customer)} aria-label={`Choose ${o.customer.name}`}>
                      Choose
                    </Button>
                  )}
                </Box>
              ))}
            </Box>
          </Part>
        )}
        {data && data.history.length > 0 && (
          <Part title="What was decided">
            <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.5 }}>
              {data.history.map((h) => (
                <li key={h.seq}>
                  {initialCap(h.action.replace(/^links\./, ''))}
                  {h.detail?.['customerName'] ? ` with ${h.detail['customerName']}` : ''}{' '}
                  <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
                    by {h.actor.replace(/^\w+:/, '')}, <When at={h.at} />
                  </Box>
                </li>
              ))}
            </Box>
          </Part>
        )}
      </Box>
    </Box>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Typography variant="h4" component="h3" sx={{ mb: 0.75 }}>
        {title}
      </Typography>
      {children}
    </section>
  );
}

function Details({ data, live, waiting, compareAll }: { data: Shown; live: boolean; waiting: boolean; compareAll: () => void }) {
  return (
    <>
      <Part title="Side by side">
        <Box component="table" sx={{ width: '100%', borderCollapse: 'collapse', tableLayout: 'fixed', fontSize: '0.8125rem', '& th, & td': { textAlign: 'left', py: 0.6, pr: 1, borderTop: '1px solid', borderColor: 'divider', verticalAlign: 'top', overflowWrap: 'anywhere', fontWeight: 'inherit' }, '& thead th': { borderTop: 0, color: 'text.secondary' }, '& th:first-of-type': { width: '24%', color: 'text.secondary' } }}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Detail</span>
              </th>
              <th scope="col">IT Glue</th>
              <th scope="col">Rev.io</th>
            </tr>
          </thead>
          <tbody>
            {data.fields.map((f) => (
              <tr key={f.title}>
                <th scope="row">{f.title}</th>
                <td>{f.itglue || <Nothing />}</td>
                <td>
                  {f.revio || <Nothing />}
                  {f.itglue && f.revio && (
                    <Box component="span" sx={{ ml: 0.75, color: f.same ? 'success.main' : 'warning.main', fontSize: '0.75rem', whiteSpace: 'nowrap' }}>
                      {f.same ? '= same' : '≠ differs'}
                    </Box>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </Box>
        {!live && (
          <Button size="small" variant="text" color="primary" onClick={compareAll} loading={waiting && live} sx={{ mt: 0.5, ml: -1.25 }}>
            Compare all details, read now
          </Button>
        )}
        {data.notes.map((n) => (
          <Typography key={n} variant="body2" color="text.secondary">
            {n}
          </Typography>
        ))}
      </Part>
      <Part title="Assets">
        {count(data.assets.itglue, 'asset')} in IT Glue, {data.assets.revio.toLocaleString('en')} in Rev.io
        {data.assets.linked > 0 && `, ${data.assets.linked.toLocaleString('en')} linked`}
        {data.assets.held > 0 && `, ${data.assets.held.toLocaleString('en')} held`}.
      </Part>
      {(data.parent || data.children.length > 0) && (
        <Part title="Hierarchy">
          {data.parent && <div>Below {data.parent.name}</div>}
          {data.children.length > 0 && <div>Above {data.children.map((c) => c.organization.name).join(', ')}</div>}
        </Part>
      )}
    </>
  );
}

const Nothing = () => <Box component="span" sx={{ color: 'text.secondary' }}>–</Box>;
