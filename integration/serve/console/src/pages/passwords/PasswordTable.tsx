import VisibilityRounded from '@mui/icons-material/VisibilityRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import { type ReactNode, useMemo, useState } from 'react';
import { Link as RouteLink } from 'react-router';
import { sentence } from '../../api/problem';
import { useList } from '../../api/query';
import { useCan } from '../../api/session';
import type { Input } from '../../api/types';
import { type Column, DataTable } from '../../ui/DataTable';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import { RevealDialog } from './RevealDialog';
import type { Password } from './words';

interface Props {
  instance: string;
  input: Input<'passwords.list'>;
  empty: ReactNode;
  // Left out where the page is about one organization or asset.
  without?: readonly ('organization' | 'asset')[];
}

const quiet = { color: 'text.secondary', fontSize: '0.8125rem', overflowWrap: 'anywhere' } as const;

// PasswordTable lists passwords, never a value, each with the button that shows
// one for 30 seconds.
export function PasswordTable({ instance, input, empty, without = [] }: Props) {
  const passwords = useList('passwords.list', instance, { limit: 50, ...input });
  const may = useCan(instance, 'reveal');
  const [asked, setAsked] = useState<Password>();
  const [open, setOpen] = useState(false);
  const base = `/instances/${encodeURIComponent(instance)}`;
  const categories = passwords.items.some((p) => p.category);
  const columns = useMemo<Column<Password>[]>(() => {
    const all: Column<Password>[] = [
      {
        name: 'name',
        title: 'Password',
        cell: (p) => (
          <Box sx={{ overflowWrap: 'anywhere' }}>
            <Box sx={{ fontWeight: 560 }}>{p.name}</Box>
            <Box sx={{ ...quiet, display: { sm: 'none' } }}>{p.username}</Box>
            {p.linkage === 'mentioned' && <Tag>Tagged only</Tag>}
            {p.note && <Box sx={quiet}>{sentence(p.note)}</Box>}
          </Box>
        ),
      },
      { name: 'username', title: 'User name', from: 'sm', cell: (p) => (p.username ? <Box sx={{ overflowWrap: 'anywhere' }}>{p.username}</Box> : <Box sx={quiet}>none</Box>) },
      { name: 'category', title: 'Category', from: 'md', cell: (p) => <Box sx={quiet}>{p.category ?? ''}</Box> },
      {
        name: 'organization',
        title: 'Organization',
        from: 'md',
        cell: (p) => (
          <Link component={RouteLink} to={`?organization=${encodeURIComponent(p.organization)}`} color="inherit" sx={{ overflowWrap: 'anywhere' }}>
            {p.organizationName ?? p.organization}
          </Link>
        ),
      },
      {
        name: 'asset',
        title: 'Asset',
        from: 'lg',
        cell: (p) =>
          p.asset ? (
            <Link component={RouteLink} to={`${base}/assets/${encodeURIComponent(p.asset)}`} color="inherit" sx={{ overflowWrap: 'anywhere' }}>
              {p.assetName ?? 'Open the asset'}
            </Link>
          ) : (
            <Box sx={quiet}>none</Box>
          ),
      },
      { name: 'changed', title: 'Last changed', from: 'md', cell: (p) => <Box sx={{ ...quiet, whiteSpace: 'nowrap' }}>{p.changed ? <When at={p.changed} /> : 'not known'}</Box> },
      {
        name: 'reveal',
        title: 'Show',
        quietTitle: true,
        align: 'right',
        width: 100,
        cell: (p) =>
          p.linkage !== 'standalone' && (
            <Button
              size="small"
              startIcon={<VisibilityRounded />}
              disabled={!may}
              aria-label={`Show ${p.name}`}
              onClick={() => {
                setAsked(p);
                setOpen(true);
              }}
            >
              Show
            </Button>
          ),
      },
    ];
    return all.filter((c) => !without.includes(c.name as 'organization') && (categories || c.name !== 'category'));
  }, [base, may, without, categories]);
  return (
    <>
      <DataTable
        label="Passwords"
        columns={columns}
        rows={passwords.items}
        keyOf={(p) => p.id}
        loading={passwords.isPending}
        error={passwords.error}
        retry={() => void passwords.refetch()}
        more={passwords.hasNextPage ? { load: () => void passwords.fetchNextPage(), loading: passwords.isFetchingNextPage } : undefined}
        empty={empty}
      />
      <RevealDialog instance={instance} password={asked} open={open} onClose={() => setOpen(false)} />
    </>
  );
}
