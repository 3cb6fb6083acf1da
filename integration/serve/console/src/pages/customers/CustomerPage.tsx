import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useMemo } from 'react';
import { Link, useParams } from 'react-router';
import { sentence } from '../../api/problem';
import { useRead } from '../../api/query';
import { useCan } from '../../api/session';
import { useInstance } from '../../app/instance';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Loading } from '../../ui/Loading';
import { Page, Panel, Section } from '../../ui/Page';
import { When } from '../../ui/When';
import { Notice, Tag } from '../../ui/tone';
import { PasswordTable } from '../passwords/PasswordTable';
import { Facts } from './Facts';
import { SyncNow } from './SyncNow';
import { useSync } from './useSync';
import { linkStates } from './words';

const withoutOrganization = ['organization'] as const;

// CustomerPage shows one Rev.io customer: how it is linked, what is in step, its
// passwords, and the button that syncs it now.
export function CustomerPage() {
  const instance = useInstance();
  const id = useParams()['customer'] ?? '';
  const shown = useRead('customers.show', instance, { id }, { refetchInterval: 30_000 });
  const operates = useCan(instance, 'operate');
  const syncing = useSync(instance, id);
  const base = `/instances/${encodeURIComponent(instance)}`;
  const crumbs = [{ label: 'Customers', to: `${base}/customers` }];
  const organization = shown.data?.organization?.id ?? '';
  const input = useMemo(() => ({ organization }), [organization]);
  if (shown.error && !shown.data) {
    return (
      <Page title="Customer" crumbs={crumbs}>
        <ErrorState error={shown.error} retry={() => void shown.refetch()} way={{ label: 'Go to the customers', to: `${base}/customers` }} />
      </Page>
    );
  }
  const c = shown.data;
  if (!c) return <Loading label="Loading the customer" />;
  const state = linkStates[c.link];
  return (
    <Page
      title={c.name}
      crumbs={crumbs}
      heading={
        <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
          {c.name}
          <Tag tone={state.tone} sx={{ letterSpacing: 0 }}>
            {state.words}
          </Tag>
        </Box>
      }
      lead={
        <>
          {sentence(c.state.charAt(0).toUpperCase() + c.state.slice(1))}
          {[c.city, c.phone, c.domain].filter(Boolean).length > 0 && ` ${[c.city, c.phone, c.domain].filter(Boolean).join(' · ')}`}
          {c.link === 'accepted' && c.nextRun && (
            <>
              {' Next cycle '}
              <When at={c.nextRun} />.
            </>
          )}
        </>
      }
      actions={
        c.organization && (
          <Button component={Link} to={`${base}/links?state=all&q=${encodeURIComponent(c.organization.name)}`}>
            Look at the link
          </Button>
        )
      }
    >
      {c.attention && (
        <Box sx={{ mb: 3 }}>
          <Notice tone="warn" title="Its link is paused by itself">
            {sentence(c.attention)}
          </Notice>
        </Box>
      )}
      <SyncNow customer={c} {...(operates ? {} : { refused: 'Your role lets you look, not sync. An operator may.' })} syncing={syncing} />
      <Facts customer={c} base={base} />
      <Section title="Passwords" flush>
        <Panel>
          {c.link === 'accepted' ? (
            <PasswordTable instance={instance} input={input} without={withoutOrganization} empty={<EmptyState title="No password is listed">In IT Glue, attach a password to a flexible asset of a selected type: it is listed with the next cycle.</EmptyState>} />
          ) : (
            <EmptyState title="Nothing is listed before the link is accepted" action={<Button component={Link} to={`${base}/links`}>Review the links</Button>}>
              Passwords belong to IT Glue organizations, and this customer stands for none yet.
            </EmptyState>
          )}
        </Panel>
      </Section>
    </Page>
  );
}
