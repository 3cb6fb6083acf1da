import { Page } from '../../ui/Page';

export function AssetsPage() {
  return <Page title="AssetsPage">…</Page>;
}
