import { shownFor } from './words';

export type Copied = 'copied' | 'emptied' | 'kept' | 'refused';

let pending: (() => void) | undefined;

// copyForAWhile puts a value on the clipboard and empties it after 30 seconds.
// A browser lets a page do that only while the page has the focus: where it does
// not, the clipboard is emptied when the person comes back, and tell says so. It
// keeps no copy of the value.
export async function copyForAWhile(value: string, tell: (state: Copied) => void): Promise<void> {
  pending?.();
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    return tell('refused');
  }
  tell('copied');
  const empty = async () => {
    try {
      await navigator.clipboard.writeText('');
      stop();
      tell('emptied');
    } catch {
      tell('kept');
    }
  };
  const back = () => void empty();
  const timer = setTimeout(() => {
    window.addEventListener('focus', back);
    void empty();
  }, shownFor);
  const stop = () => {
    clearTimeout(timer);
    window.removeEventListener('focus', back);
    pending = undefined;
  };
  pending = stop;
}

// canCopy tells whether the browser lets a page copy: only over HTTPS or on this
// computer.
export const canCopy = () => typeof navigator.clipboard?.writeText === 'function';
