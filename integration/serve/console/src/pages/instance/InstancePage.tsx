import { Page } from '../../ui/Page';

export function InstancePage() {
  return <Page title="InstancePage">…</Page>;
}
