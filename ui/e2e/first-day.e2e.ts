import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, Visitor } from './house/browser.js';
import { jump, message, say } from './house/chatting.js';
import { Federation } from './house/issuer.js';
import { Line } from './house/line.js';
import { expectMedia, watchMedia } from './house/media.js';
import { openPad, write, written } from './house/writing.js';

const password = 'Kastanie-Fenster-Wolke';
const fields = 'input:not([type=radio]):not([type=checkbox]), textarea, select';

let house: Federation;
let browser: Browser;
let line: Line;
let barbara: Visitor;
let bea: Visitor;

beforeAll(async () => {
  // The same subject in two houses: two people.
  house = await Federation.start([
    {
      name: 'stadt-a',
      label: 'Stadt A',
      users: { bea: { sub: '4711', name: 'Bea Bauhof', email: 'bea@stadt-a.example' } },
    },
    {
      name: 'stadt-b',
      label: 'Stadt B',
      users: { bea: { sub: '4711', name: 'Bea Beispiel', email: 'bea@stadt-a.example' } },
    },
  ]);
  browser = await openChromium();
  line = await Line.to(house.town);
  barbara = await Visitor.arrive(browser, 'Barbara', line.url);
  bea = await Visitor.arrive(browser, 'Bea', house.town.url);
  await Promise.all([watchMedia(barbara), watchMedia(bea)]);
});

afterAll(async () => {
  await browser?.close();
  await line?.close();
  await house?.leave();
});

/** The address of the line in place of the town's own. */
const byLine = (link: string) => link.replace(house.town.url, line.url);

test('a set-up link leads to a town with its first administrator, in one form (000-01)', async () => {
  const { page } = barbara;
  await page.goto(byLine(house.town.setupLink));
  await page.getByLabel('Name der Gemeinde').fill('Musterstadt');
  expect(await page.locator(fields).count()).toBeLessThanOrEqual(6);
  await barbara.expectAccessible('set-up');
  await barbara.picture('setup');
  await page.getByLabel('Vor- und Nachname').fill('Barbara Brandt');
  await page.getByLabel('E-Mail-Adresse').fill('barbara@musterstadt.example');
  const secret = page.getByLabel('Passwort', { exact: true });
  await secret.fill('kurz');
  await page.getByRole('button', { name: 'Portal öffnen' }).click();
  await page.getByText('Das Passwort braucht mindestens 10 Zeichen.').waitFor();
  await secret.and(page.locator(':focus')).waitFor();
  await secret.fill(password);
  await page.getByRole('button', { name: 'Portal öffnen' }).click();
  await page.getByRole('heading', { name: /Barbara/ }).waitFor();
  await page.getByText('So fangen Sie an').waitFor();
  await barbara.expectAccessible('first day');
  await barbara.picture('start-first-day');

  // The link works once.
  const second = await Visitor.arrive(browser, 'Fremder', house.town.url);
  await second.page.goto(house.town.setupLink);
  await second.page.getByText('Dieser Link funktioniert nicht').waitFor();
  second.expectNoTrouble();
  await second.leave();
});

test('a colleague is invited by a link and is in with a password (000-02, 003-22)', async () => {
  const { page } = barbara;
  await page.getByRole('link', { name: /Laden Sie Ihre Leute ein/ }).click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Ada Albers');
  await page.getByRole('dialog').getByLabel('E-Mail-Adresse zum Anmelden').fill('ada@musterstadt.example');
  await barbara.expectAccessible('invite');
  await barbara.picture('admin-invite');
  await page.getByRole('button', { name: 'Link erzeugen' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await page.getByRole('button', { name: 'Fertig' }).click();

  const ada = await Visitor.arrive(browser, 'Ada', house.town.url);
  await ada.page.goto(link);
  await ada.page.getByRole('heading', { name: 'Willkommen, Ada Albers' }).waitFor();
  await ada.expectAccessible('invitation');
  await ada.picture('invitation');
  await ada.page
    .getByLabel('Neues Passwort')
    .or(ada.page.getByLabel('Passwort', { exact: true }))
    .first()
    .fill(password);
  await ada.page.getByRole('button', { name: 'Konto anlegen' }).click();
  await ada.page.getByRole('heading', { name: /Ada/ }).waitFor();
  for (const path of ['/chat', '/pads', '/meet']) {
    await ada.page.goto(path);
    await ada.page.getByRole('heading', { level: 1 }).first().waitFor();
  }
  ada.expectNoTrouble();
  await ada.leave();
});

test('colleagues of two houses with the same subject are two people after their first sign-in (002-08, 002-09, 002-10)', async () => {
  await bea.page.goto('/login');
  await bea.page.getByRole('link', { name: 'Weiter mit Stadt A' }).waitFor();
  await bea.expectAccessible('sign-in with other houses');
  await bea.picture('login-oidc');
  await house.signIn(bea, 'stadt-a', 'Stadt A', 'bea');
  await bea.page.getByRole('heading', { name: /Bea/ }).waitFor();

  const other = await Visitor.arrive(browser, 'Bea B', house.town.url);
  await house.signIn(other, 'stadt-b', 'Stadt B', 'bea');
  await other.page.getByRole('heading', { name: /Bea/ }).waitFor();
  other.expectNoTrouble();
  await other.leave();

  await barbara.page.goto(`${line.url}/admin/people`);
  await barbara.page.getByRole('link', { name: /Bea Bauhof/ }).waitFor();
  await barbara.page.getByRole('link', { name: /Bea Beispiel/ }).waitFor();
});

test('they chat: a name, Enter, a text, and it is there (000-08)', async () => {
  await barbara.page.goto(line.url);
  await bea.page.goto('/chat');
  await bea.page.getByRole('heading', { name: 'Chat' }).first().waitFor();
  await barbara.page.getByRole('heading', { level: 1 }).waitFor();
  await jump(barbara.page, 'Bea Bau', 'Nachricht an Bea Bauhof');
  await say(barbara.page, 'Willkommen im Rathaus, Bea.');
  await bea.page
    .getByRole('link', { name: /Barbara Brandt/ })
    .first()
    .click();
  await message(bea.page, 'Willkommen im Rathaus, Bea.').waitFor();
  const began = Date.now();
  await say(bea.page, 'Danke, alles da.');
  await message(barbara.page, 'Danke, alles da.').waitFor();
  expect(Date.now() - began).toBeLessThan(1_000);
});

test('one edits a pad, the other sees it, and both agree after one was offline (000-04)', async () => {
  const { page } = barbara;
  await page.goto(`${line.url}/pads?new=1`);
  await page.getByRole('button', { name: 'Pad anlegen' }).click();
  await openPad(page);
  await write(page, 'Erster Tag', 'start');
  await page.getByRole('button', { name: 'Teilen' }).click();
  await page.getByRole('combobox', { name: 'Personen oder Gruppen' }).fill('Bea Bau');
  await page.getByRole('option', { name: /Bea Bauhof/ }).click();
  await page.getByRole('button', { name: 'Hinzufügen' }).click();
  await page.getByRole('list', { name: 'Wer Zugang hat' }).getByText('Bea Bauhof', { exact: true }).waitFor();
  await page.keyboard.press('Escape');

  await bea.page.goto(new URL(page.url()).pathname);
  await openPad(bea.page);
  await expect.poll(() => written(bea.page)).toContain('Erster Tag');
  await write(page, 'Schlüssel holen. ');
  await expect.poll(() => written(bea.page)).toContain('Schlüssel holen.');

  line.cut();
  await barbara.context.setOffline(true);
  await write(page, 'Im Keller geschrieben. ');
  await write(bea.page, 'Oben geschrieben. ');
  line.mend();
  await barbara.context.setOffline(false);
  for (const one of [page, bea.page]) {
    await expect.poll(() => written(one), { timeout: 25_000 }).toContain('Im Keller geschrieben.');
    await expect.poll(() => written(one), { timeout: 25_000 }).toContain('Oben geschrieben.');
  }
  await expect.poll(async () => (await written(page)) === (await written(bea.page))).toBe(true);
});

test('one click in the room calls, one click answers, and both see and hear each other (000-18, 000-20, 000-22, 001-13)', async () => {
  const { page } = barbara;
  await page.goto(line.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await jump(page, 'Bea Bau', 'Nachricht an Bea Bauhof');
  await page.getByRole('button', { name: 'Anrufen' }).click();
  const ringing = bea.page.getByRole('region', { name: 'Eingehender Anruf' });
  await ringing.getByText('Barbara Brandt ruft an').waitFor();
  await ringing.getByRole('button', { name: 'Annehmen' }).click();
  await Promise.all([expectMedia(barbara), expectMedia(bea)]);

  // What is said in the call is in the room afterwards (000-21).
  await bea.page.getByRole('button', { name: 'Chat', exact: true }).click();
  await say(bea.page, 'Steht so im Protokoll.');
  await bea.expectAccessible('call with its chat');
  await bea.picture('call-chat');
  await bea.page.getByRole('button', { name: 'Verlassen' }).click();
  await bea.page.getByText('Das Treffen ist verlassen').first().waitFor();
  await bea.page.getByRole('link', { name: 'Zum Raum' }).click();
  await message(bea.page, 'Steht so im Protokoll.').waitFor();
});

test('nothing went wrong and nothing was asked of anybody else (000-15, 000-24, 001-16)', () => {
  barbara.expectNoTrouble();
  bea.expectNoTrouble();
});
