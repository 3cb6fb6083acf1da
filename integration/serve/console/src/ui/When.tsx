import Tooltip from '@mui/material/Tooltip';
import { useEffect, useState } from 'react';
import { ago, moment } from './words';

// useNow is the time, renewed each `every` milliseconds.
export function useNow(every = 30_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

// When says how long ago something was; its title is the instant in full.
export function When({ at }: { at: string | undefined | null }) {
  const now = useNow();
  if (!at) return <>never</>;
  return (
    <Tooltip title={moment(at)}>
      <time dateTime={at}>{ago(at, now)}</time>
    </Tooltip>
  );
}
