import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The field in which messages are written, in whatever room is open. */
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Nachricht an / });

/** Messages that say exactly this or contain it. */
export const message = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: text });

/** Writes and sends with the keyboard. */
export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** Does something with a message by its menu. */
export async function act(page: Page, text: string, action: string): Promise<void> {
  await message(page, text).hover();
  await message(page, text).getByRole('button', { name: 'Mehr' }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Jumps to something by its name: Ctrl-K, words, Enter. */
export async function jump(page: Page, words: string, line: string | RegExp): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Suchen und springen' }).fill(words);
  await page.getByRole('option', { name: line, selected: true }).waitFor();
  await page.keyboard.press('Enter');
}

/** Fails unless each of these stands there once, in this order. */
export async function expectOnceInOrder(page: Page, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await expect
      .poll(() => page.getByRole('article').getByText(text, { exact: true }).count(), {
        timeout: 20_000,
        message: text,
      })
      .toBe(1);
  }
  const all = await page.getByRole('article').allInnerTexts();
  const order = texts.map((text) => all.findIndex((one) => one.split('\n').includes(text)));
  expect(order).toEqual([...order].sort((a, b) => a - b));
}
