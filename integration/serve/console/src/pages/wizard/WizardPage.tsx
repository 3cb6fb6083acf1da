import Button from '@mui/material/Button';
import { useEffect } from 'react';
import { useParams } from 'react-router';
import { useRead } from '../../api/query';
import { useCan } from '../../api/session';
import { useInstance } from '../../app/instance';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Loading } from '../../ui/Loading';
import { Page } from '../../ui/Page';
import { Link } from 'react-router';
import { loadForms } from './StepForm';
import { Wizard } from './Wizard';
import { stepOf } from './steps';

// WizardPage loads an instance's configuration and opens the step of the
// address.
export function WizardPage() {
  useEffect(loadForms, []);
  const instance = useInstance();
  const may = useCan(instance, 'configure');
  const at = stepOf(useParams()['step']);
  const setup = useRead('instance.show', instance, {}, { staleTime: 30_000, enabled: may });
  if (!may) {
    return (
      <Page title="Setup">
        <EmptyState title="You may look, but not configure" action={<Button component={Link} to={`/instances/${encodeURIComponent(instance)}`}>Go to the overview</Button>}>
          The setup of {instance} needs the role installer. An administrator can grant it.
        </EmptyState>
      </Page>
    );
  }
  if (setup.error) {
    return (
      <Page title="Setup">
        <ErrorState error={setup.error} retry={() => void setup.refetch()} />
      </Page>
    );
  }
  if (!setup.data) return <Loading label="Loading the setup" />;
  return <Wizard key={instance} instance={instance} setup={setup.data} at={at} />;
}
