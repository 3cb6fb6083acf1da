// A picture of every page of a typical instance, 1280 wide, into the folder that
// is named. Run it by scripts/pictures.
import { join } from 'node:path';
import { pages, records } from './pages.mjs';
import { startStage } from './stage.mjs';

const folder = process.argv[2];
const stage = await startStage({ assets: 1200 });
try {
  const { page } = stage;
  await stage.typical();
  const all = pages(await records(stage)).filter((p) => !p.unpictured);
  await stage.as(stage.ana);
  await page.setViewportSize({ width: 1280, height: 800 });
  const take = (name) => page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  const visit = async (path) => {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle');
  };
  for (const { name, path } of all) {
    await visit(path);
    await take(name);
  }
  await visit('/instances/kestrel-msp/links?state=all&view=list');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Details' }).getByRole('heading').first().waitFor();
  await page.waitForLoadState('networkidle');
  await take('link');
  await page.emulateMedia({ colorScheme: 'dark' });
  await visit('/instances/kestrel-msp/links');
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
  await take('links-dark');
  await page.setViewportSize({ width: 360, height: 740 });
  await visit('/instances/kestrel-msp');
  await take('overview-narrow');
} finally {
  await stage.close();
}
