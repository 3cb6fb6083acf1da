// Instances never see each other, also by an address that is typed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStage } from './stage.mjs';

let stage, page, eve;
before(async () => {
  stage = await startStage();
  page = stage.page;
  await stage.instance();
  await stage.ana.call('instance.draft', null, { name: 'other-msp' });
  eve = await stage.person('eve', [{ instance: 'other-msp', roles: ['installer', 'revealer'] }]);
  await stage.as(eve);
});
after(() => stage.close());

test('the address of another tenant is answered 404, as one that is not there', async () => {
  stage.expected = [404];
  for (const path of ['', '/links', '/assets', '/conflicts', '/passwords', '/customers', '/runs', '/setup/1']) {
    const seen = [];
    for (const name of ['kestrel-msp', 'no-such-msp']) {
      const answered = page.waitForResponse((r) => r.url().includes(`/v1/instances/${name}/`));
      await page.goto(`/instances/${name}${path}`);
      assert.equal((await answered).status(), 404, name + path);
      const main = page.getByRole('main');
      // Whoever may not configure is not shown a setup, whichever it is.
      await (path === '/setup/1' ? main.getByText('You may look, but not configure') : main.getByRole('alert').filter({ hasText: `There is no instance ${name}.` })).first().waitFor();
      seen.push((await main.innerText()).replaceAll(name, 'X').replace(/Request\s+\S+/g, 'Request'));
    }
    assert.equal(seen[0], seen[1], path);
  }
});

test('no list names another tenant', async () => {
  stage.expected = [];
  await stage.open('/instances', 'Instances');
  await page.getByRole('link', { name: 'other-msp' }).waitFor();
  assert.ok(!(await page.content()).includes('kestrel-msp'));
  assert.deepEqual((await eve.call('instance.list', null, {})).items.map((i) => i.name), ['other-msp']);
});
