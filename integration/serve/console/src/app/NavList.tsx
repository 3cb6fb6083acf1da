import AppsRounded from '@mui/icons-material/AppsRounded';
import CallSplitRounded from '@mui/icons-material/CallSplitRounded';
import DevicesRounded from '@mui/icons-material/DevicesRounded';
import DnsRounded from '@mui/icons-material/DnsRounded';
import FactCheckRounded from '@mui/icons-material/FactCheckRounded';
import GroupsRounded from '@mui/icons-material/GroupsRounded';
import HistoryRounded from '@mui/icons-material/HistoryRounded';
import KeyRounded from '@mui/icons-material/KeyRounded';
import LinkRounded from '@mui/icons-material/LinkRounded';
import ManageAccountsRounded from '@mui/icons-material/ManageAccountsRounded';
import SettingsRounded from '@mui/icons-material/SettingsRounded';
import SpaceDashboardRounded from '@mui/icons-material/SpaceDashboardRounded';
import Box from '@mui/material/Box';
import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { type Place, places } from './nav';

const icons: Record<string, ReactNode> = {
  overview: <SpaceDashboardRounded />,
  links: <LinkRounded />,
  assets: <DevicesRounded />,
  conflicts: <CallSplitRounded />,
  passwords: <KeyRounded />,
  customers: <GroupsRounded />,
  runs: <HistoryRounded />,
  marketplace: <AppsRounded />,
  instances: <DnsRounded />,
  settings: <SettingsRounded />,
  access: <ManageAccountsRounded />,
  audit: <FactCheckRounded />,
};

interface Props {
  instance: string;
  counts: Partial<Record<string, number>>;
  onGo?: () => void;
}

// NavList is the navigation: what belongs to the instance, then the host's.
export function NavList({ instance, counts, onGo }: Props) {
  const ofInstance = places.filter((p) => p.ofInstance && instance);
  const ofHost = places.filter((p) => !p.ofInstance);
  return (
    <Box component="nav" aria-label="Pages" sx={{ px: 1.5, display: 'grid', gap: 2 }}>
      {ofInstance.length > 0 && <Group label={instance} places={ofInstance} {...{ instance, counts, onGo }} />}
      <Group label="This runner" places={ofHost} {...{ instance, counts, onGo }} />
    </Box>
  );
}

function Group({ label, places: all, instance, counts, onGo }: Props & { label: string; places: Place[] }) {
  return (
    <Box component="ul" aria-label={label} sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: '2px' }}>
      {all.map((p) => (
        <li key={p.name}>
          <Item place={p} instance={instance} waiting={counts[p.name]} onGo={onGo} />
        </li>
      ))}
    </Box>
  );
}

function Item({ place, instance, waiting, onGo }: { place: Place; instance: string; waiting: number | undefined; onGo: (() => void) | undefined }) {
  return (
    <Box
      component={NavLink}
      to={place.to(instance)}
      end={place.name === 'overview' || place.name === 'instances'}
      onClick={onGo}
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1.25,
        px: 1.25,
        py: 0.8,
        borderRadius: '8px',
        color: 'text.secondary',
        textDecoration: 'none',
        fontWeight: 520,
        '& svg': { fontSize: 19, opacity: 0.85 },
        '&:hover': { bgcolor: 'action.hover', color: 'text.primary' },
        '&.active': { bgcolor: 'action.selected', color: 'text.primary', fontWeight: 600, '& svg': { color: 'primary.main', opacity: 1 } },
      }}
    >
      {icons[place.name]}
      <Box component="span" sx={{ flex: 1 }}>
        {place.title}
      </Box>
      {waiting !== undefined && waiting > 0 && (
        <Box component="span" sx={{ px: 0.75, minWidth: 22, textAlign: 'center', borderRadius: '6px', bgcolor: 'tone.warn.surface', color: 'tone.warn.words', fontSize: '0.75rem', fontWeight: 600, fontVariantNumeric: 'tabular-nums' }}>
          {waiting.toLocaleString('en')}
          <span className="visually-hidden"> waiting</span>
        </Box>
      )}
    </Box>
  );
}
