import { Page } from '../../ui/Page';

export function LinksPage() {
  return <Page title="LinksPage">…</Page>;
}
