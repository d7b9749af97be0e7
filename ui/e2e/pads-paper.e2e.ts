import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Scene } from './house/scene.js';
import { openPad, paper, write, written } from './house/writing.js';

const scene = Scene.forThisFile();

/** Makes a pad as a program does. */
const make = async (title: string): Promise<string> =>
  (await scene.barbara.ask<{ id: string }>('POST', '/pads', { class: 'organisation', title })).id;

/** A link for people without an account. */
async function linkTo(pad: string): Promise<string> {
  const { token } = await scene.barbara.ask<{ token: string }>('POST', `/pads/${pad}/links`, {
    right: 'write',
  });
  return `${scene.town.url}/p/${pad}#t=${token}`;
}

const tools = (page: Page): Locator => page.getByRole('toolbar', { name: 'Werkzeuge für den Text' });

async function box(of: Locator) {
  const found = await of.boundingBox();
  if (!found) throw new Error('it has no place on the page');
  return { top: found.y, bottom: found.y + found.height };
}

const apart = (a: { top: number; bottom: number }, b: { top: number; bottom: number }): boolean =>
  a.bottom <= b.top || b.bottom <= a.top;

test('the tools stand below the first line, above others, and never on the words', async () => {
  const pad = await make('Bauausschuss');
  const { page } = await scene.visit(scene.barbara);
  await page.goto(`/pads/${pad}`);
  await openPad(page);
  await write(page, 'Beginn um 18 Uhr');
  await page.keyboard.press('Shift+Home');
  await tools(page).waitFor();
  const title = page.locator('.paper h1');
  const line = page.locator('.paper p').first();
  await expect.poll(async () => apart(await box(tools(page)), await box(title))).toBe(true);
  expect((await box(tools(page))).top).toBeGreaterThan((await box(line)).bottom);
  await page.keyboard.press('End');
  for (let count = 0; count < 30; count += 1) await page.keyboard.press('Enter');
  await page.keyboard.type('Letzte Zeile');
  await page.keyboard.press('Shift+Home');
  const last = page.locator('.paper p').last();
  await expect.poll(async () => (await box(tools(page))).bottom <= (await box(last)).top).toBe(true);
  // They go along when the sheet is scrolled, and never lie under the header.
  await page.locator('.paper').evaluate((sheet) => {
    const desk = sheet.closest('.desk');
    desk?.scrollBy(0, sheet.getBoundingClientRect().bottom - desk.getBoundingClientRect().top - 40);
  });
  const header = page.locator('main header').last();
  await expect.poll(async () => (await box(tools(page))).top >= (await box(header)).bottom).toBe(true);
  await expect.poll(async () => apart(await box(tools(page)), await box(last))).toBe(true);
});

test('a pad that a program made begins with its title once, for two who open it at once', async () => {
  const pad = await make('Haushalt 2027');
  const ada = await scene.barbara.colleague('Ada Albers');
  await scene.barbara.ask('PUT', `/pads/${pad}/shares/person/${ada.id}`, { right: 'write' });
  const [one, two] = [await scene.visit(scene.barbara), await scene.visit(ada)];
  await Promise.all([one.page.goto(`/pads/${pad}`), two.page.goto(`/pads/${pad}`)]);
  await Promise.all([openPad(one.page), openPad(two.page)]);
  await write(one.page, 'Erste. ');
  await expect.poll(() => written(two.page), { timeout: 20_000 }).toContain('Erste. ');
  await write(two.page, 'Zweite. ');
  for (const word of ['Erste.', 'Zweite.'])
    for (const { page } of [one, two])
      await expect.poll(() => written(page), { timeout: 20_000 }).toContain(word);
  await expect.poll(async () => (await written(one.page)) === (await written(two.page))).toBe(true);
  expect(await written(one.page)).toMatch(/^Haushalt 2027\n/);
  expect((await written(one.page)).split('Haushalt').length).toBe(2);
  await one.page.reload();
  await openPad(one.page);
  await expect.poll(() => written(one.page), { timeout: 20_000 }).toContain('Zweite.');
  expect((await written(one.page)).split('Haushalt').length).toBe(2);
});

test('a pad without a title has words in its heading', async () => {
  const pad = await make('');
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/pads/${pad}`);
  await openPad(one.page);
  await paper(one.page).getByRole('heading', { name: 'Pad ohne Titel' }).waitFor();
  await one.expectAccessible('pad without a title');
  await write(one.page, 'Spielplatz', 'start');
  await paper(one.page).getByRole('heading', { name: 'Spielplatz' }).waitFor();
});

test('a guest may be called something, which the server is not told (000-05)', async () => {
  const pad = await make('Ideen');
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/pads/${pad}`);
  await openPad(one.page);
  const citizen = await scene.stranger('Gast', { width: 390, height: 844, touch: true });
  await citizen.page.goto(await linkTo(pad));
  await openPad(citizen.page);
  const here = one.page.getByRole('button', { name: '2 Personen sind hier' });
  await here.click();
  await one.page.getByRole('listitem').filter({ hasText: 'Gast' }).waitFor();
  await citizen.page.getByRole('button', { name: 'Mein Name hier: Gast' }).click();
  await citizen.expectAccessible('name of a guest');
  await citizen.picture('pad-guest-name');
  await citizen.page.getByRole('textbox', { name: 'Name' }).fill('  Karla   Kiesel ');
  await citizen.page.keyboard.press('Enter');
  await one.page.getByRole('listitem').filter({ hasText: 'Karla Kiesel (Gast)' }).waitFor();
  await citizen.page.reload();
  await openPad(citizen.page);
  await citizen.page.getByRole('button', { name: 'Mein Name hier: Karla Kiesel' }).waitFor();

  // Tools on a phone leave what stands below the sheet free.
  await write(citizen.page, 'Mehr Bänke');
  await tools(citizen.page).waitFor();
  const links = citizen.page.getByRole('navigation', { name: 'Über diese Seite' });
  expect(apart(await box(tools(citizen.page)), await box(links))).toBe(true);
  await citizen.picture('pad-guest-tools');
  await one.page.keyboard.press('Escape');
  await one.page.locator('.paper-caret-name', { hasText: 'Karla Kiesel (Gast)' }).waitFor();
  const kept = JSON.stringify([
    await scene.barbara.ask('GET', `/pads/${pad}`),
    await scene.barbara.ask('GET', `/pads/${pad}/log`),
    scene.town.said,
  ]);
  expect(kept).not.toContain('Kiesel');
  expect(Buffer.from(kept, 'latin1').toString()).not.toContain(Buffer.from('Kiesel').toString('base64'));
});

test('the list of pads is told what changes, without asking', async () => {
  const ada = await scene.barbara.colleague('Ada Ahlers');
  const two = await scene.visit(ada);
  const asked: string[] = [];
  await two.page.goto('/pads');
  await two.page.getByText('Gemeinsam schreiben').first().waitFor();
  two.page.on('request', (request) => {
    if (/\/api\/v1\/pads/.test(request.url())) asked.push(request.url());
  });
  const pad = await make('Straßenfest');
  await scene.barbara.ask('PUT', `/pads/${pad}/shares/person/${ada.id}`, { right: 'write' });
  const list = two.page.getByRole('navigation', { name: 'Pads' });
  await list.getByRole('link', { name: /^Straßenfest/ }).waitFor();

  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/pads/${pad}`);
  await openPad(one.page);
  await paper(one.page).getByRole('heading').click();
  await one.page.keyboard.press('End');
  await one.page.keyboard.type(' 2027');
  await list.getByRole('link', { name: /^Straßenfest 2027/ }).waitFor();
  const foreign = await make('Nur für Barbara');
  const later = await make('Sitzordnung');
  await scene.barbara.ask('PUT', `/pads/${later}/shares/person/${ada.id}`, { right: 'read' });
  await list.getByRole('link', { name: /^Sitzordnung/ }).waitFor();
  await expect.poll(() => list.getByRole('link').first().textContent()).toContain('Sitzordnung');
  // Who writes in a pad brings it to the top.
  await write(one.page, 'Beginn um 14 Uhr');
  await expect
    .poll(() => list.getByRole('link').first().textContent(), { timeout: 20_000 })
    .toContain('Straßenfest 2027');
  await scene.barbara.ask('DELETE', `/pads/${later}/shares/person/${ada.id}`);
  await list.getByRole('link', { name: /^Sitzordnung/ }).waitFor({ state: 'hidden' });
  await scene.barbara.ask('DELETE', `/pads/${foreign}`);
  await scene.barbara.ask('DELETE', `/pads/${pad}`);
  await list.getByRole('link', { name: /^Straßenfest/ }).waitFor({ state: 'hidden' });
  expect(asked).toEqual([]);
});
