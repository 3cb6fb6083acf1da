// A password is shown for 30 seconds, and not one moment longer. What every
// suite checks when it ends says that no value was left behind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStage, until } from './stage.mjs';

let stage, page, value;
before(async () => {
  stage = await startStage();
  page = stage.page;
  await stage.typical();
  await stage.as(stage.ana);
  await page.clock.install();
  page.on('response', (r) => {
    if (r.url().endsWith('/actions/passwords.reveal')) headers.push(r.headers()['cache-control']);
  });
});
after(() => stage.close());

const headers = [];
const dialog = () => page.getByRole('dialog');
const holds = async () => {
  const text = await page.evaluate(() => document.documentElement.innerHTML + document.documentElement.innerText + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.title + location.href + JSON.stringify(history.state));
  return stage.world.canaries.some((c) => text.includes(c));
};

async function ask() {
  await page.getByRole('combobox', { name: 'Why do you need it?' }).click();
  await page.getByRole('option').first().click();
  await show();
}

async function show() {
  await page.getByRole('button', { name: 'Show for 30 seconds' }).click();
  await page.getByRole('button', { name: 'Hide now' }).waitFor();
  const text = await dialog().getByRole('code').innerText();
  assert.ok(stage.world.canaries.includes(text), 'it is the live value');
  assert.ok(await holds());
  value = text;
}

const gone = () => until(async () => !(await holds()), 'the value is gone from the page');

test('a list of passwords holds no value', async () => {
  await stage.open('/instances/kestrel-msp/passwords', 'Passwords');
  await page.getByRole('row').nth(1).waitFor();
  assert.ok(!(await holds()));
});

test('a value is shown for a reason, and hidden after 30 seconds', async () => {
  await page.getByRole('button', { name: /^Show .+ BIOS$/ }).first().click();
  await ask();
  await page.clock.fastForward(31_000);
  await gone();
  await dialog().getByRole('status').filter({ hasText: 'hidden after 30 seconds' }).waitFor();
});

test('it is hidden by its person', async () => {
  await show();
  await page.getByRole('button', { name: 'Hide now' }).click();
  await gone();
});

test('it is hidden when its person leaves the window', async () => {
  await show();
  await page.evaluate(() => dispatchEvent(new Event('blur')));
  await gone();
  await dialog().getByRole('status').filter({ hasText: 'left this window' }).waitFor();
});

test('each access is in the audit log, and none of its answers may be kept', async () => {
  const log = await stage.ana.call('passwords.accesses', 'kestrel-msp', {});
  assert.equal(log.items.length, 3);
  assert.deepEqual(headers.map((h) => /no-store/.test(h)), [true, true, true]);
  assert.ok(value);
});

test('whoever may not reveal sees the list, and can ask for no value', async () => {
  await stage.as(await stage.person('vera', [{ instance: 'kestrel-msp', roles: ['viewer'] }]));
  await stage.open('/instances/kestrel-msp/passwords', 'Passwords');
  await page.getByRole('row').nth(1).waitFor();
  assert.ok((await page.getByRole('button', { name: /^Show .+ BIOS$/, disabled: true }).count()) > 0);
  assert.equal(await page.getByRole('button', { name: /^Show .+ BIOS$/, disabled: false }).count(), 0);
});
