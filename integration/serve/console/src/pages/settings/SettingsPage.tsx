import { Navigate, useParams } from 'react-router';
import { useCan } from '../../api/session';
import { useInstance } from '../../app/instance';
import { Page } from '../../ui/Page';
import { Parts } from '../../ui/Parts';
import { AlertSettings } from './AlertSettings';
import { InstanceFile } from './InstanceFile';
import { Rules } from './Rules';

// SettingsPage is what an instance does beside the wizard's answers: its rules,
// who is told of trouble, and its file.
export function SettingsPage() {
  const instance = useInstance();
  const base = `/instances/${encodeURIComponent(instance)}/settings`;
  const part = useParams()['part'] ?? '';
  const configures = useCan(instance, 'configure');
  const parts = [
    { title: 'Schedule and rules', to: base },
    { title: 'Alerts', to: `${base}/alerts` },
    ...(configures ? [{ title: 'Instance file', to: `${base}/file` }] : []),
  ];
  const pages: Record<string, React.ReactNode> = {
    '': <Rules key={instance} instance={instance} may={configures} />,
    alerts: <AlertSettings key={instance} instance={instance} may={configures} />,
    ...(configures ? { file: <InstanceFile key={instance} instance={instance} /> } : {}),
  };
  if (!(part in pages)) return <Navigate to={base} replace />;
  return (
    <Page title="Settings" width="narrow" lead={`How ${instance} works. Connections, types and fields are in its setup.`} crumbs={[{ label: instance, to: `/instances/${encodeURIComponent(instance)}` }]}>
      <Parts label="Settings" parts={parts} />
      {pages[part]}
    </Page>
  );
}
