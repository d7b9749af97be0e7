import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, Visitor } from './house/browser.js';
import { Town } from './house/town.js';

let town: Town;
let browser: Browser;

beforeAll(async () => {
  town = await Town.start({
    RATHAUS_TOWN_NAME: 'Musterstadt',
    RATHAUS_TOWN_IMPRINT: '# Impressum\n\nStadt Musterstadt, Rathausplatz 1',
  });
  browser = await openChromium();
});

afterAll(async () => {
  await browser?.close();
  await town?.leave();
});

test.each([
  ['/imprint', 'imprint'],
  ['/privacy', 'privacy'],
  ['/accessibility', 'accessibility'],
  ['/login', 'login'],
  ['/nowhere-at-all', 'not-found'],
])('%s can be read without signing in', async (path, name) => {
  const visitor = await Visitor.arrive(browser, 'Besuch', town.url);
  await visitor.page.goto(path);
  await visitor.page.getByRole('heading', { level: 1 }).first().waitFor();
  await visitor.expectAccessible(path);
  await visitor.picture(`public-${name}`);
  visitor.expectNoTrouble();
  expect(await visitor.page.title()).toContain('Musterstadt');
  await visitor.leave();
});
