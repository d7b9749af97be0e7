import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Scene } from './house/scene.js';
import { openPad, write, written } from './house/writing.js';

const scene = Scene.forThisFile();

async function makePad(page: Page, kind: 'Für die Verwaltung' | 'Vertraulich'): Promise<void> {
  await page.goto('/pads?new=1');
  await page.getByRole('dialog').getByText(kind, { exact: true }).click();
  await page.getByRole('button', { name: 'Pad anlegen' }).click();
  await openPad(page);
}

/** Makes a link for people without an account and returns it. */
async function makeLink(page: Page, right: 'Darf lesen' | 'Darf schreiben'): Promise<string> {
  await page.getByRole('button', { name: 'Teilen' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pad teilen' });
  await dialog.getByRole('tab', { name: 'Links' }).click();
  await dialog.getByRole('combobox', { name: 'Recht' }).click();
  await page.getByRole('option', { name: right }).click();
  await dialog.getByRole('button', { name: 'Link anlegen' }).click();
  const link = await dialog.getByRole('textbox', { name: 'Der neue Link' }).inputValue();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  return link;
}

/** Every byte that the town keeps, and every word that it logged. */
async function everythingKept(): Promise<string> {
  const dir = join(scene.town.dir, 'data');
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const bytes = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return [...bytes, scene.town.said].join('\n');
}

test('no word, title or key of a confidential pad is in the database or the log', async () => {
  const one = await scene.visit(scene.barbara);
  await makePad(one.page, 'Für die Verwaltung');
  await write(one.page, 'Parkplatzsatzung', 'start');
  await one.page.getByText('Gespeichert', { exact: true }).waitFor();
  // What is looked for below can be found where it may stand.
  await expect
    .poll(async () => (await everythingKept()).includes('Parkplatzsatzung'), { timeout: 20_000 })
    .toBe(true);

  await makePad(one.page, 'Vertraulich');
  await write(one.page, 'Geheimsache Kastanie', 'start');
  await write(one.page, 'Vergabesumme 4711000 Euro');
  const view = await makeLink(one.page, 'Darf lesen');
  const edit = await makeLink(one.page, 'Darf schreiben');
  const writer = await scene.stranger('Schreiber');
  await writer.page.goto(edit);
  await openPad(writer.page);
  await write(writer.page, ' zuzüglich Steuer');
  await expect.poll(() => written(one.page)).toContain('zuzüglich Steuer');
  const reader = await scene.stranger('Leserin');
  await reader.page.goto(view);
  await reader.page.getByText('Vergabesumme 4711000 Euro').waitFor();
  await one.page.goto('/pads');
  await one.page.getByRole('link', { name: /Kastanie/ }).waitFor();

  const kept = await everythingKept();
  for (const word of ['4711000', 'Vergabesumme', 'Kastanie', 'Steuer']) expect(kept).not.toContain(word);
  for (const link of [view, edit])
    for (const part of new URL(link).hash.slice(1).split('&')) expect(kept).not.toContain(part.slice(2));
});

test('who writes by a link leaves neither a name nor an address behind (000-05)', async () => {
  const one = await scene.visit(scene.barbara);
  await makePad(one.page, 'Für die Verwaltung');
  const link = await makeLink(one.page, 'Darf schreiben');
  const heard = scene.town.said.length;
  const guest = await scene.stranger('Gast');
  await guest.page.goto(link);
  await openPad(guest.page);
  expect(await guest.page.getByRole('dialog').count()).toBe(0);
  expect(await guest.page.getByText(/Cookie/i).count()).toBe(0);
  await write(guest.page, 'Mehr Bäume, bitte.');
  await expect.poll(() => written(one.page)).toContain('Mehr Bäume, bitte.');
  await guest.page.getByText('Gespeichert', { exact: true }).waitFor();
  expect(scene.town.said.slice(heard)).not.toMatch(/127\.0\.0\.1|\[::1\]/);
  expect(await everythingKept()).not.toMatch(/127\.0\.0\.1:?\d{0,5}[^\d:]{0,3}(Gast|guest)/);
});
