import CloseRounded from '@mui/icons-material/CloseRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import { type ReactNode, createContext, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { problemOf, sentence } from '../api/problem';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  undo?: (() => void) | undefined;
  slot: string | undefined;
}

interface Toaster {
  // say tells what was done; with undo it can be taken back for ten seconds.
  // What has the same slot takes the place of the one before.
  say: (text: string, undo?: () => void, slot?: string) => void;
  // fail tells what went wrong, until it is closed.
  fail: (error: unknown) => void;
}

const Context = createContext<Toaster>({ say: () => {}, fail: () => {} });

export const useToasts = () => useContext(Context);

const shownFor = 10_000;

// Toasts holds the live region: what it shows is also said to a screen reader.
export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const last = useRef(0);
  const drop = useCallback((id: number) => setToasts((all) => all.filter((t) => t.id !== id)), []);
  const show = useCallback(
    (t: Omit<Toast, 'id'>) => {
      const id = ++last.current;
      setToasts((all) => [...all.filter((o) => !t.slot || o.slot !== t.slot).slice(-2), { ...t, id }]);
      if (!t.bad) setTimeout(() => drop(id), shownFor);
    },
    [drop],
  );
  const toaster = useMemo<Toaster>(
    () => ({
      say: (text, undo, slot) => show({ text, bad: false, undo, slot }),
      fail: (error) => {
        const p = problemOf(error);
        if (p.code !== 'aborted') show({ text: [p.message, sentence(p.do)].filter(Boolean).join(' '), bad: true, slot: undefined });
      },
    }),
    [show],
  );
  return (
    <Context.Provider value={toaster}>
      {children}
      <Box
        role="region"
        aria-label="Messages"
        sx={{ position: 'fixed', zIndex: 1500, insetInline: 0, bottom: { xs: 12, sm: 20 }, display: 'grid', justifyItems: 'center', gap: 1, px: 2, pointerEvents: 'none' }}
      >
        <div aria-live="polite" aria-atomic="false" style={{ display: 'contents' }}>
          {toasts.map((t) => (
            <Box
              key={t.id}
              sx={{
                pointerEvents: 'auto',
                display: 'flex',
                alignItems: 'center',
                gap: 1,
                maxWidth: 560,
                pl: 2,
                pr: 0.75,
                py: 0.75,
                borderRadius: '10px',
                bgcolor: '#1d262c',
                color: '#f2f5f7',
                border: '1px solid',
                borderColor: t.bad ? '#ff8f85' : '#39464f',
                boxShadow: '0 10px 30px rgb(8 16 22 / 0.28)',
                '& button': { color: '#9ee3ea' },
              }}
            >
              <Box sx={{ overflowWrap: 'anywhere', py: 0.5 }}>{t.text}</Box>
              {t.undo && (
                <Button
                  size="small"
                  variant="text"
                  onClick={() => {
                    t.undo?.();
                    drop(t.id);
                  }}
                >
                  Undo
                </Button>
              )}
              <IconButton size="small" aria-label="Close this message" onClick={() => drop(t.id)}>
                <CloseRounded fontSize="small" />
              </IconButton>
            </Box>
          ))}
        </div>
      </Box>
    </Context.Provider>
  );
}
