import { Navigate, useParams } from 'react-router';
import { useCan } from '../../api/session';
import { Page } from '../../ui/Page';
import { Parts } from '../../ui/Parts';
import { People } from './People';
import { Tokens } from './Tokens';

// AccessPage is who may do what on this runner: people, and API tokens. One's own
// sessions are on the account page.
export function AccessPage() {
  const administers = useCan('*', 'administer');
  const part = useParams()['part'] ?? '';
  const parts = [...(administers ? [{ title: 'People', to: '/access/people' }] : []), { title: 'API tokens', to: '/access/tokens' }];
  if (!parts.some((p) => p.to === `/access/${part}`)) return <Navigate to={parts[0]!.to} replace />;
  return (
    <Page title="People and tokens" lead={administers ? 'Who may do what on this runner, and with which roles.' : 'What programs may do in your name.'}>
      <Parts label="People and tokens" parts={parts} />
      {part === 'people' ? <People /> : <Tokens administers={administers} />}
    </Page>
  );
}
