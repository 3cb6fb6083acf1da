import VerifiedRounded from '@mui/icons-material/VerifiedRounded';
import Button from '@mui/material/Button';
import { useState } from 'react';
import { call } from '../../api/client';
import { problemOf, sentence } from '../../api/problem';
import { Notice } from '../../ui/tone';
import { count } from '../../ui/words';

type Found = { ok: true; entries: number } | { ok: false; title: string; words: string };

// useChain walks the hash chain of the log and says whether it is whole.
export function useChain() {
  const [found, setFound] = useState<Found>();
  const [busy, setBusy] = useState(false);
  const verify = async () => {
    setBusy(true);
    setFound(undefined);
    try {
      const answer = await call('audit.verify', null, {});
      setFound(answer.ok ? { ok: true, entries: answer.entries } : { ok: false, title: 'The log was changed', words: sentence(answer.message) });
    } catch (err) {
      const p = problemOf(err);
      const title = p.code === 'internal' ? 'The log was changed' : 'The chain could not be walked';
      setFound({ ok: false, title, words: `${p.message} ${p.do && sentence(p.do)}` });
    } finally {
      setBusy(false);
    }
  };
  return { found, busy, verify };
}

export function VerifyButton({ chain }: { chain: ReturnType<typeof useChain> }) {
  return (
    <Button startIcon={<VerifiedRounded />} loading={chain.busy} onClick={() => void chain.verify()}>
      Verify the chain
    </Button>
  );
}

export function Verdict({ chain: { found } }: { chain: ReturnType<typeof useChain> }) {
  if (!found) return null;
  if (!found.ok) {
    return (
      <Notice tone="bad" role="alert" title={found.title}>
        {found.words}
      </Notice>
    );
  }
  return (
    <Notice tone="good" role="status" title={`✔ The chain of ${count(found.entries, 'entry', 'entries')} is whole`}>
      Nothing was changed, dropped or reordered. The log of all instances on this runner is one chain.
    </Notice>
  );
}
