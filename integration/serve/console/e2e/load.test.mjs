// What a browser loads before the first page, counted from its requests.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStage } from './stage.mjs';

let stage;
before(async () => {
  stage = await startStage();
  await stage.instance();
  await stage.as(stage.ana);
});
after(() => stage.close());

const limits = { '/instances': 250_000, '/instances/kestrel-msp': 250_000, '/instances/kestrel-msp/links': 250_000, '/instances/kestrel-msp/setup/1': 380_000 };

for (const [path, limit] of Object.entries(limits)) {
  test(`${path} loads at most ${limit / 1000} kB of scripts`, async () => {
    const fresh = await stage.context.newPage();
    const cdp = await stage.context.newCDPSession(fresh);
    await cdp.send('Network.enable');
    await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
    const scripts = new Set();
    let bytes = 0;
    cdp.on('Network.responseReceived', (e) => e.type === 'Script' && scripts.add(e.requestId));
    cdp.on('Network.loadingFinished', (e) => scripts.has(e.requestId) && (bytes += e.encodedDataLength));
    await fresh.goto(path);
    await fresh.getByRole('heading', { level: 1 }).first().waitFor();
    await fresh.waitForLoadState('networkidle');
    await fresh.close();
    assert.ok(scripts.size > 0 && bytes <= limit, `${bytes} bytes in ${scripts.size} scripts`);
    console.log(`${path}: ${(bytes / 1000).toFixed(0)} kB in ${scripts.size} scripts`);
  });
}
