// Review of links by keyboard alone: no mouse event happens on the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStage, until } from './stage.mjs';

let stage, page;
before(async () => {
  stage = await startStage();
  page = stage.page;
  await stage.instance();
  await stage.as(stage.ana);
});
after(() => stage.close());

test('20 links are reviewed by keyboard alone', async () => {
  await page.addInitScript(() => {
    globalThis.mouse = [];
    for (const kind of ['mousedown', 'mouseup', 'pointerdown', 'touchstart', 'wheel']) addEventListener(kind, (e) => globalThis.mouse.push(e.type), true);
  });
  await stage.open('/instances/kestrel-msp', 'kestrel-msp');
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.getByRole('heading', { level: 1, name: 'Links' }).waitFor();
  const grid = page.getByRole('treegrid', { name: 'Links' });
  await grid.getByRole('row', { name: /Brightwater Holdings/ }).first().waitFor();
  const counts = () => stage.ana.call('links.counts', 'kestrel-msp', {});
  const pending = (await counts()).pending;
  // A link without a suggestion is rejected, every fourth of the others, too; one
  // is taken back; one is looked at; two are selected and accepted together.
  let accepted = 0;
  let rejected = 0;
  const active = async () => {
    const id = await grid.getAttribute('aria-activedescendant');
    return page.evaluate((x) => document.getElementById(x)?.textContent ?? '', id);
  };
  while (accepted + rejected < 18) {
    const none = /No suggestion/.test(await active());
    await page.keyboard.press(none || rejected * 4 < accepted ? 'r' : 'a');
    if (none || rejected * 4 < accepted) rejected++;
    else accepted++;
    await until(async () => {
      const c = await counts();
      return c.accepted === accepted && c.rejected === rejected;
    }, `${accepted} accepted, ${rejected} rejected`);
  }
  await page.keyboard.press('u');
  await until(async () => (await counts()).pending === pending - 17, 'the last decision is taken back');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Details' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'hidden' });
  for (let selected = 0; selected < 3; await page.keyboard.press('j')) {
    if (/No suggestion/.test(await active())) continue;
    await page.keyboard.press('x');
    selected++;
  }
  await page.getByRole('status').filter({ hasText: '3 selected' }).waitFor();
  await page.keyboard.press('Shift+A');
  await until(async () => (await counts()).pending === pending - 20, 'the selected ones are accepted');
  assert.deepEqual(await page.evaluate(() => globalThis.mouse), []);
});

test('the details name why, and what else it might be', async () => {
  await stage.open('/instances/kestrel-msp/links', 'Links');
  await page.getByRole('row', { name: /\d %/ }).first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('heading').first().waitFor();
  assert.match(await details.innerText(), /%/);
});
