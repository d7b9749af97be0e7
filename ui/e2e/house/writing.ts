import type { Locator, Page } from 'playwright-core';

/** The sheet of the open pad. */
export const paper = (page: Page): Locator => page.getByRole('textbox', { name: 'Text des Pads' });

/** Waits until the pad can be written in. */
export async function openPad(page: Page): Promise<void> {
  await paper(page).waitFor();
  await page.getByText('Gespeichert', { exact: true }).waitFor();
}

/** Types at the end of the pad, or at its start, as a person does. */
export async function write(page: Page, text: string, where: 'end' | 'start' = 'end'): Promise<void> {
  await paper(page).focus();
  await page.keyboard.press(where === 'end' ? 'Control+End' : 'Control+Home');
  await page.keyboard.type(text);
}

/** What stands in the pad, without the names of those who write in it. */
export async function written(page: Page): Promise<string> {
  return paper(page).evaluate((sheet) => {
    const copy = sheet.cloneNode(true) as HTMLElement;
    for (const shown of copy.querySelectorAll('[aria-hidden="true"]')) shown.remove();
    return [...copy.children].map((line) => line.textContent ?? '').join('\n');
  });
}
