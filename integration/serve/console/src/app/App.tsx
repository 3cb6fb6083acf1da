import { Suspense, lazy, useEffect } from 'react';
import { Navigate, Route, Routes, useMatch } from 'react-router';
import { onSignedOut } from '../api/client';
import { sessionKey, useSession, waysWithoutAnswer } from '../api/session';
import { ErrorState } from '../ui/ErrorState';
import { Loading } from '../ui/Loading';
import { SetUpPage } from '../pages/signin/SetUpPage';
import { SignInPage } from '../pages/signin/SignInPage';
import { Shell } from './Shell';
import { StepUp } from './StepUp';
import { ToCurrent } from './instance';
import { NotFound } from './NotFound';
import { useQueryClient } from '@tanstack/react-query';

// Every page is a chunk of its own, loaded when it is first opened.
const page = <K extends string>(load: () => Promise<Record<K, React.ComponentType>>, name: K) =>
  lazy(() => load().then((m) => ({ default: m[name] })));

const Marketplace = page(() => import('../pages/instances/MarketplacePage'), 'MarketplacePage');
const Instances = page(() => import('../pages/instances/InstancesPage'), 'InstancesPage');
const Instance = page(() => import('../pages/instance/InstancePage'), 'InstancePage');
const Wizard = page(() => import('../pages/wizard/WizardPage'), 'WizardPage');
const Links = page(() => import('../pages/links/LinksPage'), 'LinksPage');
const Assets = page(() => import('../pages/assets/AssetsPage'), 'AssetsPage');
const Asset = page(() => import('../pages/assets/AssetPage'), 'AssetPage');
const Conflicts = page(() => import('../pages/conflicts/ConflictsPage'), 'ConflictsPage');
const Customers = page(() => import('../pages/customers/CustomersPage'), 'CustomersPage');
const Customer = page(() => import('../pages/customers/CustomerPage'), 'CustomerPage');
const Audit = page(() => import('../pages/audit/AuditPage'), 'AuditPage');
const Embed = lazy(() => import('../pages/embed/EmbedPage').then((m) => ({ default: m.EmbedPage })));
const Passwords = page(() => import('../pages/passwords/PasswordsPage'), 'PasswordsPage');
const Runs = page(() => import('../pages/runs/RunsPage'), 'RunsPage');
const Run = page(() => import('../pages/runs/RunPage'), 'RunPage');
const Compare = page(() => import('../pages/runs/ComparePage'), 'ComparePage');
const Plans = page(() => import('../pages/plans/PlansPage'), 'PlansPage');
const Plan = page(() => import('../pages/plans/PlanPage'), 'PlanPage');
const Settings = page(() => import('../pages/settings/SettingsPage'), 'SettingsPage');
const Access = page(() => import('../pages/people/AccessPage'), 'AccessPage');
const Unready = page(() => import('../pages/account/UnreadyPage'), 'UnreadyPage');
const Account = page(() => import('../pages/account/AccountPage'), 'AccountPage');

// App is the console, or a page of it inside another site, which nobody signs in
// to: its address holds a token.
export function App() {
  const embedded = useMatch('/embed/customers/:customer')?.params.customer;
  if (embedded === undefined) return <Console />;
  return (
    <Suspense fallback={<Loading label="Loading the customer" />}>
      <Embed customer={embedded} />
    </Suspense>
  );
}

function Console() {
  const session = useSession();
  const queries = useQueryClient();
  useEffect(() => {
    onSignedOut(() => void queries.resetQueries({ queryKey: sessionKey }));
    return () => onSignedOut(undefined);
  }, [queries]);

  if (session.isPending) return <Loading label="Opening the console" />;
  if (session.error && session.error.status === 401) {
    const ways = session.error.signIn ?? waysWithoutAnswer;
    return (
      <Routes>
        <Route path="/setup" element={<SetUpPage first={ways.setup} />} />
        <Route path="*" element={ways.setup ? <SetUpPage first /> : <SignInPage ways={ways} />} />
      </Routes>
    );
  }
  if (session.error) return <ErrorState error={session.error} retry={() => void session.refetch()} way={{ label: 'Reload', to: '/' }} />;
  if (session.data.unready) {
    return (
      <Suspense fallback={<Loading label="Loading the page" />}>
        <Unready />
      </Suspense>
    );
  }
  return (
    <Shell session={session.data}>
      <StepUp session={session.data} />
      <Suspense fallback={<Loading label="Loading the page" />}>
        <Routes>
          <Route path="/" element={<ToCurrent page="" />} />
          <Route path="/marketplace" element={<Marketplace />} />
          <Route path="/account" element={<Account />} />
          <Route path="/instances" element={<Instances />} />
          <Route path="/instances/:instance" element={<Instance />} />
          <Route path="/instances/:instance/setup" element={<Wizard />} />
          <Route path="/instances/:instance/setup/:step" element={<Wizard />} />
          <Route path="/instances/:instance/links" element={<Links />} />
          <Route path="/instances/:instance/assets" element={<Assets />} />
          <Route path="/instances/:instance/assets/:asset" element={<Asset />} />
          <Route path="/instances/:instance/conflicts" element={<Conflicts />} />
          <Route path="/instances/:instance/passwords" element={<Passwords />} />
          <Route path="/instances/:instance/customers" element={<Customers />} />
          <Route path="/instances/:instance/customers/:customer" element={<Customer />} />
          <Route path="/audit" element={<Audit />} />
          {['links', 'assets', 'conflicts', 'passwords', 'customers', 'runs', 'plans', 'settings'].map((p) => (
            <Route key={p} path={`/${p}`} element={<ToCurrent page={p} />} />
          ))}
          <Route path="/instances/:instance/runs" element={<Runs />} />
          <Route path="/instances/:instance/runs/compare" element={<Compare />} />
          <Route path="/instances/:instance/runs/:run" element={<Run />} />
          <Route path="/instances/:instance/plans" element={<Plans />} />
          <Route path="/instances/:instance/plans/:plan" element={<Plan />} />
          <Route path="/instances/:instance/settings" element={<Settings />} />
          <Route path="/instances/:instance/settings/:part" element={<Settings />} />
          <Route path="/access" element={<Access />} />
          <Route path="/access/:part" element={<Access />} />
          <Route path="/sign-in" element={<Navigate to="/" replace />} />
          <Route path="/setup" element={<Navigate to="/" replace />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </Shell>
  );
}
