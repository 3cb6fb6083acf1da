// Times of the console with 10,000 links, each beside its limit. Run it by
// scripts/bench console, on a quiet machine.
import { startStage } from './stage.mjs';

const links = 10_000;
const at = '/instances/kestrel-msp/links';
const rows = [];
const note = (what, ms, limit) => rows.push({ what, ms, limit });
const since = (start) => performance.now() - start;
const share = (all, p) => [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * p))];

const stage = await startStage({ assets: 240, organizations: links - 63 });
try {
  const { page, ana } = stage;
  const begun = performance.now();
  await stage.instance();
  const matched = since(begun);
  const counts = await ana.call('links.counts', 'kestrel-msp', {});
  console.log(`${counts.all} links, ${counts.suggested} suggested; set up and matched in ${(matched / 1000).toFixed(1)} s`);

  const lists = [];
  for (let cursor = ''; lists.length < 200; ) {
    const start = performance.now();
    const list = await ana.call('links.list', 'kestrel-msp', { limit: 50, sort: 'score', ...(cursor ? { cursor } : {}) });
    lists.push(since(start));
    cursor = list.next ?? '';
  }
  note('list of 50 links over HTTP, p95', share(lists, 0.95), 50);

  await stage.as(ana);
  const views = [];
  for (let i = 0; i < 5; i++) {
    const fresh = await stage.context.newPage();
    const start = performance.now();
    await fresh.goto(at);
    await fresh.getByRole('row', { name: /\d %/ }).first().waitFor();
    views.push(since(start));
    await fresh.close();
  }
  note('first useful view of the review, median of 5', share(views, 0.5), 1500);

  await page.goto(at);
  await page.getByRole('row', { name: /\d %/ }).first().waitFor();
  await page.evaluate(() => {
    globalThis.painted = [];
    addEventListener('keydown', () => {
      const start = performance.now();
      requestAnimationFrame(() => requestAnimationFrame(() => globalThis.painted.push(performance.now() - start)));
    }, true);
  });
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press(i % 20 === 19 ? 'PageDown' : 'j');
    await page.waitForFunction((n) => globalThis.painted.length === n, i + 1);
  }
  note('key to paint, with two frames, p95 of 200', share(await page.evaluate(() => globalThis.painted), 0.95), 100);

  const ids = [];
  for (let cursor = ''; ids.length < 1000; ) {
    const list = await ana.call('links.list', 'kestrel-msp', { limit: 200, state: 'pending', sort: 'score', ...(cursor ? { cursor } : {}) });
    ids.push(...list.items.map((l) => l.id));
    cursor = list.next;
  }
  const start = performance.now();
  await ana.call('links.accept', 'kestrel-msp', { id: ids.slice(0, 1000) });
  note('1,000 links accepted over HTTP', since(start), 1000);
} finally {
  await stage.close();
}
console.log(`\n${'what'.padEnd(48)}${'ms'.padStart(8)}${'limit'.padStart(8)}${'ratio'.padStart(8)}`);
for (const { what, ms, limit } of rows) console.log(what.padEnd(48) + ms.toFixed(0).padStart(8) + String(limit).padStart(8) + (ms / limit).toFixed(2).padStart(8));
