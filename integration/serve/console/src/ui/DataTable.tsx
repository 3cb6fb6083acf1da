import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import TableSortLabel from '@mui/material/TableSortLabel';
import type { ReactNode } from 'react';
import { ErrorState } from './ErrorState';

export interface Column<T> {
  name: string;
  title: string;
  // The heading is for screen readers only.
  quietTitle?: boolean;
  cell: (row: T) => ReactNode;
  align?: 'right' | 'left';
  width?: number | string;
  // Left out below this width; the first column stays.
  from?: 'sm' | 'md' | 'lg';
  sortable?: boolean;
}

export interface Sort {
  by: string;
  down: boolean;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  loading?: boolean;
  error?: unknown;
  retry?: () => void;
  empty: ReactNode;
  sort?: Sort;
  onSort?: (s: Sort) => void;
  onOpen?: (row: T) => void;
  // There are more rows on the server.
  more?: { load: () => void; loading: boolean } | undefined;
}

const shownFrom = { sm: { xs: 'none', sm: 'table-cell' }, md: { xs: 'none', md: 'table-cell' }, lg: { xs: 'none', lg: 'table-cell' } } as const;

// DataTable is a list whose pages come from the server. It shows its own
// waiting, empty and error states. For thousands of rows there is the grid of
// the links page.
export function DataTable<T>({ label, columns, rows, keyOf, loading = false, error, retry, empty, sort, onSort, onOpen, more }: Props<T>) {
  if (error && rows.length === 0) return <ErrorState error={error} retry={retry} />;
  if (!loading && rows.length === 0) return <>{empty}</>;
  return (
    <Box>
      <TableContainer>
        <Table aria-label={label} aria-busy={loading}>
          <TableHead>
            <TableRow>
              {columns.map((c) => (
                <TableCell
                  key={c.name}
                  align={c.align}
                  {...(sort?.by === c.name ? { sortDirection: sort.down ? ('desc' as const) : ('asc' as const) } : {})}
                  sx={{ width: c.width, ...(c.from ? { display: shownFrom[c.from] } : {}) }}
                >
                  {c.sortable && onSort ? (
                    <TableSortLabel
                      active={sort?.by === c.name}
                      direction={sort?.by === c.name && sort.down ? 'desc' : 'asc'}
                      onClick={() => onSort({ by: c.name, down: sort?.by === c.name && !sort.down })}
                    >
                      {c.title}
                    </TableSortLabel>
                  ) : c.quietTitle ? (
                    <Box component="span" className="visually-hidden">
                      {c.title}
                    </Box>
                  ) : (
                    c.title
                  )}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {loading && rows.length === 0
              ? Array.from({ length: 6 }, (_, i) => (
                  <TableRow key={i}>
                    {columns.map((c) => (
                      <TableCell key={c.name} {...(c.from ? { sx: { display: shownFrom[c.from] } } : {})}>
                        <Skeleton width={`${50 + ((i * 17) % 40)}%`} />
                      </TableCell>
                    ))}
                  </TableRow>
                ))
              : rows.map((row) => (
                  <TableRow
                    key={keyOf(row)}
                    hover={onOpen !== undefined}
                    {...(onOpen ? { onClick: () => onOpen(row) } : {})}
                    sx={onOpen ? { cursor: 'pointer' } : {}}
                  >
                    {columns.map((c) => (
                      <TableCell key={c.name} align={c.align} sx={{ verticalAlign: 'top', ...(c.from ? { display: shownFrom[c.from] } : {}) }}>
                        {c.cell(row)}
                      </TableCell>
                    ))}
                  </TableRow>
                ))}
          </TableBody>
        </Table>
      </TableContainer>
      {more && (
        <Box sx={{ display: 'flex', justifyContent: 'center', p: 1.5, borderTop: '1px solid', borderColor: 'divider' }}>
          <Button size="small" onClick={more.load} loading={more.loading}>
            Show more
          </Button>
        </Box>
      )}
    </Box>
  );
}
