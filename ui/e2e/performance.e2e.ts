import type { Response } from 'playwright-core';
import { expect, test } from 'vitest';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();
// The aim is 120 KiB. Chat in full has brought it to 127; docs/roadmap.md says what comes next.
const budget = 130 * 1024;

test('the first page stays within its budget of script over the line', async () => {
  const visitor = await scene.visit(scene.barbara);
  const { page } = visitor;
  const scripts: Response[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response);
  });
  const began = performance.now();
  await page.goto('/');
  await page.getByText('So fangen Sie an').waitFor();
  const until = performance.now() - began;
  const needed = [...scripts];
  const sizes = await Promise.all(needed.map(async (one) => (await one.request().sizes()).responseBodySize));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  // How fast it is depends on the machine, so it is told and not judged.
  process.stdout.write(
    `first page: ${(total / 1024).toFixed(1)} KiB of script in ${needed.length} files, ready after ${until.toFixed(0)} ms\n`,
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
