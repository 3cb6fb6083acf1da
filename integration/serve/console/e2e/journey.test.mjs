// The first day of an installer, all by the pages: from an invitation to the
// first asset that is in Rev.io. Then a trait is renamed in IT Glue.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { codeOf, password, startStage, steps, until } from './stage.mjs';

const instance = 'acme-msp';
const step = steps(test);
let stage, page;
const button = (name) => page.getByRole('button', { name });
const title = (name) => page.getByRole('heading', { level: 1, name }).waitFor();

before(async () => {
  stage = await startStage();
  page = stage.page;
});
after(() => stage.close());

step('whoever was invited chooses a password and sets up a second factor', async () => {
  stage.expected = [401, 403]; // nobody is signed in yet, and then somebody without a second factor
  const { token } = await stage.first.call('users.create', null, { name: 'ines', display: 'Ines', grants: [{ instance: '*', roles: ['administrator'] }] });
  await page.goto(`/setup#token=${token}`);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
  await page.getByRole('textbox', { name: 'Password, once more' }).fill(password);
  await button('Set the password').click();
  await title('Set up a second factor');
  await button('Set up an authenticator app').click();
  const code = page.getByRole('textbox', { name: 'First code of the app' });
  await code.waitFor();
  const secret = /\b[A-Z2-7]{4}( [A-Z2-7]{1,4}){7}/.exec(await page.getByRole('main').innerText())[0].replaceAll(' ', '');
  await code.fill(codeOf(secret));
  await button('Confirm').click();
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
  assert.equal(await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').count(), 10);
  await button('I have kept them').click();
  await title('Marketplace');
  stage.expected = [];
});

step('the card opens the wizard, with what is needed before it', async () => {
  await page.getByRole('heading', { name: 'IT Glue Integration' }).waitFor();
  await button('Configure').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(instance);
  await button('Start the setup').click();
  await title('Before you begin');
  await page.getByRole('status').filter({ hasText: /\d of \d are in place/ }).waitFor();
  await button('Start').click();
  await title('Connections');
});

step('a wrong region is named by the test, and healed by the fix that it offers', async () => {
  const { credentials } = stage.world;
  await page.getByRole('textbox', { name: 'Rev.io site' }).fill(credentials.tenant);
  await page.getByRole('textbox', { name: 'Client ID' }).fill(credentials.clientId);
  await page.getByRole('textbox', { name: 'Client Secret' }).fill(credentials.clientSecret);
  await page.getByRole('combobox', { name: 'IT Glue Region' }).click();
  await page.getByRole('option', { name: /^US/ }).click();
  await page.getByRole('textbox', { name: 'API Key' }).fill(credentials.apiKey);
  await button('Test and go on').click();
  const tests = page.getByRole('region', { name: 'Test of the connections' });
  await tests.getByRole('status').filter({ hasText: 'failed' }).waitFor();
  await tests.getByRole('button', { name: /EU/ }).click();
  await tests.getByRole('status').filter({ hasText: 'Both systems answer' }).waitFor();
  assert.match(await page.getByRole('combobox', { name: 'IT Glue Region' }).innerText(), /^EU/);
  const shown = await page.content();
  for (const secret of [credentials.clientSecret, credentials.apiKey]) assert.ok(!shown.includes(secret), 'a stored secret is not shown again');
  await button(/^(Next|Continue with warnings)$/).click();
  await title('Select Flexible Asset Types');
});

step('types are selected, and what stays invisible is said', async () => {
  await page.getByRole('status').filter({ hasText: /password.* will stay invisible/ }).waitFor();
  for (const name of [/^Workstations/, /^Servers/, /^Network Devices/, /^Software Licenses/]) await page.getByRole('checkbox', { name }).check();
  await button('Next').click();
  await title('Map Asset Fields');
});

step('fields are mapped by suggestions, with samples of what Rev.io would get', async () => {
  for (const name of [/^Workstations/, /^Servers/, /^Network Devices/, /^Software Licenses/]) {
    await page.getByRole('tab', { name }).click();
    await page.getByRole('status').filter({ hasText: /^Looked at/ }).waitFor();
    const use = button(/^Use \d+ suggestions?$/);
    if (await use.isVisible()) await use.click();
  }
  await page.getByRole('tab', { name: /^Workstations/ }).click();
  const serial = page.getByRole('combobox', { name: 'Serial Number' });
  await until(async () => (await serial.innerText()) === 'Serial Number', 'the serial number is mapped');
  const device = (await stage.look('/itglue/assets')).find((a) => a.TypeID === stage.world.workstations);
  assert.ok((await page.getByRole('tabpanel').getByRole('table').innerText()).includes(device.Name.split('-')[1]));
  await button('Next').click();
  await title('Map Asset Types');
});

step('types are mapped, Finish starts the match, and nothing is written', async () => {
  await button(/^Use \d+ suggestions?$/).click();
  for (const name of ['Workstations', 'Servers', 'Network Devices', 'Software Licenses']) {
    const select = page.getByRole('combobox', { name: `Rev.io Asset Type for ${name}` });
    if (!/Equipment|License/.test(await select.innerText())) {
      await select.click();
      await page.getByRole('option', { name: 'Equipment' }).click();
    }
  }
  await page.getByRole('status').filter({ hasText: /will create up to/i }).waitFor();
  await button('Finish').click();
  await title('Links');
  await page.getByRole('row', { name: /Brightwater Holdings/ }).first().waitFor();
  assert.equal(await stage.look('/revio/writes'), 0);
});

step('sure links are accepted together, after a preview', async () => {
  await button('Accept all that are sure').click();
  const dialog = page.getByRole('dialog', { name: 'Accept all that are sure' });
  await dialog.getByRole('button', { name: /^Accept \d+ links$/ }).click();
  await dialog.waitFor({ state: 'hidden' });
  await until(async () => /Accepted [1-9]/.test(await page.getByRole('tab', { name: /^Accepted/ }).innerText()), 'some are accepted');
});

step('the first asset is in Rev.io after the first sync, and the page shows it', async () => {
  const before = (await stage.look('/revio/assets')).length;
  await page.goto(`/instances/${instance}`);
  await button('Sync now').click();
  await until(async () => (await stage.look('/revio/assets')).length > before, 'an asset is made in Rev.io');
  await page.getByRole('region', { name: 'What happened' }).getByRole('link', { name: /created/ }).first().waitFor();
  const made = (await stage.look('/revio/assets')).find((a) => a.ExternalReference);
  await page.goto(`/instances/${instance}/assets?q=${encodeURIComponent(made.Fields.name)}`);
  await page.getByRole('row', { name: new RegExp(`${made.Fields.name}.*In step`) }).first().waitFor();
});

step('a trait that is renamed in IT Glue is seen, and goes on syncing', async () => {
  await stage.edit('itglue', 'field', stage.world.ipField, '', 'LAN Address');
  await page.goto(`/instances/${instance}`);
  await button('Sync now').click();
  await page.getByRole('main').getByText('LAN Address').first().waitFor();
  await page.goto(`/instances/${instance}/setup/3`);
  await page.getByRole('tab', { name: /^Workstations/ }).click();
  await until(async () => (await page.getByRole('combobox', { name: 'IP Address' }).innerText()) === 'LAN Address', 'the mapping follows the new name');
});
