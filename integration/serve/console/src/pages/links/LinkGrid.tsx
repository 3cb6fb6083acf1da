import CheckRounded from '@mui/icons-material/CheckRounded';
import CloseRounded from '@mui/icons-material/CloseRounded';
import SubdirectoryArrowRightRounded from '@mui/icons-material/SubdirectoryArrowRightRounded';
import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import IconButton from '@mui/material/IconButton';
import Skeleton from '@mui/material/Skeleton';
import { useMediaQuery } from '@mui/material';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, memo, useCallback, useEffect, useImperativeHandle, useRef } from 'react';
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
    overscan: 8,
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
      sx={{ height: '100%', overflow: 'auto', position: 'relative', '&:focus-visible': { outlineOffset: -2 } }}
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

const clip = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const;

const Row = memo(function Row({ link, index, active, selected, tree, narrow, compact, mayDecide, onActive, onOpen, onSelect, onAccept, onReject }: RowProps) {
  const band = bandOf(link);
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
      sx={{
        height: '100%',
        display: 'grid',
        gridTemplateColumns: narrow ? '34px minmax(0, 1fr) auto' : compact ? beside : wide,
        columnGap: 1.5,
        rowGap: 0,
        alignItems: 'center',
        px: 1.5,
        borderBottom: '1px solid',
        borderColor: 'divider',
        bgcolor: selected ? 'action.selected' : 'background.paper',
        boxShadow: active ? 'inset 3px 0 0 var(--mui-palette-primary-main)' : 'none',
        backgroundImage: active ? 'linear-gradient(var(--mui-palette-action-hover), var(--mui-palette-action-hover))' : 'none',
        cursor: 'default',
        '& .decide': { opacity: active ? 1 : 0.001 },
        '&:hover .decide': { opacity: 1 },
        '@media (hover: none)': { '& .decide': { opacity: 1 } },
      }}
    >
      <Box role="gridcell" sx={narrow ? { gridRow: '1 / span 2', alignSelf: 'center' } : {}}>
        <Checkbox checked={selected} onChange={() => onSelect(link.id)} tabIndex={-1} sx={{ p: 0.5 }} slotProps={{ input: { 'aria-label': `Select ${link.organization.name}` } }} />
      </Box>
      <Box role="gridcell" sx={{ minWidth: 0, pl: `${indent}px`, display: 'flex', alignItems: 'center', gap: 0.75, ...(narrow ? { alignSelf: 'end' } : {}) }}>
        {indent > 0 && <SubdirectoryArrowRightRounded aria-hidden sx={{ fontSize: 15, color: 'text.disabled', flex: 'none' }} />}
        <Box sx={{ minWidth: 0 }}>
          <Box sx={{ ...clip, fontWeight: 560 }} title={link.organization.name}>
            {link.organization.name}
          </Box>
          {link.waitsFor && (
            <Box sx={{ ...clip, fontSize: '0.75rem', color: 'text.secondary' }} title={`${link.waitsFor.name} is pending`}>
              parent pending: {link.waitsFor.name}
            </Box>
          )}
        </Box>
      </Box>
      <Box role="gridcell" sx={{ minWidth: 0, ...(narrow ? { gridColumn: 2, gridRow: 2, alignSelf: 'start' } : {}) }}>
        {link.customer ? (
          <Box sx={clip} title={link.customer.name}>
            {narrow && <Box component="span" sx={{ color: 'text.secondary' }}>→ </Box>}
            {link.customer.name}
          </Box>
        ) : (
          <Box sx={{ ...clip, color: 'text.secondary' }}>No suggestion</Box>
        )}
      </Box>
      <Box role="gridcell" sx={{ minWidth: 0, ...(narrow ? { gridColumn: 3, gridRow: 1, alignSelf: 'end', justifySelf: 'end' } : {}) }}>
        {link.state === 'pending' ? <Sure link={link} words={band.words} narrow={narrow} /> : <Tag tone={stateTones[link.state]}>{stateWords[link.state]}</Tag>}
      </Box>
      <Box role="gridcell" sx={{ minWidth: 0, fontSize: '0.8125rem', color: 'text.secondary', display: narrow || compact ? 'none' : 'block' }}>
        {link.attention ? (
          <Box sx={{ ...clip, color: 'warning.main' }} title={link.attention}>
            {link.attention}
          </Box>
        ) : link.state !== 'pending' && link.decided ? (
          <Box sx={clip}>
            {link.decidedBy?.replace(/^\w+:/, '')} <When at={link.decided} />
          </Box>
        ) : (
          <Box sx={clip} title={mainReason(link)}>
            {mainReason(link)}
          </Box>
        )}
      </Box>
      <Box role="gridcell" sx={{ display: compact ? 'none' : 'flex', justifyContent: 'flex-end', gap: 0.5, ...(narrow ? { gridColumn: 3, gridRow: 2, alignSelf: 'start' } : {}) }}>
        {mayDecide && (
          <Box className="decide" sx={{ display: 'flex', gap: 0.5 }}>
            {decidable(link) && (
              <IconButton size="small" tabIndex={-1} aria-label={`Accept ${link.organization.name}`} title="Accept (a)" onClick={() => onAccept(link)} sx={{ color: 'success.main', border: '1px solid', borderColor: 'divider', p: '5px' }}>
                <CheckRounded sx={{ fontSize: 18 }} />
              </IconButton>
            )}
            {link.state !== 'rejected' && (
              <IconButton size="small" tabIndex={-1} aria-label={`Reject ${link.organization.name}`} title="Reject (r)" onClick={() => onReject(link)} sx={{ color: 'text.secondary', border: '1px solid', borderColor: 'divider', p: '5px' }}>
                <CloseRounded sx={{ fontSize: 18 }} />
              </IconButton>
            )}
          </Box>
        )}
      </Box>
    </Box>
  );
});

const fills: Record<string, string> = { Exact: 'success.main', Strong: 'success.main', Chosen: 'info.main', Likely: 'warning.main', Weak: 'text.disabled', None: 'text.disabled' };

// Sure is how sure a suggestion is: a word, a figure and a bar.
function Sure({ link, words, narrow }: { link: Link; words: string; narrow: boolean }) {
  return (
    <Box sx={{ width: narrow ? 'auto' : 132 }}>
      <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1, fontSize: '0.8125rem', fontVariantNumeric: 'tabular-nums' }}>
        <Box component="span" sx={{ fontWeight: 560 }}>
          {words}
        </Box>
        {link.customer && (
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {percent(link.score)}
          </Box>
        )}
      </Box>
      <Box aria-hidden sx={{ mt: 0.4, height: 3, borderRadius: 2, bgcolor: 'divider', overflow: 'hidden', display: narrow ? 'none' : 'block' }}>
        <Box sx={{ height: '100%', width: `${link.customer ? link.score * 100 : 0}%`, bgcolor: fills[words] }} />
      </Box>
    </Box>
  );
}
