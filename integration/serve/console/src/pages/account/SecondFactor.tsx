import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation } from '@tanstack/react-query';
import qrcode from 'qrcode-generator';
import { useMemo, useState } from 'react';
import { call, newKey } from '../../api/client';
import type { Problem } from '../../api/problem';
import type { Output } from '../../api/types';
import { mono } from '../../app/theme';
import { Copy } from '../../ui/Copy';
import { ProblemNotice } from '../../ui/ErrorState';
import { Notice } from '../../ui/tone';

// SecondFactor sets an authenticator app up: scan or type, confirm by a first
// code, keep the recovery codes. Neither the secret nor the codes are kept here.
export function SecondFactor({ onDone }: { onDone: () => void }) {
  const [code, setCode] = useState('');
  const begin = useMutation<Output<'account.begin-second-factor'>, Problem>({ gcTime: 0, mutationFn: () => call('account.begin-second-factor', null, {}, { idempotencyKey: newKey() }) });
  const confirm = useMutation<Output<'account.confirm-second-factor'>, Problem>({ gcTime: 0, mutationFn: () => call('account.confirm-second-factor', null, { code }, { idempotencyKey: newKey() }) });

  if (confirm.data) {
    const text = confirm.data.codes.join('\n');
    return (
      <Stack spacing={2}>
        <Notice tone="warn" title="Keep these recovery codes">
          Each signs you in once when your app is not at hand. They are shown this once: keep them apart from your password.
        </Notice>
        <Box component="ul" aria-label="Recovery codes" sx={{ listStyle: 'none', m: 0, p: 2, borderRadius: '10px', bgcolor: 'background.sunken', fontFamily: mono, display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(140px, 1fr))', gap: 0.5 }}>
          {confirm.data.codes.map((c) => (
            <li key={c}>{c}</li>
          ))}
        </Box>
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
          <Button variant="contained" color="primary" onClick={onDone}>
            I have kept them
          </Button>
          <Copy text={text} label="Copy the recovery codes" />
        </Box>
      </Stack>
    );
  }
  if (!begin.data) {
    return (
      <Stack spacing={2} sx={{ alignItems: 'flex-start' }}>
        <Typography color="text.secondary">You need an app that makes six-digit codes, such as the one of your password manager or your phone.</Typography>
        <ProblemNotice error={begin.error} />
        <Button variant="contained" color="primary" loading={begin.isPending} onClick={() => begin.mutate()}>
          Set up an authenticator app
        </Button>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        confirm.mutate();
      }}
    >
      <Stack spacing={2}>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2.5, alignItems: 'center' }}>
          <QRCode text={begin.data.address} />
          <Box sx={{ flex: '1 1 200px', minWidth: 0 }}>
            <Typography>Scan this with the app, or type the secret:</Typography>
            <Box sx={{ fontFamily: mono, overflowWrap: 'anywhere', mt: 0.5 }}>{begin.data.secret.replace(/(.{4})/g, '$1 ').trim()}</Box>
          </Box>
        </Box>
        <TextField label="First code of the app" required value={code} onChange={(e) => setCode(e.target.value.replace(/\s/g, ''))} autoComplete="one-time-code" sx={{ maxWidth: 220 }} slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 8 } }} />
        <ProblemNotice error={confirm.error} />
        <Box>
          <Button type="submit" variant="contained" color="primary" loading={confirm.isPending} disabled={code.length < 6}>
            Confirm
          </Button>
        </Box>
      </Stack>
    </form>
  );
}

// QRCode draws a text as squares; black on white in every theme, as cameras want.
function QRCode({ text }: { text: string }) {
  const path = useMemo(() => {
    const qr = qrcode(0, 'M');
    qr.addData(text);
    qr.make();
    const n = qr.getModuleCount();
    let d = '';
    for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) if (qr.isDark(y, x)) d += `M${x + 2} ${y + 2}h1v1h-1z`;
    return { d, size: n + 4 };
  }, [text]);
  return (
    <svg role="img" aria-label="The secret as a QR code" viewBox={`0 0 ${path.size} ${path.size}`} width={168} height={168} shapeRendering="crispEdges">
      <rect width={path.size} height={path.size} fill="#fff" />
      <path d={path.d} fill="#000" />
    </svg>
  );
}
