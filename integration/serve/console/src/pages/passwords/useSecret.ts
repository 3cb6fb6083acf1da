import { useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useLocation } from 'react-router';
import { shownFor } from './words';

// Why a value is no longer shown.
export type Hidden = 'time' | 'person' | 'away';

interface Secret {
  value: string;
  until: number;
}

// useSecret holds one value, in this component's state and nowhere else: not in
// the query cache, the address, the title or any storage. The value goes after
// 30 seconds, and at once when the window loses the focus, the tab is hidden or
// another page is opened.
export function useSecret() {
  const [secret, setSecret] = useState<Secret>();
  const [hidden, setHidden] = useState<Hidden>();
  const shown = useRef(false);
  const { key } = useLocation();

  const hide = useCallback((why: Hidden) => {
    if (!shown.current) return;
    shown.current = false;
    // At once: a tab in the background may be frozen before React's next turn.
    flushSync(() => {
      setSecret(undefined);
      setHidden(why);
    });
  }, []);
  const show = useCallback((value: string) => {
    // It came too late: nobody looks at this window any more.
    if (document.hidden) return setHidden('away');
    shown.current = true;
    setHidden(undefined);
    setSecret({ value, until: Date.now() + shownFor });
  }, []);
  const forget = useCallback(() => {
    shown.current = false;
    setSecret(undefined);
    setHidden(undefined);
  }, []);

  useEffect(() => {
    const away = () => hide('away');
    const left = () => document.hidden && hide('away');
    window.addEventListener('blur', away);
    window.addEventListener('pagehide', away);
    window.addEventListener('popstate', away);
    document.addEventListener('visibilitychange', left);
    return () => {
      window.removeEventListener('blur', away);
      window.removeEventListener('pagehide', away);
      window.removeEventListener('popstate', away);
      document.removeEventListener('visibilitychange', left);
    };
  }, [hide]);
  useEffect(() => {
    if (!secret) return;
    const timer = setTimeout(() => hide('time'), secret.until - Date.now());
    return () => clearTimeout(timer);
  }, [secret, hide]);
  const at = useRef(key);
  useEffect(() => {
    if (at.current !== key) forget();
    at.current = key;
  }, [key, forget]);

  return { secret, hidden, show, hide, forget };
}
