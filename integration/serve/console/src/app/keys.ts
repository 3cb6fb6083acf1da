import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { places } from './nav';

// typing tells whether the keys of a person go into a field.
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type);
}

// dialogOpen tells whether a dialog has the keys.
export function dialogOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]') !== null;
}

// afterG is when g was pressed: the next letter names a page then, and is no key
// of the page itself.
let afterG = 0;

export const goPending = () => Date.now() - afterG < 1200;

interface Keys {
  instance: string;
  openPalette: () => void;
  openHelp: () => void;
}

// useKeys listens to the keys that work on every page: Ctrl or ⌘ K, ?, / and g
// followed by a page's letter.
export function useKeys({ instance, openPalette, openHelp }: Keys): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
        e.preventDefault();
        openPalette();
        return;
      }
      if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || typing(e.target) || dialogOpen()) return;
      if (e.key === '?') {
        e.preventDefault();
        openHelp();
      } else if (e.key === '/') {
        const search = document.querySelector<HTMLInputElement>('input[type="search"]');
        if (search) {
          e.preventDefault();
          search.focus();
        }
      } else if (goPending()) {
        afterG = 0;
        const place = places.find((p) => p.key === e.key);
        if (place && (instance || !place.ofInstance)) {
          e.preventDefault();
          void navigate(place.to(instance));
        }
      } else if (e.key === 'g') {
        afterG = Date.now();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [instance, navigate, openHelp, openPalette]);
}
