// Every page, in light and dark, wide and narrow, empty, typical and with a
// server that does not answer: no violation that axe knows of, and nothing that
// must be scrolled sideways.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { pages, records } from './pages.mjs';
import { startStage } from './stage.mjs';

const widths = { 1280: 900, 768: 1000, 360: 740 };
const every = Object.keys(widths).flatMap((w) => ['light', 'dark'].map((theme) => [Number(w), theme]));
const some = [
  [1280, 'light'],
  [360, 'dark'],
];

let stage, page, all;
before(async () => {
  stage = await startStage();
  page = stage.page;
  await stage.typical();
  all = pages(await records(stage));
  // Nothing was read for this one yet.
  await stage.ana.call('instance.apply', null, { document: JSON.stringify({ ...JSON.parse(stage.world.document), name: 'empty-msp' }), offline: true });
  await stage.as(stage.ana);
});
after(() => stage.close());

// scan looks at the page as it is, in some forms, and gives what is wrong.
async function scan(what, forms) {
  const wrong = [];
  for (const [width, colorScheme] of forms) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: widths[width] });
    await page.evaluate((c) => document.documentElement.setAttribute('data-theme', c), colorScheme);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    for (const v of violations) for (const n of v.nodes) wrong.push(`${what} ${width} ${colorScheme}: ${v.id}: ${n.html.slice(0, 200)} ${n.any.concat(n.all, n.none).map((c) => c.message).join('; ').slice(0, 200)}`);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (sideways > 0) wrong.push(`${what} ${width}: it is ${sideways} px too wide`);
  }
  return wrong;
}

async function visit(path) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForLoadState('networkidle');
}

test('typical pages', async () => {
  const wrong = [];
  for (const { name, path } of all) {
    await visit(path);
    wrong.push(...(await scan(name, every)));
  }
  assert.deepEqual(wrong, []);
});

test('empty pages', async () => {
  const wrong = [];
  for (const { name, path } of all.filter((p) => p.path.startsWith('/instances/kestrel-msp') && !/\/(assets|customers|runs|plans)\/./.test(p.path))) {
    await visit(path.replace('kestrel-msp', 'empty-msp'));
    wrong.push(...(await scan(`${name}, empty`, some)));
  }
  await visit('/no-such-page');
  wrong.push(...(await scan('not found', some)));
  assert.deepEqual(wrong, []);
});

test('pages that the server does not answer', async () => {
  stage.expected = [503];
  const wrong = [];
  const problem = { type: 'urn:itglue-revio:problem:unavailable', title: 'Not available', status: 503, detail: 'the database is busy', code: 'unavailable', do: 'Try again.', requestId: 'AAAAAAAAAAAAAAAA' };
  await page.route(/\/v1\/.*actions\/(?!instance\.list)/, (r) => r.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }));
  for (const { name, path } of all) {
    await visit(path);
    await page.getByText(/database is busy/i).first().waitFor();
    wrong.push(...(await scan(`${name}, error`, some)));
    assert.ok((await page.getByRole('main').getByRole('button').count()) + (await page.getByRole('main').getByRole('link').count()) > 0, `${name} is a dead end`);
  }
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  stage.expected = [];
  assert.deepEqual(wrong, []);
});

test('dialogs', async () => {
  const wrong = [];
  const press = (key) => () => page.keyboard.press(key);
  const click = (name) => () => page.getByRole('button', { name }).first().click();
  for (const [name, path, open] of [
    ['palette', '/instances/kestrel-msp', press('Control+k')],
    ['shortcuts', '/instances/kestrel-msp', press('?')],
    ['a link in detail', '/instances/kestrel-msp/links?state=accepted', press('Enter')],
    ['reassign', '/instances/kestrel-msp/links', press('m')],
    ['reveal', '/instances/kestrel-msp/passwords', click(/^Show .+ BIOS$/)],
    ['new instance', '/marketplace', click(/^Configure/)],
  ]) {
    await visit(path);
    await open();
    await page.getByRole(/detail/.test(name) ? 'complementary' : 'dialog').last().waitFor();
    wrong.push(...(await scan(name, name === 'a link in detail' ? [[1280, 'light'], [1280, 'dark']] : some)));
  }
  assert.deepEqual(wrong, []);
});

test('signing in', async () => {
  stage.expected = [401];
  await stage.context.clearCookies();
  await visit('/');
  const wrong = await scan('sign-in', every);
  await visit('/setup#token=ivt_x');
  wrong.push(...(await scan('set-up', some)));
  assert.deepEqual(wrong, []);
});
