import { expect, test } from 'vitest';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile({ settings: { RATHAUS_TOWN_FORMALITY: 'du' } });

test('where the town has chosen du, the help says du in every chapter', async () => {
  const visitor = await scene.visit(scene.barbara);
  const { page } = visitor;
  await page.goto('/help');
  const links = page.locator('[data-help] a[href^="/help/"]:not([href*="#"])');
  await links.first().waitFor();
  const chapters = new Set(
    await links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? '')),
  );
  expect(chapters.size).toBeGreaterThan(10);
  for (const chapter of chapters) {
    await page.goto(chapter);
    await page.locator('[data-help] h1').waitFor();
    const [text = ''] = await page.locator('[data-help]').allTextContents();
    expect(text, chapter).not.toMatch(/\b(Sie|Ihnen|Ihre?[mnrs]?)\b/);
  }
  await page.goto('/help/first-steps');
  await page.getByText('Du brauchst nur einen Browser').waitFor();
  await visitor.expectAccessible('help by du');
  await visitor.picture('help-du');
});
