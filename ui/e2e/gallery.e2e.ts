import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();
const states = ['loading', 'empty', 'failed', 'normal', 'much'] as const;
/** How wide the window is, and whether it is dark. */
type Look = readonly [width: number, colorScheme: 'light' | 'dark'];
const everyLook: readonly Look[] = [
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
];
const twoLooks: readonly Look[] = [
  [1280, 'light'],
  [390, 'dark'],
];

/** Opens a page of the gallery and waits until what it shows stands. */
async function open(page: Page, query: string, shown: string): Promise<void> {
  await page.goto(`/gallery?page=${query}`);
  await page.getByText(shown).first().waitFor();
  await page.evaluate(() => document.fonts.ready);
}

/** What does not fit into the window of the moment, and would make one scroll sideways. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main, main section')]
      .filter((one) => one.scrollWidth > one.clientWidth + 1)
      .map(
        (one) =>
          `${one.tagName} ${one.getAttribute('aria-label') ?? ''} ${one.scrollWidth} > ${one.clientWidth}`,
      ),
  );

/** Fails for what axe finds in light and dark, wide and narrow, and for what is wider than 320 pixels. */
async function expectSound(query: string, shown: string, name: string, looks = everyLook): Promise<void> {
  const visitor = await scene.visit(scene.barbara);
  const { page } = visitor;
  await open(page, query, shown);
  for (const [width, colorScheme] of looks) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await visitor.expectAccessible(`${name} at ${width} in ${colorScheme}`);
  }
  await visitor.picture(`gallery-${name}`);
  await page.setViewportSize({ width: 320, height: 640 });
  await expect.poll(() => tooWide(page), { message: name }).toEqual([]);
}

test('every kind of message fits and is accessible: polls, files, quotes, threads, reactions, entries', async () => {
  await expectSound('chat-messages', 'Was tun mit', 'messages');
  await expectSound('chat', 'Viel zu viel', 'conversation');
});

const signs = {
  loading: 'Ungelesenes',
  empty: 'Noch nichts gemerkt',
  failed: '4f2a-91c0',
  normal: 'Die Bauhofsitzung',
  much: 'Die Bauhofsitzung',
} as const;

for (const page of ['pads', 'meet', 'find'] as const) {
  test(`the list of ${page} is designed for every state`, async () => {
    for (const state of states)
      await expectSound(`${page}&state=${state}&q=Bauhof`, 'Viel zu viel', `${page}-${state}`, twoLooks);
  });
}

for (const state of states) {
  test(`lists of chat are designed for the state ${state}`, async () => {
    const sign = state === 'loading' ? 'Laden' : signs[state];
    // Sixty of everything take axe long: two looks are enough there.
    await expectSound(
      `chat-lists&state=${state}`,
      sign,
      `lists-${state}`,
      state === 'much' ? twoLooks : everyLook,
    );
  });
}
