import AccountTreeRounded from '@mui/icons-material/AccountTreeRounded';
import DoneAllRounded from '@mui/icons-material/DoneAllRounded';
import LinkRounded from '@mui/icons-material/LinkRounded';
import ReorderRounded from '@mui/icons-material/ReorderRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Drawer from '@mui/material/Drawer';
import MenuItem from '@mui/material/MenuItem';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import TextField from '@mui/material/TextField';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import Typography from '@mui/material/Typography';
import { useMediaQuery } from '@mui/material';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useList, useRead } from '../../api/query';
import { useCan } from '../../api/session';
import { useInstance } from '../../app/instance';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Page } from '../../ui/Page';
import { useToasts } from '../../ui/Toasts';
import { count } from '../../ui/words';
import { BulkAccept } from './BulkAccept';
import { type GridHandle, LinkGrid } from './LinkGrid';
import { LinkPanel } from './LinkPanel';
import { Matching } from './Matching';
import { Reassign } from './Reassign';
import { useDecisions } from './useDecisions';
import { useLinkKeys } from './useLinkKeys';
import { type Link, type TabName, decidable, tabTitles, tabs } from './words';

const typedAbove = 100;

// LinksPage is the review: which organization is which customer.
export function LinksPage() {
  const instance = useInstance();
  const [params, setParams] = useSearchParams();
  const given = params.get('state') as TabName;
  const state: TabName = tabs.includes(given) ? given : 'pending';
  const tree = params.get('view') !== 'list';
  const sort = (params.get('sort') ?? 'score') as 'score' | 'name' | 'decided';
  const band = params.get('band') ?? '';
  const search = params.get('q') ?? '';
  const asked = useDeferredValue(search.trim());
  const set = useCallback(
    (changes: Record<string, string>) =>
      setParams(
        (p) => {
          for (const [k, v] of Object.entries(changes)) {
            if (v) p.set(k, v);
            else p.delete(k);
          }
          return p;
        },
        { replace: true },
      ),
    [setParams],
  );

  const input = useMemo(
    () => ({
      limit: 200,
      ...(state === 'attention' ? { attention: true } : state === 'all' ? {} : { state }),
      ...(asked ? { search: asked } : {}),
      ...(band ? { band: [band as 'exact'] } : {}),
      sort: tree ? ('tree' as const) : sort,
    }),
    [state, asked, band, tree, sort],
  );
  const list = useList('links.list', instance, input);
  const counts = useRead('links.counts', instance, {}, { staleTime: 5_000 });
  const mayDecide = useCan(instance, 'operate');
  const { say } = useToasts();
  const d = useDecisions(instance);

  const links = useMemo(() => list.items.map((l) => d.decided.get(l.id) ?? l), [list.items, d.decided]);
  const filtered = asked !== '' || band !== '';
  const total = list.hasNextPage ? (filtered ? links.length + 1 : Math.max(counts.data?.[state] ?? 0, links.length + 1)) : links.length;

  const { refetch: again } = list;
  const { refetch: recount } = counts;
  const renew = useCallback(() => void Promise.all([again(), recount()]), [again, recount]);

  const [active, setActive] = useState(0);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [panel, setPanel] = useState(false);
  const [bulk, setBulk] = useState(false);
  const [rejecting, setRejecting] = useState<Link[]>([]);
  const [accepting, setAccepting] = useState<string[]>([]);
  const [moving, setMoving] = useState<{ link: Link; preset?: { id: string; name: string } | undefined }>();
  const grid = useRef<GridHandle | null>(null);
  const current = links[active];
  const inline = useMediaQuery('(min-width: 1200px)');
  const { forget } = d;
  useEffect(() => {
    setActive(0);
    setSelected(new Set());
    forget();
  }, [input, forget]);

  const move = useCallback((to: number) => setActive((a) => Math.max(0, Math.min(to < 0 ? a : to, links.length - 1))), [links.length]);
  const onwards = () => move(Math.min(active + 1, links.length - 1));
  const { accept: doAccept, reject: doReject } = d;
  const accept = useCallback((l: Link, withParents = false) => void doAccept({ id: [l.id], ...(withParents ? { withParents } : { version: l.version }) }), [doAccept]);
  const reject = useCallback((l: Link) => (l.state === 'accepted' ? setRejecting([l]) : void doReject([l.id])), [doReject]);
  const select = useCallback((id: string) => setSelected((all) => {
    const next = new Set(all);
    if (!next.delete(id)) next.add(id);
    return next;
  }), []);
  const chosen = [...selected].filter((id) => decidable(links.find((l) => l.id === id) ?? ({ customer: null } as Link)));
  const acceptSelected = () => {
    if (chosen.length === 0) return say('Nothing is selected that can be accepted. Select with x.', undefined, 'decision');
    if (chosen.length > typedAbove) return setAccepting(chosen);
    void d.accept({ id: chosen });
    setSelected(new Set());
  };
  const tabBy = (by: number) => set({ state: tabs[(tabs.indexOf(state) + by + tabs.length) % tabs.length]! });
  const open = useCallback((i: number) => {
    setActive(i);
    setPanel(true);
  }, []);
  const needMore = useCallback(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  }, [list]);

  const moves = {
    j: () => move(active + 1),
    ArrowDown: () => move(active + 1),
    k: () => move(Math.max(0, active - 1)),
    ArrowUp: () => move(Math.max(0, active - 1)),
    PageDown: () => move(active + (grid.current?.pageSize() ?? 10)),
    PageUp: () => move(Math.max(0, active - (grid.current?.pageSize() ?? 10))),
    Home: () => move(0),
    End: () => move(links.length - 1),
    Enter: () => current && setPanel(true),
    Escape: () => setPanel(false),
    '[': () => tabBy(-1),
    ']': () => tabBy(1),
    t: () => set({ view: tree ? 'list' : '' }),
  };
  const decisions = {
    a: () => {
      if (!current) return;
      if (current.customer === null) return setMoving({ link: current });
      if (current.state !== 'accepted') accept(current);
      onwards();
    },
    r: () => {
      if (!current) return;
      if (current.state !== 'rejected') reject(current);
      if (current.state !== 'accepted') onwards();
    },
    m: () => current && setMoving({ link: current }),
    x: () => current && select(current.id),
    ' ': () => current && select(current.id),
    A: acceptSelected,
    u: () => void d.undo(),
    ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [String(n), () => panel && current?.others[n - 1] && setMoving({ link: current, preset: current.others[n - 1]!.customer })])),
  };
  useLinkKeys(mayDecide ? { ...moves, ...decisions } : moves);

  const shown = panel && current !== undefined;
  const details = current && (
    <LinkPanel
      key={current.id}
      instance={instance}
      link={current}
      mayDecide={mayDecide}
      onAccept={(withParents) => accept(current, withParents)}
      onReject={() => reject(current)}
      onReassign={(preset) => setMoving({ link: current, preset })}
      onUndo={() => void d.undo([current.id])}
      onClose={() => {
        setPanel(false);
        grid.current?.focus();
      }}
    />
  );
  const none = !list.isPending && links.length === 0;
  return (
    <Page
      title="Links"
      lead="Which IT Glue organization is which Rev.io customer. No data flows until a link is accepted."
      width="wide"
      actions={
        <>
          <Matching.Button instance={instance} />
          {mayDecide && (
            <Button variant="contained" color="primary" startIcon={<DoneAllRounded />} disabled={(counts.data?.suggested ?? 0) === 0} onClick={() => setBulk(true)}>
              Accept all that are sure
            </Button>
          )}
        </>
      }
    >
      <Matching.Progress instance={instance} onEnd={renew} />
      <Box sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', overflow: 'hidden', display: 'flex', flexDirection: 'column', height: { xs: 'calc(100dvh - 96px)', md: 'calc(100dvh - 200px)' }, minHeight: 420 }}>
        <Tabs value={state} onChange={(_, v: TabName) => set({ state: v === 'pending' ? '' : v })} variant="scrollable" scrollButtons={false} aria-label="States" sx={{ px: 1, borderBottom: '1px solid', borderColor: 'divider', flex: 'none' }}>
          {tabs.map((t) => (
            <Tab key={t} value={t} id={`tab-${t}`} aria-controls="links-panel" label={<Box component="span">{tabTitles[t]} <Box component="span" sx={{ color: 'text.secondary', fontWeight: 450, fontVariantNumeric: 'tabular-nums' }}>{counts.data ? counts.data[t].toLocaleString('en') : ''}</Box></Box>} />
          ))}
        </Tabs>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', p: 1.25, borderBottom: '1px solid', borderColor: 'divider', flex: 'none' }}>
          <TextField type="search" placeholder="Filter by name" value={search} onChange={(e) => set({ q: e.target.value })} onKeyDown={(e) => e.key === 'Escape' && grid.current?.focus()} sx={{ flex: '1 1 180px', maxWidth: 300 }} slotProps={{ htmlInput: { 'aria-label': 'Filter by name' } }} />
          <TextField select value={band} onChange={(e) => set({ band: e.target.value })} sx={{ width: 144 }} slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { 'aria-label': 'How sure' } } }}>
            <MenuItem value="">However sure</MenuItem>
            <MenuItem value="exact">Exact</MenuItem>
            <MenuItem value="strong">Strong</MenuItem>
            <MenuItem value="likely">Likely</MenuItem>
            <MenuItem value="weak">Weak</MenuItem>
          </TextField>
          <ToggleButtonGroup size="small" exclusive value={tree ? 'tree' : 'list'} onChange={(_, v: string | null) => v && set({ view: v === 'list' ? 'list' : '' })} aria-label="View">
            <ToggleButton value="tree" aria-label="As a tree" title="As a tree (t)" sx={{ px: 1, py: 0.7 }}>
              <AccountTreeRounded sx={{ fontSize: 18 }} />
            </ToggleButton>
            <ToggleButton value="list" aria-label="As a list" title="As a list (t)" sx={{ px: 1, py: 0.7 }}>
              <ReorderRounded sx={{ fontSize: 18 }} />
            </ToggleButton>
          </ToggleButtonGroup>
          {!tree && (
            <TextField select value={sort} onChange={(e) => set({ sort: e.target.value })} sx={{ width: 160 }} slotProps={{ select: { SelectDisplayProps: { 'aria-label': 'Order' } } }}>
              <MenuItem value="score">Surest first</MenuItem>
              <MenuItem value="name">By name</MenuItem>
              <MenuItem value="decided">Last decided first</MenuItem>
            </TextField>
          )}
          {selected.size > 0 && mayDecide && (
            <Box role="region" aria-label="Selected links" sx={{ ml: 'auto', display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
              <Typography role="status">{count(selected.size, 'selected', 'selected')}</Typography>
              <Button size="small" variant="contained" color="primary" onClick={acceptSelected}>
                Accept
              </Button>
              <Button size="small" onClick={() => setRejecting(links.filter((l) => selected.has(l.id)))}>
                Reject
              </Button>
              <Button size="small" variant="text" onClick={() => setSelected(new Set())}>
                Clear
              </Button>
            </Box>
          )}
        </Box>
        <Box id="links-panel" role="tabpanel" aria-labelledby={`tab-${state}`} sx={{ flex: 1, minHeight: 0, display: 'flex' }}>
          <Box sx={{ flex: 1, minWidth: 0, height: '100%' }}>
            {list.error && links.length === 0 ? (
              <ErrorState error={list.error} retry={() => void list.refetch()} />
            ) : none ? (
              <Empty state={state} filtered={filtered} all={counts.data?.all ?? 0} clear={() => set({ q: '', band: '' })} />
            ) : (
              <LinkGrid links={links} total={total} active={active} selected={selected} tree={tree} mayDecide={mayDecide} compact={inline && shown} handle={grid} onActive={setActive} onOpen={open} onSelect={select} onAccept={accept} onReject={reject} needMore={needMore} />
            )}
          </Box>
          {inline && shown && (
            <Box component="aside" aria-label="Details" sx={{ width: 400, flex: 'none', borderLeft: '1px solid', borderColor: 'divider', height: '100%' }}>
              {details}
            </Box>
          )}
        </Box>
      </Box>
      <Typography variant="body2" color="text.secondary" sx={{ mt: 1, display: { xs: 'none', md: 'block' } }}>
        Keys: <b>j</b> <b>k</b> move, <b>Enter</b> details, <b>a</b> accept, <b>r</b> reject, <b>m</b> another customer, <b>x</b> select, <b>u</b> undo, <b>?</b> all of them.
      </Typography>
      {!inline && (
        <Drawer anchor="right" open={shown} onClose={() => setPanel(false)} slotProps={{ paper: { sx: { width: { xs: '100%', sm: 440 } }, 'aria-label': 'Details', role: 'dialog' } }}>
          {details}
        </Drawer>
      )}
      <BulkAccept instance={instance} open={bulk} busy={d.busy} onClose={() => setBulk(false)} onAccept={(how) => void d.accept(how).then((done) => done.length > 0 && setBulk(false))} />
      <Reassign
        instance={instance}
        link={moving?.link}
        preset={moving?.preset}
        onClose={() => setMoving(undefined)}
        onDone={(link, notes) => {
          setMoving(undefined);
          d.take([link]);
          d.note(`Linked with ${link.customer?.name ?? 'another customer'}:`, [link]);
          d.refresh();
          if (notes.length > 0) say(notes.join(' '));
        }}
      />
      <ConfirmDialog
        open={rejecting.length > 0}
        title={rejecting.length === 1 ? `Reject the link of ${rejecting[0]!.organization.name}?` : `Reject ${count(rejecting.length, 'link')}?`}
        confirm={rejecting.length === 1 ? 'Reject the link' : `Reject ${count(rejecting.length, 'link')}`}
        danger
        typed={rejecting.length > typedAbove ? 'reject' : undefined}
        busy={d.busy}
        onClose={() => setRejecting([])}
        onConfirm={() => void d.reject(rejecting.map((l) => l.id)).then(() => {
          setRejecting([]);
          setSelected(new Set());
        })}
      >
        Rejecting a link pauses its sync at the next write, without deleting data. It can be undone.
      </ConfirmDialog>
      <ConfirmDialog open={accepting.length > 0} title={`Accept ${count(accepting.length, 'link')}?`} confirm={`Accept ${count(accepting.length, 'link')}`} typed="accept" busy={d.busy} onClose={() => setAccepting([])} onConfirm={() => void d.accept({ id: accepting }).then(() => {
        setAccepting([]);
        setSelected(new Set());
      })}>
        From then on their data may flow. You can take it back.
      </ConfirmDialog>
    </Page>
  );
}

function Empty({ state, filtered, all, clear }: { state: TabName; filtered: boolean; all: number; clear: () => void }) {
  if (filtered) {
    return (
      <EmptyState title="No link fits the filter" action={<Button onClick={clear}>Show all</Button>}>
        It looks at the names of both sides.
      </EmptyState>
    );
  }
  if (all === 0) {
    return (
      <EmptyState icon={<LinkRounded />} title="No organization was matched yet">
        The setup starts the first match when it is finished. It compares the names, places and addresses of both systems and suggests links; each one waits here for you.
      </EmptyState>
    );
  }
  const words: Record<TabName, [string, string]> = {
    pending: ['Nothing waits for you', 'Every link is decided. New organizations appear here after the next hourly cycle.'],
    accepted: ['No link is accepted yet', 'Accept the first ones under Pending: their assets are matched within the hour.'],
    rejected: ['No link is rejected', 'A rejected link pauses its sync and deletes nothing. It can be taken back at any time.'],
    attention: ['No link needs attention', 'A link that is paused by itself, because an organization became inactive or is gone, is shown here with its reason.'],
    all: ['No link yet', 'Match the organizations first.'],
  };
  return <EmptyState icon={<LinkRounded />} title={words[state][0]}>{words[state][1]}</EmptyState>;
}
