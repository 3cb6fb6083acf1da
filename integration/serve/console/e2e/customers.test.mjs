// The Sync button, for a customer that IT Glue does not have yet.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStage } from './stage.mjs';

let stage, page;
before(async () => {
  stage = await startStage();
  page = stage.page;
  await stage.typical();
  await stage.as(stage.ana);
});
after(() => stage.close());

test('Sync makes the organization of a new customer once, with its assets', async () => {
  const named = async () => (await stage.look('/itglue/organizations')).filter((o) => o.Name === 'Zephyr Kitesurf School');
  assert.equal((await named()).length, 0);
  await stage.open('/instances/kestrel-msp/customers?q=Zephyr', 'Customers');
  await page.getByRole('link', { name: /Zephyr Kitesurf School/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Zephyr Kitesurf School' }).waitFor();
  await page.getByRole('button', { name: /^Sync/ }).first().click();
  await page.getByRole('status').filter({ hasText: 'Made the organization in IT Glue' }).first().waitFor();
  assert.equal((await named()).length, 1);
  const of = (await named())[0].ID;
  assert.deepEqual((await stage.look('/itglue/assets')).filter((a) => a.OrganizationID === of).map((a) => a.Name), ['Sail Designer'], 'what is unclear is not made, and said');
  await page.getByRole('status').filter({ hasText: 'ZKS-LT-01' }).waitFor();
  const again = page.waitForResponse((r) => r.url().endsWith('/actions/sync.customer'));
  await page.getByRole('button', { name: /^Sync/ }).first().click();
  await again;
  await page.getByRole('status').filter({ hasNotText: 'Made the organization' }).filter({ hasText: /step|nothing|updated|made/i }).first().waitFor();
  assert.equal((await named()).length, 1);
});
