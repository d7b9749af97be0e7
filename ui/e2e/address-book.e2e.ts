import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Visitor } from './house/browser.js';
import { composer, message, say } from './house/chatting.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();

const field = (page: Page) => page.getByRole('searchbox', { name: 'Im Adressbuch suchen' });
const line = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Personen' }).getByRole('link', { name: new RegExp(name) });

/** Searches and waits until just these are on show. */
async function find(page: Page, words: string, names: readonly string[]): Promise<void> {
  await field(page).fill(words);
  await expect
    .poll(() => page.getByRole('navigation', { name: 'Personen' }).getByRole('link').allInnerTexts(), {
      message: words,
    })
    .toHaveLength(names.length);
  for (const name of names) await line(page, name).waitFor();
}

/** Nothing sticks out to the side. */
async function expectNarrow(visitor: Visitor, width: number): Promise<void> {
  await visitor.page.setViewportSize({ width, height: 844 });
  await expect
    .poll(() => visitor.page.evaluate(() => document.documentElement.scrollWidth))
    .toBeLessThanOrEqual(width);
}

let ada: Account;
let cem: Account;
let dana: Account;

test('whoever looks for a colleague finds them by name, unit, function, room and number, and writes or calls at once (003-16)', async () => {
  [ada, cem, dana] = (await Promise.all(
    ['Ada Albers', 'Cem Conrad', 'Dana Dorn'].map((name) => scene.barbara.colleague(name)),
  )) as [Account, Account, Account];
  const desk = await scene.visit(scene.barbara);
  await desk.page.goto(`/admin/people/${ada.id}`);
  await desk.page.getByRole('textbox', { name: /^Funktion/ }).fill('Sachbearbeiterin');
  await desk.page.getByRole('textbox', { name: /^Bereich/ }).fill('Bauamt');
  await desk.page.getByRole('textbox', { name: /^Telefon/ }).fill('07231 39-1234');
  await desk.page.getByRole('textbox', { name: /^Raum/ }).fill('Zimmer 12');
  await desk.page.getByRole('combobox', { name: 'Vertretung' }).fill('Cem');
  await desk.page.getByRole('option', { name: /Cem Conrad/ }).click();
  await desk.picture('people-admin');
  await desk.page.getByRole('button', { name: 'Speichern' }).click();
  await desk.page.getByText('Die Angaben zu Ada Albers sind gespeichert.').first().waitFor();

  const two = await scene.visit(dana);
  const { page } = two;
  await page.goto('/chat');
  await page.getByRole('button', { name: 'Adressbuch' }).click();
  await page.getByRole('heading', { name: 'Adressbuch', level: 1 }).waitFor();
  await line(page, 'Cem Conrad').waitFor();
  await two.expectAccessible('address book');
  await two.picture('people-list');
  for (const words of [
    'albers',
    'bauamt',
    'sachbearb',
    'zimmer 12',
    '07231/391234',
    '+49 7231 39',
    '1234',
    'bau 0049 7231',
  ])
    await find(page, words, ['Ada Albers']);
  await find(page, 'albers conrad', []);
  await two.expectAccessible('nobody found');
  await find(page, '1234', ['Ada Albers']);
  // By keyboard from the field into the list and to the card.
  await field(page).press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Ada Albers', level: 1 }).waitFor();
  expect(await page.getByRole('link', { name: '07231 39-1234', exact: true }).getAttribute('href')).toBe(
    'tel:07231391234',
  );
  expect(await page.getByRole('link', { name: ada.email }).getAttribute('href')).toBe(`mailto:${ada.email}`);
  await page.getByRole('main').getByText('Zimmer 12', { exact: true }).waitFor();
  await two.expectAccessible('card');
  await two.picture('people-card');

  await page.getByRole('button', { name: 'Nachricht schreiben' }).click();
  await composer(page).waitFor();
  await say(page, 'Sind Sie noch im Haus?');
  await message(page, 'Sind Sie noch im Haus?').waitFor();
  await page.goto(`/people/${ada.id}`);
  await page.getByRole('button', { name: 'Anrufen' }).click();
  await page.waitForURL(/\/meet\//);
  await page.getByRole('button', { name: 'Verlassen' }).click();
  await page.getByText('Das Treffen ist verlassen').first().waitFor();

  // The names of authors lead to the card as well.
  const adas = await scene.visit(ada);
  await adas.page.goto('/chat');
  await adas.page
    .getByRole('link', { name: /Dana Dorn/ })
    .first()
    .click();
  await message(adas.page, 'Sind Sie noch im Haus?').getByRole('link', { name: 'Dana Dorn' }).click();
  await adas.page.getByRole('heading', { name: 'Dana Dorn', level: 1 }).waitFor();
});

test('one keeps one’s own number, room and deputy; absent, the deputy stands at the top (003-16)', async () => {
  const one = await scene.visit(cem);
  await one.page.goto('/profile');
  const mine = one.page.getByRole('region', { name: 'Im Adressbuch' });
  await mine.getByLabel('Telefon').fill('+49 7231 39-77');
  await mine.getByLabel('Raum').fill('Bauhof');
  await mine.getByRole('combobox', { name: 'Wer vertritt mich?' }).fill('Dana');
  await one.page.getByRole('option', { name: /Dana Dorn/ }).click();
  await mine.getByText('Dana Dorn').waitFor();
  await one.expectAccessible('own contact');
  await mine.getByRole('button', { name: 'Speichern' }).click();
  await one.page.getByText('Ihre Angaben stehen im Adressbuch.').first().waitFor();
  await one.page.reload();
  await expect.poll(() => mine.getByLabel('Raum').inputValue()).toBe('Bauhof');
  await mine.scrollIntoViewIfNeeded();
  await one.picture('people-mine');
  await cem.ask('PUT', '/chat/status', { text: 'Bis Montag im Urlaub' });

  const two = await scene.visit(ada, { width: 390, height: 844, touch: true });
  await two.page.goto('/me');
  await two.page.getByRole('main').getByRole('button', { name: 'Adressbuch' }).click();
  await line(two.page, 'Cem Conrad').click();
  await two.page.getByText('Sagt gerade: „Bis Montag im Urlaub“').waitFor();
  await two.expectAccessible('absent');
  await two.picture('people-absent');
  await expectNarrow(two, 320);
  await two.page.getByRole('link', { name: 'Dana Dorn' }).first().click();
  await two.page.getByRole('heading', { name: 'Dana Dorn', level: 1 }).waitFor();
  await two.page.getByRole('button', { name: 'Zurück' }).click();
  await line(two.page, 'Cem Conrad').waitFor();
  await expectNarrow(two, 320);

  // Who leaves is found by nobody from then on; the name remains.
  await scene.barbara.ask('POST', `/admin/people/${cem.id}/disable`);
  await find(two.page, 'conrad', []);
  await two.page.goto(`/people/${cem.id}`);
  await two.page.getByText('Ist nicht mehr hier').waitFor();
  expect(await two.page.getByText('39-77').count()).toBe(0);
  await two.page.goto(`/people/${ada.id}`);
  await two.page.getByRole('heading', { name: 'Ada Albers', level: 1 }).waitFor();
  expect(await two.page.getByText('Vertretung').count()).toBe(0);
});

test('Ctrl-K knows numbers and leads to the card (003-16)', async () => {
  const two = await scene.visit(dana);
  const { page } = two;
  await page.goto('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Suchen und springen' }).fill('39 1234');
  await page
    .getByRole('group', { name: 'Adressbuch' })
    .getByRole('option', { name: /Ada Albers.*Bauamt · 07231 39-1234/ })
    .click();
  await page.getByRole('heading', { name: 'Ada Albers', level: 1 }).waitFor();
});

test('a guest of the town has no address book (003-16)', async () => {
  const guest = await scene.barbara.colleague('Gabi Gast', 'guest');
  const visitor = await scene.visit(guest);
  await visitor.page.goto(`/people/${ada.id}`);
  await visitor.page.getByText('Kein Zugang').first().waitFor();
  await visitor.page.goto('/chat');
  await visitor.page.getByRole('heading', { name: 'Chat' }).first().waitFor();
  expect(await visitor.page.getByRole('button', { name: 'Adressbuch' }).count()).toBe(0);
  await expect(guest.ask('GET', `/people/${ada.id}`)).rejects.toThrow('403');
  const two = await scene.visit(dana);
  await two.page.goto('/people');
  await find(two.page, 'gast', []);
});

test('two thousand people come page by page, and few of them are in the document (003-16)', async () => {
  const two = await scene.visit(dana);
  const { page } = two;
  let pages = 0;
  await page.route('**/api/v1/people?*', async (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') || 0);
    pages++;
    const items = Array.from({ length: 50 }, (_, at) => ({
      id: crypto.randomUUID(),
      name: `Person ${String(from + at).padStart(4, '0')} mit einem Namen, der wirklich nicht in die Spalte passt`,
      title: 'Sachbearbeiterin',
      unit: 'Amt für Bauen, Wohnen und Umwelt',
      email: '',
      phone: '',
      room: '',
    }));
    await route.fulfill({ json: { items, next: from + 50 < 2000 ? String(from + 50) : '' } });
  });
  await page.goto('/people');
  await line(page, 'Person 0000').waitFor();
  await two.picture('people-many');
  expect(pages).toBeLessThan(3);
  const viewport = page.getByRole('region', { name: 'Personen' });
  for (const wanted of ['Person 0070', 'Person 0180', 'Person 0290'])
    await expect
      .poll(
        async () => {
          await viewport.evaluate((area) => area.scrollBy(0, 2000));
          return (
            (await page.getByRole('navigation', { name: 'Personen' }).allInnerTexts()).join(' ') >= wanted
          );
        },
        { timeout: 20_000 },
      )
      .toBe(true);
  expect(pages).toBeGreaterThan(3);
  expect(await page.getByRole('navigation', { name: 'Personen' }).getByRole('link').count()).toBeLessThan(80);
});
