import DownloadRounded from '@mui/icons-material/DownloadRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useId, useState } from 'react';
import { call } from '../../api/client';
import type { Input, Output } from '../../api/types';
import { Copy } from '../../ui/Copy';
import { useToasts } from '../../ui/Toasts';
import { Notice } from '../../ui/tone';
import { count } from '../../ui/words';

type Exported = Omit<Output<'audit.export'>, 'content'>;

// save gives a text to the browser as a file.
function save(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const a = document.createElement('a');
  a.href = url;
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// useExport gives the log, as it is filtered, as a file.
export function useExport(instance: string, filter: Omit<Input<'audit.export'>, 'format'>) {
  const [done, setDone] = useState<Exported>();
  const [busy, setBusy] = useState(false);
  const { fail } = useToasts();
  const run = async (format: 'jsonl' | 'csv') => {
    setBusy(true);
    try {
      const { content, ...rest } = await call('audit.export', instance, { ...filter, format });
      save(rest.name, rest.type, content);
      setDone(rest);
    } catch (err) {
      fail(err);
    } finally {
      setBusy(false);
    }
  };
  return { done, busy, run };
}

export function ExportButton({ exporting }: { exporting: ReturnType<typeof useExport> }) {
  const [at, setAt] = useState<HTMLElement | null>(null);
  const id = useId();
  const choose = (format: 'jsonl' | 'csv') => {
    setAt(null);
    void exporting.run(format);
  };
  return (
    <>
      <Button startIcon={<DownloadRounded />} loading={exporting.busy} aria-haspopup="menu" aria-controls={at ? id : undefined} aria-expanded={at !== null} onClick={(e) => setAt(e.currentTarget)}>
        Export
      </Button>
      <Menu id={id} anchorEl={at} open={at !== null} onClose={() => setAt(null)}>
        <MenuItem onClick={() => choose('jsonl')}>JSON lines, with the hash chain</MenuItem>
        <MenuItem onClick={() => choose('csv')}>CSV, for a table</MenuItem>
      </Menu>
    </>
  );
}

// Exported says what the file holds, and the hash to keep apart from it.
export function ExportedNotice({ exporting: { done } }: { exporting: ReturnType<typeof useExport> }) {
  if (!done) return null;
  return (
    <Notice tone="info" role="status" title={`${done.name} holds ${count(done.entries, 'entry', 'entries')}`}>
      {done.whole ? 'It is the whole log of this instance. ' : 'It holds what the filter lets through. '}
      {done.head && (
        <>
          Keep the hash of its newest entry apart from the file: a later change of the log can be shown by it.
          <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}>
            <Box component="code" sx={{ overflowWrap: 'anywhere' }}>
              {done.head}
            </Box>
            <Copy text={done.head} label="Copy the hash" />
          </Box>
        </>
      )}
    </Notice>
  );
}
