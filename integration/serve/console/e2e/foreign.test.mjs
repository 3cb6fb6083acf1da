// What the two systems hold is foreign text: names and traits that would be
// scripts where somebody forgot that.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pages, records } from './pages.mjs';
import { startStage } from './stage.mjs';

const corpus = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '<iframe srcdoc="<script>parent.alert(1)</script>">',
  '<a href="javascript:alert(1)">x</a>',
  'javascript:alert(1)',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '</title><script>alert(1)</script>',
  '<details open ontoggle=alert(1)>',
  '<body onload=alert(1)>',
  '\u202Etxt.exe<img src=x onerror=alert(1)>',
  '=HYPERLINK("http://127.0.0.1/","x")',
];

let stage, page;
before(async () => {
  stage = await startStage();
  page = stage.page;
  const organizations = await stage.look('/itglue/organizations');
  const customers = await stage.look('/revio/customers');
  for (const [i, text] of corpus.entries()) {
    await stage.edit('itglue', 'organization', organizations[i + 1].ID, '', `${text} ${i}`);
    await stage.edit('revio', 'customer', customers[i].ID, 'name', `${text} ${i}`);
  }
  const devices = (await stage.look('/itglue/assets')).filter((a) => a.TypeID === stage.world.workstations);
  for (const [i, text] of corpus.entries()) {
    await stage.edit('itglue', 'asset', devices[i].ID, 'notes', text);
    await stage.edit('itglue', 'asset', devices[i].ID, 'device-name', `${text} ${i}`);
  }
  await stage.edit('itglue', 'field', stage.world.ipField, '', corpus[1]);
  await stage.typical();
  await stage.as(stage.ana);
});
after(() => stage.close());

test('foreign text is shown as text on every page', async () => {
  for (const { path } of pages(await records(stage))) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle');
    assert.equal(await page.getByRole('main').getByRole('img', { name: 'x' }).count(), 0);
    assert.equal(await page.evaluate(() => document.querySelectorAll('main script, main iframe, main [onerror], main [onload], a[href^="javascript:"]').length), 0, path);
  }
  await page.goto('/instances/kestrel-msp/links?state=all&view=list&q=%3Cscript');
  await page.getByRole('row', { name: /<script>alert\(1\)<\/script> 0/ }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Details' }).getByText('<script>alert(1)</script> 0').first().waitFor();
  assert.deepEqual(stage.dialogs, []);
});

test('each record with such a name is shown whole', async () => {
  const assets = (await stage.ana.call('assets.list', 'kestrel-msp', { search: 'alert(1)', limit: 50 })).items;
  assert.ok(assets.length > 5);
  for (const a of assets.slice(0, 12)) {
    await page.goto(`/instances/kestrel-msp/assets/${encodeURIComponent(a.id)}${a.side === 'right' ? '?side=right' : ''}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle');
  }
  assert.deepEqual(stage.dialogs, []);
});
