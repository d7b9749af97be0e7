import type { Page, Response } from 'playwright-core';
import { expect, test } from 'vitest';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();
const budget = 105 * 1024;

test('the first page stays within its budget of script over the line', async () => {
  const visitor = await scene.visit(scene.barbara);
  const { page } = visitor;
  const scripts: Response[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response);
  });
  // By the browser's own clock: from the wish for the page until it answers, and until its last part stands.
  await page.addInitScript(() => {
    const seen = (name: string, there: () => boolean) => {
      const look = () => (there() ? performance.mark(name) : requestAnimationFrame(look));
      requestAnimationFrame(look);
    };
    seen('usable', () => document.querySelector('main h1') !== null);
    seen('complete', () => document.body?.textContent.includes('So fangen Sie an'));
  });
  await page.goto('/');
  await page.getByText('So fangen Sie an').waitFor();
  const until = (name: string) =>
    page.evaluate((mark) => performance.getEntriesByName(mark)[0]?.startTime.toFixed(0), name);
  const needed = [...scripts];
  const sizes = await Promise.all(needed.map(async (one) => (await one.request().sizes()).responseBodySize));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  // How fast it is depends on the machine, so it is told and not judged.
  process.stdout.write(
    `first page: ${(total / 1024).toFixed(1)} KiB of script in ${needed.length} files, usable after ${await until('usable')} ms, complete after ${await until('complete')} ms\n`,
  );
  expect(needed.length).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(budget);
  for (const [at, one] of needed.entries())
    if ((sizes[at] ?? 0) > 2048)
      expect(one.headers()['content-encoding'], one.url()).toMatch(/^(gzip|br|zstd)$/);
});

test('a second visit loads no script again', async () => {
  const visitor = await scene.visit(scene.barbara);
  const { page } = visitor;
  await page.goto('/');
  await page.getByText('So fangen Sie an').waitFor();
  await page.waitForLoadState('networkidle');
  const again: string[] = [];
  // What comes from the browser's own store has no bytes on the line.
  page.on('response', async (response) => {
    if (response.request().resourceType() !== 'script') return;
    const { responseBodySize } = await response.request().sizes();
    if (responseBodySize > 0) again.push(response.url());
  });
  await page.goto('/');
  await page.getByText('So fangen Sie an').waitFor();
  expect(again).toEqual([]);
});

/** The tables of texts that a browser has fetched, such as "de-first". */
const tables = (page: Page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .flatMap(({ name }) => /\/((?:de|en)-[a-z]+)-[\w-]+\.js$/.exec(name)?.[1] ?? []),
  );

const keys = /\b(admin|auth|chat|files|find|meet|pads|personal|rooms|talk|write)\.[a-z]\w*/;

test('each page brings its own texts, and a key is never seen, however slowly they come', async () => {
  const visitor = await scene.visit(scene.barbara);
  const { page } = visitor;
  await page.goto('/');
  await page.getByText('So fangen Sie an').waitFor();
  expect(await tables(page)).toEqual(['de-first']);
  await page.route(/\/de-[a-z]+-[\w-]+\.js$/, async (route) => {
    await new Promise((done) => setTimeout(done, 400));
    await route.continue();
  });
  await page.evaluate((source) => {
    const pattern = new RegExp(source);
    const found: string[] = [];
    Object.assign(globalThis, { found });
    new MutationObserver(() => {
      const key = pattern.exec(document.body.textContent)?.[0];
      if (key) found.push(key);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  }, keys.source);
  for (const [section, heading] of [
    ['Chat', 'Chat'],
    ['Pads', 'Pads'],
    ['Treffen', 'Treffen'],
    ['Verwaltung', 'Personen'],
  ] as const) {
    await page.getByRole('navigation', { name: 'Bereiche' }).getByRole('link', { name: section }).click();
    await page.getByRole('heading', { name: heading }).first().waitFor();
  }
  expect(await page.evaluate(() => (globalThis as unknown as { found: string[] }).found)).toEqual([]);
  const come = await tables(page);
  for (const table of ['de-chat', 'de-pads', 'de-meet', 'de-admin']) expect(come).toContain(table);
  expect(come).not.toContain('de-auth');
});

test('without its texts a language is not taken; with them all pages follow', async () => {
  const visitor = await scene.visit(await scene.barbara.colleague('Emil Ernst'));
  const { page } = visitor;
  await page.goto('/chat');
  await page.getByRole('heading', { name: 'Chat' }).first().waitFor();
  await page.goto('/profile');
  await page.getByText('Aussehen').waitFor();
  await page.route(/\/en-[a-z]+-[\w-]+\.js$/, (route) => route.abort());
  await page.getByText('English', { exact: true }).click();
  await page.getByText('keine Verbindung').or(page.getByText('Keine Verbindung')).first().waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await page.getByText('Aussehen').waitFor();
  await page.unroute(/\/en-[a-z]+-[\w-]+\.js$/);
  await page.getByText('English', { exact: true }).click();
  await page.getByText('Appearance').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Chat' }).click();
  await page.getByText('New message').or(page.getByText('Rooms')).first().waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
});
