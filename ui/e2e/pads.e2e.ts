import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Looks, openChromium, Visitor } from './house/browser.js';
import { Line } from './house/line.js';
import { Account } from './house/people.js';
import { Town } from './house/town.js';
import { openPad, paper, write, written } from './house/writing.js';

let town: Town;
let browser: Browser;
let barbara: Account;
let ada: Account;
const here: Visitor[] = [];

beforeAll(async () => {
  town = await Town.start();
  browser = await openChromium();
  barbara = await Account.first(town);
  ada = await barbara.colleague('Ada Albers');
});

afterEach(async () => {
  for (const visitor of here.splice(0)) {
    visitor.expectNoTrouble();
    await visitor.leave();
  }
});

afterAll(async () => {
  await browser?.close();
  await town?.leave();
});

async function visit(account: Account, looks: Looks = {}, home = town.url): Promise<Visitor> {
  const visitor = await account.browse(browser, looks, home);
  here.push(visitor);
  return visitor;
}

/** Somebody without an account who was sent a link. */
async function guest(looks: Looks = {}): Promise<Visitor> {
  const visitor = await Visitor.arrive(browser, 'Gast', town.url, looks);
  here.push(visitor);
  return visitor;
}

/** Makes a pad as a person does and returns its id. */
async function makePad(visitor: Visitor, kind: 'Für die Verwaltung' | 'Vertraulich'): Promise<string> {
  await visitor.page.goto('/pads?new=1');
  await visitor.page.getByRole('group').getByText(kind, { exact: true }).click();
  await visitor.page.getByRole('button', { name: 'Pad anlegen' }).click();
  await openPad(visitor.page);
  return new URL(visitor.page.url()).pathname.split('/').at(-1) ?? '';
}

const share = (pad: string, person: Account) =>
  barbara.ask('PUT', `/pads/${pad}/shares/person/${person.id}`, { right: 'write' });

async function reads(visitor: Visitor, text: string): Promise<void> {
  await expect.poll(() => writtenBy(visitor), { timeout: 20_000 }).toContain(text);
}

// Readers have a document, writers a text box.
async function writtenBy(visitor: Visitor): Promise<string> {
  const sheet = visitor.page.locator('[aria-label="Text des Pads"]');
  return (await paper(visitor.page).count()) > 0
    ? written(visitor.page)
    : ((await sheet.textContent()) ?? '');
}

/** Makes a link in the share dialog and returns its address. */
async function makeLink(visitor: Visitor, right: 'Darf lesen' | 'Darf schreiben'): Promise<string> {
  await visitor.page.getByRole('button', { name: 'Teilen' }).click();
  await visitor.page.getByRole('tab', { name: 'Links' }).click();
  if (right === 'Darf schreiben') {
    await visitor.page.getByRole('combobox', { name: 'Recht' }).click();
    await visitor.page.getByRole('option', { name: right }).click();
  }
  await visitor.page.getByRole('button', { name: 'Link anlegen' }).click();
  const address = await visitor.page.getByLabel('Der neue Link').inputValue();
  await visitor.page.getByRole('button', { name: 'Schließen' }).click();
  await visitor.page.getByRole('dialog').waitFor({ state: 'hidden' });
  return address;
}

test('two people write in one pad and see each other', async () => {
  const one = await visit(barbara);
  const pad = await makePad(one, 'Für die Verwaltung');
  await write(one.page, 'Bauausschuss', 'start');
  await one.page.keyboard.press('Enter');
  await one.page.keyboard.type('Beginn um 18 Uhr. ');
  await share(pad, ada);

  // The list is read once: go there when the title is stored.
  await expect
    .poll(async () => (await barbara.ask<{ title: string }>('GET', `/pads/${pad}`)).title)
    .toBe('Bauausschuss');
  const two = await visit(ada);
  await two.page.goto('/pads');
  await two.page.getByRole('link', { name: /Bauausschuss/ }).click();
  await openPad(two.page);
  await reads(two, 'Beginn um 18 Uhr.');
  await write(two.page, 'Gäste sind willkommen.');
  await reads(one, 'Gäste sind willkommen.');
  await one.page.locator('.paper-caret').waitFor();
  await one.page.getByRole('button', { name: '2 Personen sind hier' }).waitFor();
  await one.expectAccessible('pad');
  await one.picture('pad');

  // Undo takes back one's own words only.
  await write(one.page, ' Ende.');
  await reads(two, 'Ende.');
  await one.page.keyboard.press('Control+z');
  await expect.poll(() => written(two.page)).not.toContain('Ende.');
  expect(await written(two.page)).toContain('willkommen.');
});

test('tools come with a selection and with a slash, by keyboard alone', async () => {
  const one = await visit(barbara);
  await makePad(one, 'Für die Verwaltung');
  await write(one.page, 'Aufgaben', 'start');
  await one.page.keyboard.press('Enter');
  await one.page.keyboard.type('/checkliste');
  await one.page.getByRole('option', { name: /Checkliste/ }).waitFor();
  await one.expectAccessible('slash menu');
  await one.page.keyboard.press('Enter');
  await one.page.keyboard.type('Plan auslegen');
  await one.page.getByRole('checkbox').waitFor();
  await one.page.keyboard.press('Shift+Home');
  await one.page.getByRole('toolbar', { name: 'Werkzeuge für den Text' }).waitFor();
  await one.expectAccessible('selection tools');
  await one.page.keyboard.press('Alt+F10');
  await one.page.keyboard.press('Enter');
  await one.page.locator('.paper strong', { hasText: 'Plan auslegen' }).waitFor();
  await one.picture('pad-tools');
});

test('a guest opens a link without account, name or banner, and leaves when it ends (000-05)', async () => {
  const one = await visit(barbara);
  await makePad(one, 'Für die Verwaltung');
  await write(one.page, 'Öffentlich', 'start');
  const address = await makeLink(one, 'Darf schreiben');
  const citizen = await guest({ width: 390, height: 844, touch: true });
  await citizen.page.goto(address);
  await openPad(citizen.page);
  await write(citizen.page, ' von draußen');
  await reads(one, 'von draußen');
  await citizen.expectAccessible('guest pad');
  await citizen.picture('pad-guest');

  await one.page.getByRole('button', { name: 'Teilen' }).click();
  await one.page.getByRole('tab', { name: 'Links' }).click();
  await one.expectAccessible('share dialog');
  await one.picture('pad-share');
  await one.page.getByRole('button', { name: 'Beenden' }).click();
  await citizen.page.getByText('Das Pad ist nicht mehr offen').waitFor();
  await citizen.page.reload();
  await citizen.page.getByRole('button', { name: /noch einmal|erneut/i }).waitFor();
});

test('a confidential pad is read with the key only, and written with the edit key only (000-25)', async () => {
  const one = await visit(barbara);
  const pad = await makePad(one, 'Vertraulich');
  await write(one.page, 'Personalsache', 'start');
  await one.page.keyboard.press('Enter');
  await one.page.keyboard.type('streng geheim');
  await one.page.getByText('Vertraulich', { exact: true }).first().waitFor();
  await expect
    .poll(async () => (await barbara.ask<{ title_frame?: string }>('GET', `/pads/${pad}`)).title_frame)
    .toBeTruthy();

  const stored = JSON.stringify([
    await barbara.ask('GET', `/pads/${pad}`),
    await barbara.ask('GET', `/pads/${pad}/log?after=0`),
  ]);
  for (const [, raw = ''] of stored.matchAll(/"([A-Za-z0-9+/=]{40,})"/g)) {
    expect(Buffer.from(raw, 'base64').toString('latin1')).not.toMatch(/geheim|Personal/);
  }

  await share(pad, ada);
  const two = await visit(ada);
  await two.page.goto(`/pads/${pad}`);
  await two.page.getByText('Hier fehlt der Schlüssel').waitFor();
  await two.expectAccessible('pad without key');
  await two.picture('pad-locked');

  const address = await makeLink(one, 'Darf lesen');
  const reader = await guest();
  await reader.page.goto(address);
  await reads(reader, 'streng geheim');
  expect(await paper(reader.page).count()).toBe(0);
  await one.picture('pad-confidential');

  const cut = await guest();
  await cut.page.goto(address.slice(0, -2));
  await cut.page.getByText('Der Link ist unvollständig').waitFor();
  const wrong = await guest();
  await wrong.page.goto(address.replace(/v=..../, 'v=AAAA'));
  await wrong.page.getByText('Das Pad lässt sich nicht lesen').waitFor();
});

test('what was typed offline survives closing the tab, and two tabs agree', async () => {
  const line = await Line.to(town);
  const one = await visit(barbara);
  const pad = await makePad(one, 'Für die Verwaltung');
  await share(pad, ada);
  const two = await visit(ada, {}, line.url);
  await two.page.goto(`/pads/${pad}`);
  await openPad(two.page);
  const second = await two.tab();
  await second.goto(`${line.url}/pads/${pad}`);
  await openPad(second);
  await write(second, 'zweiter Tab. ');
  await reads(two, 'zweiter Tab.');

  line.cut();
  await two.page.getByText('Offline').waitFor();
  await write(two.page, 'ohne Netz. ');
  await two.page.getByText('Offline, auf diesem Gerät gesichert').waitFor();
  await two.page.close();
  await write(one.page, 'währenddessen. ');

  line.mend();
  const again = await two.tab();
  await again.goto(`${line.url}/pads/${pad}`);
  await openPad(again);
  await reads(one, 'ohne Netz.');
  await expect.poll(() => written(again), { timeout: 20_000 }).toBe(await written(one.page));
  await expect.poll(() => written(second), { timeout: 20_000 }).toBe(await written(one.page));
  expect((await written(one.page)).split('ohne Netz.').length).toBe(2);
  await line.close();
});

test('where sockets are refused the pad lives on over HTTP', async () => {
  const line = await Line.to(town);
  line.refusesSockets = true;
  const one = await visit(barbara);
  const pad = await makePad(one, 'Für die Verwaltung');
  await share(pad, ada);
  const two = await visit(ada, {}, line.url);
  await two.page.goto(`/pads/${pad}`);
  await openPad(two.page);
  await write(two.page, 'über HTTP');
  await reads(one, 'über HTTP');
  await write(one.page, ' und zurück');
  await reads(two, 'und zurück');
  await line.close();
});
