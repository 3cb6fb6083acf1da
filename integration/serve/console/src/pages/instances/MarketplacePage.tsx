import { Page } from '../../ui/Page';

export function MarketplacePage() {
  return <Page title="MarketplacePage">…</Page>;
}
