import CheckRounded from '@mui/icons-material/CheckRounded';
import CloseRounded from '@mui/icons-material/CloseRounded';
import SubdirectoryArrowRightRounded from '@mui/icons-material/SubdirectoryArrowRightRounded';
import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import { useMediaQuery } from '@mui/material';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, memo, useCallback, useEffect, useImperativeHandle, useRef } from 'react';
import { plain } from '../../app/commands';
import { Tag } from '../../ui/tone';
import { When } from '../../ui/When';
import { percent } from '../../ui/words';
import { type Link, bandOf, decidable, mainReason, stateTones, stateWords } from './words';

export interface GridHandle {
  focus: () => void;
  pageSize: () => number;
}

interface Props {
  links: readonly Link[];
  // How many there are on the server.
  total: number;
  active: number;
  selected: ReadonlySet<string>;
  tree: boolean;
  mayDecide: boolean;
  // The details are open beside it: fewer columns.
  compact: boolean;
  handle: RefObject<GridHandle | null>;
  onActive: (i: number) => void;
  onOpen: (i: number) => void;
  onSelect: (id: string) => void;
  onAccept: (l: Link) => void;
  onReject: (l: Link) => void;
  needMore: () => void;
}

export const idOfRow = (l: Link) => `link-${l.id}`;

const wide = '34px minmax(180px, 1.35fr) minmax(170px, 1.35fr) 148px minmax(120px, 1.2fr) 92px';
const beside = '34px minmax(140px, 1.2fr) minmax(120px, 1.1fr) 140px';

// LinkGrid shows thousands of links: only what is in sight is in the page, and
// the active row always is, so that a screen reader finds it.
export function LinkGrid({ links, total, active, selected, tree, mayDecide, compact, handle, onActive, onOpen, onSelect, onAccept, onReject, needMore }: Props) {
  const narrow = useMediaQuery('(max-width: 899px)');
  const scroller = useRef<HTMLDivElement>(null);
  const height = narrow ? 84 : 54;
  const columns = compact && !narrow ? beside : wide;
  const heads = compact ? ['IT Glue organization', 'Rev.io customer', 'How sure'] : ['IT Glue organization', 'Rev.io customer', 'How sure', 'Why', 'Decide'];
  const rows = useVirtualizer({
    count: Math.max(links.length, Math.min(total, links.length + 20)),
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 3,
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const shown = defaultRangeExtractor(range);
        return active < 0 || shown.includes(active) || active >= range.count ? shown : [...shown, active].sort((a, b) => a - b);
      },
      [active],
    ),
  });
  useEffect(() => rows.measure(), [height, rows]);
  useEffect(() => {
    if (active >= 0 && active < links.length) rows.scrollToIndex(active, { align: 'auto' });
  }, [active, links.length, rows]);
  useImperativeHandle(handle, () => ({ focus: () => scroller.current?.focus(), pageSize: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / height) - 1) }), [height]);
  const last = rows.getVirtualItems().at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= links.length - 30 && links.length < total) needMore();
  }, [last, links.length, total, needMore]);
  const current = links[active];
  return (
    <Box
      ref={scroller}
      role={tree ? 'treegrid' : 'grid'}
      aria-label="Links"
      aria-rowcount={total + 1}
      aria-multiselectable="true"
      aria-activedescendant={current ? idOfRow(current) : undefined}
      tabIndex={0}
      sx={{ height: '100%', overflow: 'auto', position: 'relative', '&:focus-visible': { outlineOffset: -2 }, ...(narrow ? lookNarrow : look) }}
    >
      <Box role="rowgroup" sx={{ position: 'sticky', top: 0, zIndex: 2, bgcolor: 'background.sunken', borderBottom: '1px solid', borderColor: 'divider', display: narrow ? 'none' : 'block' }}>
        <Box role="row" aria-rowindex={1} sx={{ display: 'grid', gridTemplateColumns: columns, columnGap: 1.5, px: 1.5, py: 0.9, color: 'text.secondary', fontSize: '0.78125rem', fontWeight: 540 }}>
          <span role="columnheader">
            <span className="visually-hidden">Selected</span>
          </span>
          {heads.map((h) => (
            <span key={h} role="columnheader" style={h === 'Decide' ? { textAlign: 'right' } : undefined}>
              {h}
            </span>
          ))}
        </Box>
      </Box>
      <Box role="rowgroup" sx={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((v) => {
          const link = links[v.index];
          const place = { position: 'absolute', insetInline: 0, top: 0, height, transform: `translateY(${v.start}px)` } as const;
          if (!link) {
            return (
              <div key={`waiting-${v.index}`} role="presentation" style={place}>
                <Skeleton sx={{ m: 2, width: '60%' }} />
              </div>
            );
          }
          return (
            <div key={link.id} role="presentation" style={place}>
              <Row
                link={link}
                index={v.index}
                active={v.index === active}
                selected={selected.has(link.id)}
                tree={tree}
                narrow={narrow}
                compact={compact && !narrow}
                mayDecide={mayDecide}
                {...{ onActive, onOpen, onSelect, onAccept, onReject }}
              />
            </div>
          );
        })}
      </Box>
    </Box>
  );
}

interface RowProps extends Pick<Props, 'tree' | 'mayDecide' | 'onActive' | 'onOpen' | 'onSelect' | 'onAccept' | 'onReject' | 'compact'> {
  link: Link;
  index: number;
  active: boolean;
  selected: boolean;
  narrow: boolean;
}

// look is how rows look, said once for all of them: thousands go by, and a
// style of its own for each cell is what makes a page of them slow.
const look = {
  '& .row': { height: '100%', display: 'grid', columnGap: 1.5, alignItems: 'center', px: 1.5, borderBottom: '1px solid', borderColor: 'divider', bgcolor: 'background.paper', cursor: 'default' },
  '& .row.selected': { bgcolor: 'action.selected' },
  '& .row.active': { boxShadow: 'inset 3px 0 0 var(--mui-palette-primary-main)', backgroundImage: 'linear-gradient(var(--mui-palette-action-hover), var(--mui-palette-action-hover))' },
  '& .row > *': { minWidth: 0 },
  '& .row input': { width: 18, height: 18, m: '3px', verticalAlign: 'middle', accentColor: 'var(--mui-palette-primary-main)' },
  '& .clip': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  '& .who': { display: 'flex', alignItems: 'center', gap: 0.75 },
  '& .who > div': { minWidth: 0 },
  '& .who svg': { fontSize: 15, color: 'text.disabled', flex: 'none' },
  '& .name': { fontWeight: 560 },
  '& .quiet': { color: 'text.secondary' },
  '& .parent': { fontSize: '0.75rem' },
  '& .why': { fontSize: '0.8125rem' },
  '& .warn': { color: 'warning.main' },
  '& .sure': { width: 132 },
  '& .sure > div:first-of-type': { display: 'flex', justifyContent: 'space-between', gap: 1, fontSize: '0.8125rem', fontVariantNumeric: 'tabular-nums' },
  '& .bar': { mt: 0.4, height: 3, borderRadius: 2, bgcolor: 'divider', overflow: 'hidden' },
  '& .bar > div': { height: '100%' },
  '& .decide': { display: 'flex', justifyContent: 'flex-end', gap: 0.5, opacity: 0.001 },
  '& .row.active .decide, & .row:hover .decide': { opacity: 1 },
  '@media (hover: none)': { '& .decide': { opacity: 1 } },
  '& .decide button': { display: 'inline-flex', p: '5px', border: '1px solid', borderColor: 'divider', borderRadius: '50%', bgcolor: 'transparent', color: 'text.secondary', cursor: 'pointer', '&:hover': { bgcolor: 'action.hover' } },
  '& .decide button.yes': { color: 'success.main' },
  '& .decide svg': { fontSize: 18 },
} as const;

// Of a narrow screen: two lines a row.
const lookNarrow = {
  ...look,
  '& .row': { ...look['& .row'], gridTemplateColumns: '34px minmax(0, 1fr) auto' },
  '& .row > .tick': { gridRow: '1 / span 2' },
  '& .row > .who': { alignSelf: 'end' },
  '& .row > .customer': { gridColumn: 2, gridRow: 2, alignSelf: 'start' },
  '& .row > .state': { gridColumn: 3, gridRow: 1, alignSelf: 'end', justifySelf: 'end' },
  '& .row > .why, & .bar': { display: 'none' },
  '& .sure': { width: 'auto' },
  '& .row > .end': { gridColumn: 3, gridRow: 2, alignSelf: 'start' },
} as const;

const Row = memo(function Row({ link, index, active, selected, tree, narrow, compact, mayDecide, onActive, onOpen, onSelect, onAccept, onReject }: RowProps) {
  const indent = tree ? Math.min(link.depth, 6) * (narrow ? 10 : 18) : 0;
  return (
    <Box
      role="row"
      id={idOfRow(link)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      {...(tree ? { 'aria-level': link.depth + 1 } : {})}
      onMouseDown={() => onActive(index)}
      onDoubleClick={() => onOpen(index)}
      className={`row${selected ? ' selected' : ''}${active ? ' active' : ''}`}
      style={narrow ? undefined : { gridTemplateColumns: compact ? beside : wide }}
    >
      <div role="gridcell" className="tick">
        <input type="checkbox" checked={selected} onChange={() => onSelect(link.id)} tabIndex={-1} aria-label={`Select ${link.organization.name}`} />
      </div>
      <div role="gridcell" className="who" style={{ paddingLeft: indent }}>
        {indent > 0 && <SubdirectoryArrowRightRounded aria-hidden />}
        <div>
          <div className="clip name" title={link.organization.name}>
            {link.organization.name}
          </div>
          {link.waitsFor && (
            <div className="clip quiet parent" title={`${link.waitsFor.name} is pending`}>
              parent pending: {link.waitsFor.name}
            </div>
          )}
        </div>
      </div>
      <div role="gridcell" className={`customer clip${link.customer ? '' : ' quiet'}`} title={link.customer?.name}>
        {narrow && link.customer && <span className="quiet">→ </span>}
        {link.customer?.name ?? 'No suggestion'}
      </div>
      <div role="gridcell" className="state">
        {link.state === 'pending' ? <Sure link={link} /> : <Tag tone={stateTones[link.state]}>{stateWords[link.state]}</Tag>}
      </div>
      {!compact && (
        <div role="gridcell" className="why">
          <Why link={link} />
        </div>
      )}
      {!compact && (
        <div role="gridcell" className="end">
          {mayDecide && (
            <div className="decide">
              {decidable(link) && (
                <button type="button" className="yes" tabIndex={-1} aria-label={`Accept ${link.organization.name}`} title="Accept (a)" onClick={() => onAccept(link)}>
                  <CheckRounded />
                </button>
              )}
              {link.state !== 'rejected' && (
                <button type="button" tabIndex={-1} aria-label={`Reject ${link.organization.name}`} title="Reject (r)" onClick={() => onReject(link)}>
                  <CloseRounded />
                </button>
              )}
            </div>
          )}
        </div>
      )}
    </Box>
  );
});

// Why is what a person decided, or the main reason of a suggestion.
function Why({ link }: { link: Link }) {
  if (link.attention) {
    return (
      <div className="clip warn" title={plain(link.attention)}>
        {plain(link.attention)}
      </div>
    );
  }
  if (link.state !== 'pending' && link.decided) {
    return (
      <div className="clip quiet">
        {link.decidedBy?.replace(/^\w+:/, '')} <When at={link.decided} />
      </div>
    );
  }
  return (
    <div className="clip quiet" title={mainReason(link)}>
      {mainReason(link)}
    </div>
  );
}

const fills: Record<string, string> = { Exact: 'success-main', Strong: 'success-main', Chosen: 'info-main', Likely: 'warning-main', Weak: 'text-disabled', None: 'text-disabled' };

// Sure is how sure a suggestion is: a word, a figure and a bar.
function Sure({ link }: { link: Link }) {
  const { words } = bandOf(link);
  return (
    <div className="sure">
      <div>
        <span className="name">{words}</span>
        {link.customer && <span className="quiet">{percent(link.score)}</span>}
      </div>
      <div aria-hidden className="bar">
        <div style={{ width: `${link.customer ? link.score * 100 : 0}%`, background: `var(--mui-palette-${fills[words] ?? 'text-disabled'})` }} />
      </div>
    </div>
  );
}
