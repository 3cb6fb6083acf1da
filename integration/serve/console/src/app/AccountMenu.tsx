import UnfoldMoreRounded from '@mui/icons-material/UnfoldMoreRounded';
import Avatar from '@mui/material/Avatar';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import ListSubheader from '@mui/material/ListSubheader';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useColorScheme } from '@mui/material/styles';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { type Session, useSigning } from '../api/session';
import { useToasts } from '../ui/Toasts';

const modes = { system: 'As this computer', light: 'Light', dark: 'Dark' } as const;

// AccountMenu is who is signed in, the look, the keys, and the way out.
export function AccountMenu({ session, onHelp }: { session: Session; onHelp: () => void }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const { mode, setMode } = useColorScheme();
  const { signOut } = useSigning();
  const { fail } = useToasts();
  const navigate = useNavigate();
  const name = session.user.display || session.user.name;
  const close = () => setAnchor(null);
  return (
    <>
      <Button
        fullWidth
        variant="text"
        onClick={(e) => setAnchor(e.currentTarget)}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        sx={{ justifyContent: 'flex-start', gap: 1.25, color: 'text.primary', px: 1.25 }}
      >
        <Avatar sx={{ width: 26, height: 26, fontSize: 12, fontWeight: 600, bgcolor: 'primary.main', color: 'primary.contrastText' }} aria-hidden>
          {name.slice(0, 1).toUpperCase()}
        </Avatar>
        <Box component="span" sx={{ flex: 1, textAlign: 'left', overflow: 'hidden', textOverflow: 'ellipsis' }}>
          {name}
        </Box>
        <UnfoldMoreRounded sx={{ fontSize: 18, color: 'text.secondary' }} />
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close} slotProps={{ list: { 'aria-label': 'Account' }, paper: { sx: { minWidth: 220 } } }}>
        <MenuItem
          onClick={() => {
            close();
            void navigate('/account');
          }}
        >
          My account
        </MenuItem>
        <MenuItem
          onClick={() => {
            close();
            onHelp();
          }}
        >
          Keys
        </MenuItem>
        <Divider />
        <ListSubheader role="presentation" sx={{ lineHeight: '28px', bgcolor: 'transparent' }}>
          Look
        </ListSubheader>
        {(Object.keys(modes) as (keyof typeof modes)[]).map((m) => (
          <MenuItem key={m} role="menuitemradio" aria-checked={mode === m} selected={mode === m} onClick={() => setMode(m)}>
            {modes[m]}
          </MenuItem>
        ))}
        <Divider />
        <MenuItem
          onClick={() => {
            close();
            signOut().catch(fail);
          }}
        >
          Sign out
        </MenuItem>
      </Menu>
    </>
  );
}
