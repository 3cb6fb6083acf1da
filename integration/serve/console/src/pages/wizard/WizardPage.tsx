import { Page } from '../../ui/Page';

export function WizardPage() {
  return <Page title="WizardPage">…</Page>;
}
