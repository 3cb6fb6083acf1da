import GroupAddRounded from '@mui/icons-material/GroupAddRounded';
import MoreHorizRounded from '@mui/icons-material/MoreHorizRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from '../../api/client';
import { keyOf } from '../../api/query';
import { useSession } from '../../api/session';
import type { Item, Output } from '../../api/types';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Once } from '../../ui/Once';
import { Panel } from '../../ui/Page';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import { moment } from '../../ui/words';
import { Invite, RemoveUser, Roles, UserSessions, NewUser } from './UserDialogs';

export type User = Item<'users.list'>;
type Doing = 'roles' | 'invite' | 'sessions' | 'remove';

// People lists the accounts with their roles; from here they are made, invited
// and removed.
export function People() {
  const query = useInfiniteQuery({
    queryKey: keyOf('users.list', null, {}),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => call('users.list', null, pageParam ? { after: pageParam } : {}, { signal }),
    getNextPageParam: (last: Output<'users.list'>) => last.next || undefined,
  });
  const self = useSession().data?.user.id;
  const [making, setMaking] = useState(false);
  const [doing, setDoing] = useState<{ what: Doing; user: User }>();
  const [menu, setMenu] = useState<{ at: HTMLElement; user: User }>();
  const [invited, setInvited] = useState<{ name: string; path: string; expires: string | undefined }>();
  const users = (query.data?.pages ?? []).flatMap((p) => p.items);
  const begin = (what: Doing) => {
    if (menu) setDoing({ what, user: menu.user });
    setMenu(undefined);
  };
  const end = () => setDoing(undefined);
  const show = (made: Output<'users.invite'>) => {
    if (made.path) setInvited({ name: made.user.display || made.user.name, path: made.path, expires: made.expires });
  };
  return (
    <>
      <Box sx={{ display: 'flex', justifyContent: 'flex-end', mb: 1.5 }}>
        <Button variant="contained" color="primary" startIcon={<GroupAddRounded />} onClick={() => setMaking(true)}>
          Invite somebody
        </Button>
      </Box>
      <Panel>
        <DataTable
          label="People"
          rows={users}
          keyOf={(u) => u.id}
          loading={query.isPending}
          error={query.error}
          retry={() => void query.refetch()}
          more={query.hasNextPage ? { load: () => void query.fetchNextPage(), loading: query.isFetchingNextPage } : undefined}
          empty={<EmptyState title="Nobody has an account yet">Invite somebody: a link that works once lets them choose their password.</EmptyState>}
          columns={[
            {
              name: 'name',
              title: 'Who',
              cell: (u) => (
                <Box sx={{ overflowWrap: 'anywhere' }}>
                  <Box sx={{ fontWeight: 560 }}>
                    {u.display || u.name} {u.id === self && <Tag tone="info">you</Tag>} {u.service && <Tag>service account</Tag>}
                  </Box>
                  {u.display && <Box sx={{ color: 'text.secondary' }}>{u.name}</Box>}
                </Box>
              ),
            },
            {
              name: 'roles',
              title: 'Roles',
              cell: (u) => (
                <Box sx={{ display: 'grid', gap: 0.5 }}>
                  {u.grants.length === 0 && <Box sx={{ color: 'text.secondary' }}>none</Box>}
                  {u.grants.map((g) => (
                    <Box key={g.instance} sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, alignItems: 'center' }}>
                      <Box component="span" sx={{ color: 'text.secondary' }}>{g.instance === '*' ? 'all' : g.instance}</Box>
                      {g.roles.map((r) => (
                        <Tag key={r}>{r}</Tag>
                      ))}
                    </Box>
                  ))}
                </Box>
              ),
            },
            { name: 'with', title: 'Signs in with', from: 'md', cell: (u) => <>{u.signsInWith}{u.secondFactor && ', second factor'}</> },
            { name: 'seen', title: 'Last signed in', from: 'md', cell: (u) => (u.service ? '' : <When at={u.signedIn} />) },
            {
              name: 'do',
              title: 'What to do',
              quietTitle: true,
              align: 'right',
              width: 56,
              cell: (u) => (
                <IconButton size="small" aria-label={`What to do with ${u.name}`} aria-haspopup="menu" onClick={(e) => setMenu({ at: e.currentTarget, user: u })}>
                  <MoreHorizRounded fontSize="small" />
                </IconButton>
              ),
            },
          ]}
        />
      </Panel>
      <Menu open={menu !== undefined} anchorEl={menu?.at ?? null} onClose={() => setMenu(undefined)}>
        <MenuItem onClick={() => begin('roles')}>Change the name or roles</MenuItem>
        {!menu?.user.service && <MenuItem onClick={() => begin('invite')}>New one-time link</MenuItem>}
        {!menu?.user.service && <MenuItem onClick={() => begin('sessions')}>Sessions</MenuItem>}
        {menu?.user.id !== self && <MenuItem onClick={() => begin('remove')}>Remove</MenuItem>}
      </Menu>
      {making && <NewUser onClose={() => setMaking(false)} onMade={show} />}
      {doing?.what === 'roles' && <Roles user={doing.user} onClose={end} />}
      {doing?.what === 'invite' && <Invite user={doing.user} onClose={end} onMade={show} />}
      {doing?.what === 'sessions' && <UserSessions user={doing.user} onClose={end} />}
      {doing?.what === 'remove' && <RemoveUser user={doing.user} onClose={end} />}
      {invited && (
        <Once title={`A link for ${invited.name}`} value={location.origin + invited.path} label="Copy the link" onClose={() => setInvited(undefined)}>
          Give it to {invited.name} in a way that only they read. It lets them choose their password, works once{invited.expires && ` and until ${moment(invited.expires)}`}, and is not shown again.
        </Once>
      )}
    </>
  );
}
