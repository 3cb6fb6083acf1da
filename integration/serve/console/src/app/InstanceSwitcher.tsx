import AddRounded from '@mui/icons-material/AddRounded';
import UnfoldMoreRounded from '@mui/icons-material/UnfoldMoreRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useInstances } from './instance';

// InstanceSwitcher changes which instance the pages are about, and stays on the
// same page of the other one.
export function InstanceSwitcher({ current }: { current: string }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const all = useInstances().data?.items ?? [];
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const go = (to: string) => {
    setAnchor(null);
    void navigate(to);
  };
  const samePage = (name: string) => {
    const page = /^\/instances\/[^/]+\/(links|assets|conflicts|passwords|customers|runs)/.exec(pathname)?.[1];
    return `/instances/${encodeURIComponent(name)}${page ? '/' + page : ''}`;
  };
  return (
    <>
      <Button
        fullWidth
        onClick={(e) => setAnchor(e.currentTarget)}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        aria-label={current ? `Instance: ${current}. Change it` : 'No instance yet. Choose one'}
        sx={{ justifyContent: 'space-between', px: 1.25 }}
      >
        <Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>
          {current || 'No instance yet'}
        </Box>
        <UnfoldMoreRounded sx={{ fontSize: 18, color: 'text.secondary' }} />
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)} slotProps={{ list: { 'aria-label': 'Instances' }, paper: { sx: { minWidth: 212, maxHeight: 420 } } }}>
        {all.map((i) => (
          <MenuItem key={i.id} selected={i.name === current} onClick={() => go(samePage(i.name))}>
            {i.name}
          </MenuItem>
        ))}
        {all.length > 0 && <Divider />}
        <MenuItem onClick={() => go('/marketplace')}>
          <AddRounded sx={{ fontSize: 18, mr: 1, color: 'text.secondary' }} /> New instance
        </MenuItem>
      </Menu>
    </>
  );
}
