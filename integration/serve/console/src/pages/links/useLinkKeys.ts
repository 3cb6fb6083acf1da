import { useEffect, useRef } from 'react';
import { dialogOpen, goPending, typing } from '../../app/keys';

export type LinkKeys = Partial<Record<string, () => void>>;

// useLinkKeys listens to the review's keys: in the grid, in the panel, and where
// nothing has the focus. Not while something is typed or another dialog is open.
export function useLinkKeys(keys: LinkKeys): void {
  const now = useRef(keys);
  useEffect(() => {
    now.current = keys;
  });
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || typing(e.target) || goPending()) return;
      const target = e.target instanceof Element ? e.target : null;
      if (dialogOpen() && !target?.closest('[data-review]')) return;
      if (e.key === 'Enter' && target?.closest('button, a, [role="tab"]')) return;
      if (e.key === ' ' && target?.closest('button, a, [role="tab"], [role="combobox"]')) return;
      if (e.key.startsWith('Arrow') && target?.closest('[role="tablist"], [role="combobox"], [role="radiogroup"]')) return;
      const does = now.current[e.key];
      if (!does) return;
      e.preventDefault();
      does();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
