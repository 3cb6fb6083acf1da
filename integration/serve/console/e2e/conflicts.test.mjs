// A field that both sides changed, settled by a person.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStage, until } from './stage.mjs';

let stage, page;
before(async () => {
  stage = await startStage();
  page = stage.page;
  await stage.typical();
  await stage.as(stage.ana);
});
after(() => stage.close());

test('neither value is overwritten, and the one that is taken is on both sides after the next cycle', async () => {
  const theirs = (await stage.look('/revio/assets')).find((a) => a.ExternalReference && /-SRV-/.test(a.Fields.name) && a.Fields.ipAddress);
  const ours = (await stage.look('/itglue/assets')).find((a) => theirs.ExternalReference.endsWith(a.ID));
  await until(async () => new Date(ours.UpdatedAt) < Date.now() - 1500, 'edits are told apart by their second');
  await stage.edit('itglue', 'asset', ours.ID, 'ip-address', '10.1.1.1');
  await stage.edit('revio', 'asset', theirs.ID, 'ipAddress', '10.2.2.2');
  await stage.ana.run('sync.cycle', 'kestrel-msp', {});
  const values = async () => [(await stage.look('/itglue/assets')).find((a) => a.ID === ours.ID).Traits['ip-address'], (await stage.look('/revio/assets')).find((a) => a.ID === theirs.ID).Fields.ipAddress];
  assert.deepEqual(await values(), ['10.1.1.1', '10.2.2.2']);
  await stage.open('/instances/kestrel-msp/conflicts', 'Conflicts');
  await page.getByRole('tab', { name: /^IP Address/ }).click();
  await page.getByRole('button', { name: `Take Rev.io's value for ${ours.Name}` }).click();
  await page.getByRole('button', { name: `Take Rev.io's value for ${ours.Name}`, pressed: true }).waitFor();
  await page.getByRole('button', { name: 'Sync now' }).click();
  await until(async () => (await values()).join() === '10.2.2.2,10.2.2.2', 'both sides hold the value that was taken');
});

test('a conflict is settled by keyboard', async () => {
  const open = (await stage.ana.call('conflicts.list', 'kestrel-msp', {})).items[0];
  await stage.open(`/instances/kestrel-msp/conflicts?field=${open.field}`, 'Conflicts');
  await page.getByRole('button', { name: /^Take IT Glue's value for/ }).first().waitFor();
  await page.keyboard.press('1');
  await page.getByRole('button', { name: /^Take IT Glue's value for/, pressed: true }).waitFor();
});
