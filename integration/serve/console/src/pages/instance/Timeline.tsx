import CheckRounded from '@mui/icons-material/CheckRounded';
import NotificationsRounded from '@mui/icons-material/NotificationsRounded';
import SyncRounded from '@mui/icons-material/SyncRounded';
import TuneRounded from '@mui/icons-material/TuneRounded';
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import type { ReactNode } from 'react';
import { Link as RouteLink } from 'react-router';
import type { Output } from '../../api/types';
import type { Tone } from '../../app/theme';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import { initialCap } from '../../ui/words';

type Event = Output<'instance.overview'>['timeline'][number];

const icons: Record<Event['kind'], ReactNode> = { run: <SyncRounded />, configuration: <TuneRounded />, decision: <CheckRounded />, alert: <NotificationsRounded /> };
const tones: Record<string, Tone> = { succeeded: 'good', failed: 'bad', stopped: 'warn', running: 'info', queued: 'info', waiting: 'info' };

// actorWords names who acted: "user:ana" is Ana's account, "os:root" somebody on
// the command line.
export function actorWords(actor: string): string {
  const [kind, name] = actor.includes(':') ? [actor.slice(0, actor.indexOf(':')), actor.slice(actor.indexOf(':') + 1)] : ['', actor];
  if (kind === 'os') return `${name} on the command line`;
  if (kind === 'token') return `the token ${name}`;
  return name;
}

// What the actions of the audit log are called here.
const done: Record<string, string> = {
  'links.accept': 'Accepted a link',
  'links.reject': 'Rejected a link',
  'links.reassign': 'Linked with another customer',
  'links.undo': 'Took a decision back',
  'conflicts.resolve': 'Settled a conflict',
  'assets.link': 'Linked an asset',
  'assets.create': 'Let an asset be made',
  'assets.ignore': 'Ignored an asset',
  'assets.restore': 'Restored a value',
  'plan.create': 'Made a plan',
  'plan.apply': 'Applied a plan',
  'instance.apply': 'Changed the configuration',
  'instance.save': 'Entered credentials',
  'instance.finish': 'Put the setup into force',
  'instance.pause': 'Paused the instance',
  'instance.resume': 'Let the instance go on',
};

// wordsOf gives an event's title to people: "links.accept: organization 7" is
// "Accepted a link: organization 7".
export function wordsOf(title: string): string {
  const [, action, rest] = /^([a-z]+(?:\.[a-z-]+)+)(?::\s*(.*))?$/.exec(title) ?? [];
  if (!action) return title;
  return (done[action] ?? initialCap(action)) + (rest ? `: ${rest}` : '');
}

// Timeline is runs, configuration, decisions and alerts, newest first.
export function Timeline({ events, base }: { events: readonly Event[]; base: string }) {
  return (
    <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {events.map((e, i) => (
        <Box component="li" key={`${e.kind}-${e.id ?? ''}-${i}`} sx={{ display: 'flex', gap: 1.5, px: { xs: 2, sm: 2.5 }, py: 1.25, borderTop: i === 0 ? 0 : '1px solid', borderColor: 'divider', '& > svg': { fontSize: 18, mt: '2px', color: 'text.secondary', flex: 'none' } }}>
          {icons[e.kind]}
          <Box sx={{ flex: 1, minWidth: 0, display: 'flex', flexWrap: 'wrap', columnGap: 1.5, rowGap: 0.25, alignItems: 'baseline' }}>
            <Box sx={{ overflowWrap: 'anywhere' }}>
              {e.kind === 'run' && e.id ? (
                <Link component={RouteLink} to={`${base}/runs/${encodeURIComponent(e.id)}`} color="inherit" underline="always" sx={{ textDecorationColor: 'var(--mui-palette-divider)' }}>
                  {e.title}
                </Link>
              ) : (
                wordsOf(e.title)
              )}
            </Box>
            {e.state && e.state !== 'succeeded' && <Tag tone={tones[e.state] ?? 'quiet'}>{initialCap(e.state)}</Tag>}
            <Box sx={{ ml: { sm: 'auto' }, color: 'text.secondary', fontSize: '0.8125rem', whiteSpace: 'nowrap' }}>
              {e.actor && `${actorWords(e.actor)}, `}
              <When at={e.at} />
            </Box>
          </Box>
        </Box>
      ))}
    </Box>
  );
}
