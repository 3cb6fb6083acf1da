import DownloadRounded from '@mui/icons-material/DownloadRounded';
import UploadFileRounded from '@mui/icons-material/UploadFileRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useMemo, useRef, useState } from 'react';
import { sentence } from '../../api/problem';
import { useRead, useWrite } from '../../api/query';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorState, ProblemNotice } from '../../ui/ErrorState';
import { Section } from '../../ui/Page';
import { useToasts } from '../../ui/Toasts';
import { Notice } from '../../ui/tone';
import { count } from '../../ui/words';
import { LineDifference } from './LineDifference';
import { lineDifference, nameIn } from './lines';

// InstanceFile gives the instance as a file, and takes a changed one back after
// it has shown what changes.
export function InstanceFile({ instance }: { instance: string }) {
  const exported = useRead('instance.export', instance, {}, { staleTime: 0 });
  const rules = useRead('instance.rules', instance, {}, { staleTime: 0 });
  if (exported.error && !exported.data) return <ErrorState error={exported.error} retry={() => void exported.refetch()} />;
  if (!exported.data) return <Skeleton variant="rounded" height={320} />;
  const document = exported.data.document;
  const download = () => {
    const url = URL.createObjectURL(new Blob([document], { type: 'application/yaml' }));
    const a = window.document.createElement('a');
    a.href = url;
    a.download = `${instance}.yaml`;
    a.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <Section title="Export" aside={<Button size="small" startIcon={<DownloadRounded />} onClick={download}>Download</Button>}>
        <Box sx={{ mb: 1.5 }}>
          No secret is in it: <code>{'${sealed}'}</code> stands for those, and means “keep it” when the file is read again.
        </Box>
        <Box component="pre" tabIndex={0} role="region" aria-label="The instance file" sx={{ m: 0, p: 1.5, maxHeight: 360, overflow: 'auto', borderRadius: '8px', bgcolor: 'background.sunken', border: '1px solid', borderColor: 'divider', fontSize: '0.8125rem' }}>
          <code>{document}</code>
        </Box>
      </Section>
      <Import instance={instance} present={document} version={rules.data?.version ?? 0} />
    </>
  );
}

function Import({ instance, present, version }: { instance: string; present: string; version: number }) {
  const [text, setText] = useState('');
  const [checked, setChecked] = useState<{ text: string; notes: string[] }>();
  const [asking, setAsking] = useState(false);
  const check = useWrite('instance.apply', null);
  const apply = useWrite('instance.apply', null);
  const input = useRef<HTMLInputElement>(null);
  const { say } = useToasts();
  const lines = useMemo(() => lineDifference(present, text), [present, text]);
  const changed = lines.filter((l) => l.kind !== 'same').length;
  const name = nameIn(text);
  const other = text !== '' && name !== '' && name !== instance;
  const fresh = checked?.text === text;
  const change = (to: string) => {
    setText(to);
    check.reset();
  };
  return (
    <Section title="Import">
      <Stack spacing={2}>
        <Box>
          <input ref={input} type="file" hidden aria-hidden tabIndex={-1} accept=".yaml,.yml,.json" onChange={(e) => void e.target.files?.[0]?.text().then(change)} />
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
            <Button startIcon={<UploadFileRounded />} onClick={() => input.current?.click()}>
              Choose a file
            </Button>
            <Button variant="text" onClick={() => change(present)}>
              Begin with the present one
            </Button>
          </Box>
        </Box>
        <TextField label="The changed file" multiline minRows={4} maxRows={16} value={text} onChange={(e) => change(e.target.value)} slotProps={{ htmlInput: { spellCheck: false, style: { fontFamily: 'ui-monospace, monospace', fontSize: '0.8125rem' } } }} />
        {other && (
          <Notice tone="warn" title={`This file is of ${name}.`}>
            It would make or change that instance, not {instance}.
          </Notice>
        )}
        {text !== '' && !other && (changed === 0 ? <Notice tone="quiet">It is the same as the present one.</Notice> : <LineDifference lines={lines} />)}
        <ProblemNotice error={check.error} />
        {fresh && (
          <Notice tone="good" role="status" title="The file is good. Nothing was changed yet.">
            {checked.notes.map((n) => (
              <div key={n}>{sentence(n)}</div>
            ))}
          </Notice>
        )}
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          <Button disabled={text === '' || changed === 0 || other} loading={check.isPending} onClick={() => check.mutate({ document: text, dryRun: true, version }, { onSuccess: (done) => setChecked({ text, notes: done.notes }) })}>
            Check it
          </Button>
          <Button variant="contained" color="primary" disabled={!fresh || other || changed === 0} onClick={() => setAsking(true)}>
            Apply it
          </Button>
        </Box>
      </Stack>
      <ConfirmDialog
        open={asking}
        title={`Change ${instance} by this file?`}
        confirm={`Apply ${count(changed, 'changed line')}`}
        busy={apply.isPending}
        error={apply.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          apply.mutate({ document: text, version }, {
            onSuccess: () => {
              setAsking(false);
              setText('');
              setChecked(undefined);
              say(`${instance} is changed. It holds from the next cycle on.`);
            },
          })
        }
      >
        It takes the place of the whole configuration. If someone changed it meanwhile, nothing is applied.
      </ConfirmDialog>
    </Section>
  );
}
