import OpenInNewRounded from '@mui/icons-material/OpenInNewRounded';
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Problem, problemOf, sentence } from '../../api/problem';
import type { Run } from '../../api/run';
import { ErrorState } from '../../ui/ErrorState';
import { Loading } from '../../ui/Loading';
import { EmptyState } from '../../ui/EmptyState';
import { Tag } from '../../ui/tone';
import { Facts } from '../customers/Facts';
import { SyncNow } from '../customers/SyncNow';
import { type CustomerShown, type Synced, linkStates } from '../customers/words';
import { showCustomer, syncCustomer } from './client';
import { type Token, tokenOf } from './token';

// useToken takes the token out of the address, so that it is in no history. A
// host may put a new one there before it expires.
function useToken(): Token | undefined {
  const [token, setToken] = useState(() => tokenOf(window.location.hash));
  useEffect(() => {
    const take = () => {
      const next = tokenOf(window.location.hash);
      if (!next) return;
      setToken(next);
      window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return token;
}

// EmbedPage is a customer's page inside the page of another site: its link, its
// figures and the Sync button. A token in the address's fragment lets it.
export function EmbedPage({ customer }: { customer: string }) {
  const token = useToken();
  const [shown, setShown] = useState<CustomerShown>();
  const [error, setError] = useState<Problem>();
  const [run, setRun] = useState<Run>();
  const [result, setResult] = useState<Synced>();
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const gone = useRef<AbortController>(undefined);
  const load = useCallback(async () => {
    if (!token) return;
    try {
      setShown(await showCustomer(token, customer));
      setError(undefined);
    } catch (err) {
      setError(problemOf(err));
    }
  }, [token, customer]);
  useEffect(() => void load(), [load]);
  useEffect(() => () => gone.current?.abort(), []);
  useEffect(() => {
    document.title = `${shown?.name ?? 'Customer'} · IT Glue Integration`;
  }, [shown?.name]);

  const start = async () => {
    if (!token) return;
    const now = new AbortController();
    gone.current = now;
    setBusy(true);
    setRun(undefined);
    setResult(undefined);
    setFailure(undefined);
    try {
      setResult(await syncCustomer(token, customer, setRun, now.signal));
      await load();
    } catch (err) {
      if (problemOf(err).status === 401) setError(problemOf(err));
      else setFailure(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box component="main" sx={{ maxWidth: 860, mx: 'auto', p: 2 }}>
      {!token || error?.status === 401 ? (
        <Ended />
      ) : error && !shown ? (
        <>
          <Hidden />
          <ErrorState error={error} retry={() => void load()} way={{ label: 'Open the console', to: '/' }} />
        </>
      ) : !shown ? (
        <Loading label="Loading the customer" />
      ) : (
        <>
          <Box component="header" sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', mb: 2 }}>
            <Typography variant="h1" sx={{ overflowWrap: 'anywhere' }}>
              {shown.name}
            </Typography>
            <Tag tone={linkStates[shown.link].tone}>{linkStates[shown.link].words}</Tag>
            <Box sx={{ flex: 1 }} />
            <Link href={`/instances/${encodeURIComponent(token.instance)}/customers/${encodeURIComponent(customer)}`} target="_blank" rel="noopener" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5 }}>
              Open in the console <OpenInNewRounded aria-hidden sx={{ fontSize: 16 }} />
            </Link>
          </Box>
          {shown.attention && <Typography sx={{ mb: 2 }}>{sentence(shown.attention)}</Typography>}
          <SyncNow customer={shown} syncing={{ busy, run, result, error: failure, start: () => void start() }} />
          <Facts customer={shown} />
        </>
      )}
    </Box>
  );
}

const Hidden = () => (
  <Typography variant="h1" className="visually-hidden">
    Customer
  </Typography>
);

function Ended() {
  return (
    <>
      <Hidden />
      <EmptyState title="This view has ended" action={<Link href="/" target="_blank" rel="noopener">Open the console</Link>}>
        It works for ten minutes at most. Reload the page that shows it, and a new one begins.
      </EmptyState>
    </>
  );
}
