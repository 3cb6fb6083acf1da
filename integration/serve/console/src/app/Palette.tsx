import SearchRounded from '@mui/icons-material/SearchRounded';
import Box from '@mui/material/Box';
import Dialog from '@mui/material/Dialog';
import { useEffect, useId, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useInstances } from './instance';
import { places } from './nav';

interface Entry {
  label: string;
  hint: string;
  to: string;
}

// rank puts entries whose words start with what is asked for first; it leaves
// out those that do not hold all of its words.
export function rank(entries: Entry[], asked: string): Entry[] {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  return entries
    .map((e) => ({ e, text: `${e.label} ${e.hint}`.toLowerCase() }))
    .filter(({ text }) => words.every((w) => text.includes(w)))
    .sort((a, b) => Number(b.text.startsWith(words[0] ?? '')) - Number(a.text.startsWith(words[0] ?? '')))
    .map(({ e }) => e);
}

// Palette goes anywhere by typing a few letters.
export function Palette({ open, onClose, instance }: { open: boolean; onClose: () => void; instance: string }) {
  const [asked, setAsked] = useState('');
  const [active, setActive] = useState(0);
  const navigate = useNavigate();
  const id = useId();
  const instances = useInstances().data?.items;
  const entries = useMemo<Entry[]>(() => {
    const pages = places.filter((p) => instance || !p.ofInstance).map((p) => ({ label: p.title, hint: p.ofInstance ? instance : 'All instances', to: p.to(instance) }));
    const others = (instances ?? []).map((i) => ({ label: i.name, hint: 'Instance', to: `/instances/${encodeURIComponent(i.name)}` }));
    const more: Entry[] = [{ label: 'My account', hint: 'Second factor, sessions', to: '/account' }];
    if (instance) {
      more.push({ label: 'Change the setup', hint: instance, to: `/instances/${encodeURIComponent(instance)}/setup` });
      if (asked.trim().length > 1) {
        const q = encodeURIComponent(asked.trim());
        more.push({ label: `Links that hold “${asked.trim()}”`, hint: instance, to: `/instances/${encodeURIComponent(instance)}/links?state=all&q=${q}` });
        more.push({ label: `Assets that hold “${asked.trim()}”`, hint: instance, to: `/instances/${encodeURIComponent(instance)}/assets?q=${q}` });
      }
    }
    return [...pages, ...more, ...others];
  }, [instance, instances, asked]);
  const found = rank(entries, asked);
  const at = Math.min(active, Math.max(0, found.length - 1));
  useEffect(() => {
    if (open) {
      setAsked('');
      setActive(0);
    }
  }, [open]);
  const go = (e: Entry | undefined) => {
    if (!e) return;
    onClose();
    void navigate(e.to);
  };
  return (
    <Dialog open={open} onClose={onClose} aria-label="Search and go to a page" maxWidth="sm" fullWidth sx={{ '& .MuiDialog-container': { alignItems: 'flex-start' } }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, px: 2, borderBottom: '1px solid', borderColor: 'divider', color: 'text.secondary' }}>
        <SearchRounded />
        <Box
          component="input"
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-label="Page, instance, or part of a name"
          aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
          placeholder="Page, instance, or part of a name"
          autoFocus
          value={asked}
          onChange={(e: React.ChangeEvent<HTMLInputElement>) => {
            setAsked(e.target.value);
            setActive(0);
          }}
          onKeyDown={(e: React.KeyboardEvent) => {
            if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
              e.preventDefault();
              const n = found.length || 1;
              setActive((at + (e.key === 'ArrowDown' ? 1 : n - 1)) % n);
            } else if (e.key === 'Enter') {
              e.preventDefault();
              go(found[at]);
            }
          }}
          sx={{ flex: 1, border: 0, outline: '0 !important', bgcolor: 'transparent', color: 'text.primary', font: 'inherit', fontSize: '0.9375rem', py: 1.75 }}
        />
      </Box>
      <Box id={id} role="listbox" aria-label="Found" sx={{ maxHeight: 380, overflowY: 'auto', p: 1 }}>
        {found.map((e, i) => (
          <Box
            key={e.to + e.label}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            onClick={() => go(e)}
            onKeyDown={(k: React.KeyboardEvent) => k.key === 'Enter' && go(e)}
            onMouseMove={() => setActive(i)}
            sx={{ display: 'flex', justifyContent: 'space-between', gap: 2, px: 1.5, py: 1, borderRadius: '8px', cursor: 'pointer', bgcolor: i === at ? 'action.selected' : 'transparent' }}
          >
            <span>{e.label}</span>
            <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
              {e.hint}
            </Box>
          </Box>
        ))}
      </Box>
      {found.length === 0 && (
        <Box role="status" sx={{ px: 3, pb: 3, color: 'text.secondary' }}>
          Nothing holds these words.
        </Box>
      )}
    </Dialog>
  );
}
