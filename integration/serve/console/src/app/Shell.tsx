import MenuRounded from '@mui/icons-material/MenuRounded';
import SearchRounded from '@mui/icons-material/SearchRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Drawer from '@mui/material/Drawer';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import type { Session } from '../api/session';
import { AccountMenu } from './AccountMenu';
import { HealthDot } from './HealthDot';
import { InstanceSwitcher } from './InstanceSwitcher';
import { Mark } from './Mark';
import { NavList } from './NavList';
import { Palette } from './Palette';
import { Shortcuts } from './Shortcuts';
import { remember } from './instance';
import { useAddressed } from './addressed';
import { useHealth } from './health';
import { useKeys } from './keys';

const width = 236;

// Shell is what stands around every page: the navigation, which instance it is
// about and how it is, the palette and the keys.
export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const instance = useAddressed();
  const health = useHealth(instance);
  const [menu, setMenu] = useState(false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const { pathname } = useLocation();
  useKeys({ instance, openPalette: () => setPalette(true), openHelp: () => setHelp(true) });
  useEffect(() => setMenu(false), [pathname]);
  useEffect(() => {
    if (health.known) remember(instance);
  }, [instance, health.known]);

  const side = (
    <Box sx={{ display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0 }}>
      <Box sx={{ px: 1.5, pt: 1.75, pb: 1.5, display: 'grid', gap: 1.25 }}>
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, px: 1 }}>
          <Mark size={26} />
          <Typography component="span" sx={{ fontWeight: 620, letterSpacing: '-0.01em' }}>
            IT Glue Integration
          </Typography>
        </Box>
        <InstanceSwitcher current={instance} />
        {instance && <HealthDot health={health} />}
      </Box>
      <Box sx={{ flex: 1, overflowY: 'auto', pb: 2 }}>
        <NavList instance={instance} counts={health.waiting} onGo={() => setMenu(false)} />
      </Box>
      <Box sx={{ borderTop: '1px solid', borderColor: 'divider', p: 1 }}>
        <AccountMenu session={session} onHelp={() => setHelp(true)} />
      </Box>
    </Box>
  );

  return (
    <Box sx={{ display: 'flex', minHeight: '100dvh' }}>
      <Box
        component="a"
        href="#content"
        sx={{ position: 'fixed', left: 12, top: -60, zIndex: 2000, px: 2, py: 1, borderRadius: '8px', bgcolor: 'primary.main', color: 'primary.contrastText', fontWeight: 600, '&:focus': { top: 12 } }}
      >
        Skip to the content
      </Box>
      <Box component="aside" aria-label="Navigation" sx={{ display: { xs: 'none', md: 'block' }, width, flex: 'none', position: 'sticky', top: 0, height: '100dvh', borderRight: '1px solid', borderColor: 'divider', bgcolor: 'background.paper' }}>
        {side}
      </Box>
      <Drawer open={menu} onClose={() => setMenu(false)} sx={{ display: { md: 'none' } }} slotProps={{ paper: { 'aria-label': 'Navigation', sx: { width: 276 } } }}>
        {side}
      </Drawer>
      <Box sx={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
        <Box
          component="header"
          sx={{ display: 'flex', alignItems: 'center', gap: 1, position: 'sticky', top: 0, zIndex: 20, height: 52, px: { xs: 1, sm: 2 }, bgcolor: 'background.default', borderBottom: '1px solid', borderColor: 'divider' }}
        >
          <IconButton aria-label="Open the navigation" onClick={() => setMenu(true)} sx={{ display: { md: 'none' } }}>
            <MenuRounded />
          </IconButton>
          {session.demo && (
            <Box component="span" sx={{ fontSize: '0.8125rem', color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
              Demo: both systems are simulated on this computer
            </Box>
          )}
          <Box sx={{ flex: 1 }} />
          <Button
            onClick={() => setPalette(true)}
            startIcon={<SearchRounded />}
            aria-label="Search and go to a page"
            aria-keyshortcuts="Control+K Meta+K"
            sx={{ color: 'text.secondary', fontWeight: 450, minWidth: { xs: 0, sm: 220 }, justifyContent: 'flex-start' }}
          >
            <Box component="span" sx={{ flex: 1, textAlign: 'left', display: { xs: 'none', sm: 'block' } }}>
              Search or go to…
            </Box>
            <Box component="kbd" sx={{ display: { xs: 'none', sm: 'block' }, fontFamily: 'inherit', fontSize: '0.75rem', border: '1px solid', borderColor: 'divider', borderRadius: '5px', px: 0.6 }}>
              {/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}
            </Box>
          </Button>
        </Box>
        <Box component="main" id="content" tabIndex={-1} sx={{ flex: 1, minWidth: 0, outline: 'none' }}>
          {children}
        </Box>
      </Box>
      <Palette open={palette} onClose={() => setPalette(false)} instance={instance} />
      <Shortcuts open={help} onClose={() => setHelp(false)} />
    </Box>
  );
}

