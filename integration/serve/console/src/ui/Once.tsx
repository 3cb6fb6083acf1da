import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { type ReactNode, useId } from 'react';
import { Copy } from './Copy';

interface Props {
  title: string;
  // What is shown this once: a token's value, or a link that works once.
  value: string;
  label: string;
  children: ReactNode;
  onClose: () => void;
}

// Once shows what will never be shown again. It closes by its button only.
export function Once({ title, value, label, children, onClose }: Props) {
  const id = useId();
  return (
    <Dialog open aria-labelledby={id} maxWidth="sm" fullWidth>
      <DialogTitle id={id}>{title}</DialogTitle>
      <DialogContent>
        {children}
        <Box sx={{ mt: 2, display: 'flex', gap: 1, alignItems: 'center', border: '1px solid', borderColor: 'divider', borderRadius: '8px', bgcolor: 'background.sunken', px: 1.5, py: 1 }}>
          <Box component="code" sx={{ flex: 1, overflowWrap: 'anywhere' }}>
            {value}
          </Box>
          <Copy text={value} label={label} />
        </Box>
      </DialogContent>
      <DialogActions>
        <Button variant="contained" color="primary" onClick={onClose}>
          I have kept it
        </Button>
      </DialogActions>
    </Dialog>
  );
}
