import AddRounded from '@mui/icons-material/AddRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { Link as RouteLink, useNavigate, useParams, useSearchParams } from 'react-router';
import { useRead, useWrite } from '../../api/query';
import { useCan } from '../../api/session';
import { useInstance } from '../../app/instance';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorState } from '../../ui/ErrorState';
import { Loading } from '../../ui/Loading';
import { Page, Section } from '../../ui/Page';
import { useToasts } from '../../ui/Toasts';
import { When } from '../../ui/When';
import { Notice, Tag } from '../../ui/tone';
import { count } from '../../ui/words';
import { Explained } from './Explained';
import { FieldTable } from './FieldTable';
import { assetStates, sideWords } from './words';

// AssetPage shows one asset: each field on both sides, what the next cycle does,
// and why it is not syncing, with what a person can decide.
export function AssetPage() {
  const instance = useInstance();
  const id = useParams()['asset'] ?? '';
  const [params] = useSearchParams();
  const side = params.get('side') === 'right' ? ('right' as const) : ('left' as const);
  const asset = useRead('assets.show', instance, { id, side }, { refetchInterval: 15_000 });
  const may = useCan(instance, 'operate');
  const link = useWrite('assets.link', instance);
  const create = useWrite('assets.create', instance);
  const ignore = useWrite('assets.ignore', instance);
  const [asking, setAsking] = useState<'create' | 'ignore'>();
  const navigate = useNavigate();
  const { say, fail } = useToasts();
  const base = `/instances/${encodeURIComponent(instance)}`;
  const crumbs = [{ label: 'Assets', to: `${base}/assets` }];

  if (asset.error && !asset.data) {
    return (
      <Page title="Asset" crumbs={crumbs}>
        <ErrorState error={asset.error} retry={() => void asset.refetch()} way={{ label: 'Go to the assets', to: `${base}/assets` }} />
      </Page>
    );
  }
  const a = asset.data;
  if (!a) return <Loading label="Loading the asset" />;
  const state = assetStates[a.state];
  const undecided = a.state === 'held' || a.state === 'only-in-revio';
  const other = sideWords[a.side === 'left' ? 'right' : 'left'];
  const decide = asking === 'create' ? create : ignore;
  return (
    <Page
      title={a.name || a.id}
      crumbs={crumbs}
      heading={
        <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
          {a.name || a.id}
          <Tag tone={state.tone} sx={{ letterSpacing: 0 }}>{state.words}</Tag>
        </Box>
      }
      lead={
        <>
          {a.organizationName}
          {a.customerName && a.customerName !== a.organizationName && ` in IT Glue, ${a.customerName} in Rev.io`}
          {a.itglueAt && (
            <>
              {' · changed in IT Glue '}
              <When at={a.itglueAt} />
            </>
          )}
          {a.revioAt && (
            <>
              {' · in Rev.io '}
              <When at={a.revioAt} />
            </>
          )}
        </>
      }
    >
      <Explained explained={a.explained} state={a.state} instance={instance} />
      {undecided && may && (
        <Section title={a.candidates.length > 0 ? `Which ${other} asset is it?` : 'What is to be done with it?'}>
          {a.candidates.length > 0 && (
            <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, mb: 2, display: 'grid', gap: 1 }}>
              {a.candidates.map((c) => (
                <Box component="li" key={c.id} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', border: '1px solid', borderColor: 'divider', borderRadius: '10px', px: 2, py: 1.25 }}>
                  <Box sx={{ flex: '1 1 220px', minWidth: 0 }}>
                    <Box sx={{ fontWeight: 560, overflowWrap: 'anywhere' }}>{c.name || c.id}</Box>
                    <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem', overflowWrap: 'anywhere' }}>{Object.values(c.fields).filter(Boolean).slice(0, 4).join(' · ') || 'no mapped field has a value'}</Box>
                  </Box>
                  {c.organization === a.organization ? (
                    <Button
                      loading={link.isPending}
                      onClick={() => link.mutate({ id: a.side === 'left' ? a.id : c.id, revioId: a.side === 'left' ? c.id : a.id }, { onError: fail, onSuccess: () => {
                        say(`${a.name} is linked with ${c.name}. The next cycle brings them in step.`);
                        void asset.refetch();
                      } })}
                    >
                      It is this one
                    </Button>
                  ) : (
                    <Typography variant="body2" color="text.secondary">
                      It belongs to {c.organizationName}. Correct the one that is wrong.
                    </Typography>
                  )}
                </Box>
              ))}
            </Box>
          )}
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
            <Button startIcon={<AddRounded />} onClick={() => setAsking('create')}>
              {a.candidates.length > 0 ? `None of them: make it in ${other}` : `Make it in ${other}`}
            </Button>
            <Button onClick={() => setAsking('ignore')}>Ignore it</Button>
          </Box>
        </Section>
      )}
      <Section title="Fields" flush>
        <FieldTable instance={instance} asset={a} mayRestore={may} refetch={() => void asset.refetch()} />
      </Section>
      {a.passwords > 0 && (
        <Notice tone="quiet" action={<Button component={RouteLink} to={`${base}/passwords?asset=${encodeURIComponent(a.id)}`}>Look at {a.passwords === 1 ? 'it' : 'them'}</Button>}>
          {count(a.passwords, 'password is', 'passwords are')} attached to it. Their values stay in IT Glue.
        </Notice>
      )}
      {a.linkedWith && (
        <Typography variant="body2" color="text.secondary" sx={{ mt: 2 }}>
          Linked: {sideWords[a.side]} {a.id}, {other} {a.linkedWith}
        </Typography>
      )}
      <ConfirmDialog
        open={asking !== undefined}
        title={asking === 'create' ? `Make “${a.name}” in ${other}?` : `Ignore “${a.name}”?`}
        confirm={asking === 'create' ? `Make it in ${other}` : 'Ignore it'}
        busy={decide.isPending}
        error={decide.error}
        onClose={() => setAsking(undefined)}
        onConfirm={() =>
          decide.mutate({ id: a.id, side: a.side }, { onSuccess: () => {
            setAsking(undefined);
            say(asking === 'create' ? `It is made in ${other} with the next cycle.` : `${a.name} is left alone from now on.`);
            if (asking === 'ignore') void navigate(`${base}/assets?state=held`);
            else void asset.refetch();
          } })
        }
      >
        {asking === 'create' ? `You say that it is none of those ${other} has. The next cycle makes it there once, and keeps both in step from then on.` : 'It is left alone on both sides, and no longer shown as held. Nothing is deleted. It can be linked or made later.'}
      </ConfirmDialog>
    </Page>
  );
}
