import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { act, composer, message } from './house/chatting.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';
import { unzip } from './house/zip.js';

const scene = Scene.forThisFile();
const password = 'Kastanie-Fenster-Wolke';
const phone = { width: 390, height: 844, touch: true };
let gerda: Account | undefined;
let ada: Account | undefined;
const guest = async () => (gerda ??= await scene.barbara.colleague('Gerda Gast', 'guest'));
const member = async () => (ada ??= await scene.barbara.colleague('Ada Albers'));

interface Room {
  readonly id: string;
}

/** A room in which the guest is, beside a member. */
async function room(name: string): Promise<Room> {
  const members = [(await guest()).id, (await member()).id];
  return scene.barbara.ask<Room>('POST', '/chat/rooms', { kind: 'private', name, members });
}

/** What of a page would tell a guest of what is not theirs. */
async function expectNothingForeign(page: Page): Promise<void> {
  expect(await page.getByText(/Haushaltsplan|Otto Aussen/).count()).toBe(0);
}

test('what a guest keeps follows from the desk to the phone, and a member beside sees none of it (003-02)', async () => {
  const { id } = await room('Bauprojekt');
  await scene.barbara.colleague('Otto Aussen');
  await scene.barbara.ask('POST', '/chat/rooms', { kind: 'public', name: 'Haushaltsplan' });
  await scene.barbara.say(id, 'Der Plan liegt im Foyer');
  const [desk, hand, beside] = [
    await scene.visit(await guest()),
    await scene.visit(await guest(), phone),
    await scene.visit(await member()),
  ];
  await beside.page.goto(`/chat/${id}`);
  await message(beside.page, 'Der Plan liegt im Foyer').waitFor();
  await hand.page.goto('/chat');
  // What is unread stands above the favourites, so it is read first.
  await desk.page.goto(`/chat/${id}`);
  await message(desk.page, 'Der Plan liegt im Foyer').waitFor();
  await desk.page.getByRole('link', { name: /Bauprojekt.*ungelesen/ }).waitFor({ state: 'detached' });
  await desk.page.getByRole('link', { name: /Bauprojekt/ }).hover();
  await desk.page.getByRole('button', { name: 'Aktionen für Bauprojekt' }).click();
  await desk.page.getByRole('menuitem', { name: 'Zu den Favoriten' }).click();
  const favourite = hand.page.getByRole('region', { name: 'Favoriten' });
  await favourite.getByRole('link', { name: /Bauprojekt/ }).waitFor();

  await act(desk.page, 'Der Plan liegt im Foyer', 'Merken');
  await hand.page.getByRole('link', { name: /Gemerkt/ }).waitFor();
  await composer(desk.page).fill('Ich komme am');
  await hand.page.getByRole('link', { name: /Bauprojekt.*Entwurf/ }).waitFor();
  await desk.picture('guests-room');
  await hand.picture('guests-list-phone');
  await hand.expectAccessible('list of a guest with what is theirs');
  await hand.page.getByRole('link', { name: /Gemerkt/ }).click();
  await hand.page.getByText('Der Plan liegt im Foyer').waitFor();
  await hand.picture('guests-saved-phone');
  await hand.expectAccessible('saved messages of a guest');
  await expectNothingForeign(hand.page);

  // What waits on the list of threads and of what is unread.
  await desk.page.goto(`/chat/${id}`);
  await act(desk.page, 'Der Plan liegt im Foyer', 'Ab hier ungelesen');
  await hand.page.goto('/chat/unread');
  await hand.page.getByRole('heading', { name: 'Bauprojekt' }).waitFor();
  await hand.expectAccessible('catching up of a guest');
  for (const path of ['/chat/threads', '/chat/later', '/chat/drafts']) {
    await hand.page.goto(path);
    await hand.page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    await expect.poll(() => hand.page.getByRole('heading', { name: 'Kein Zugang' }).count()).toBe(0);
    await hand.expectAccessible(`${path} of a guest`);
  }
  await desk.page.goto(`/chat/${id}/details`);
  await desk.page.getByRole('heading', { name: 'Für mich' }).waitFor();
  expect(await desk.page.getByRole('link', { name: 'Raum mitnehmen' }).count()).toBe(0);
  await desk.picture('guests-details');

  for (const words of ['Gemerkt', 'Entwurf', 'Favoriten'])
    expect(await beside.page.getByText(words, { exact: true }).count(), words).toBe(0);
});

test('a guest finds what is theirs by Ctrl-K, and nothing else', async () => {
  const { id } = await room('Spielplatz');
  const desk = await scene.visit(await guest());
  await desk.page.goto('/chat');
  await desk.page.getByRole('link', { name: /Spielplatz/ }).waitFor();
  await desk.page.keyboard.press('Control+k');
  const field = desk.page.getByRole('combobox', { name: 'Suchen und springen' });
  await field.fill('Haushalt');
  await desk.page
    .getByText(/Nichts gefunden|Keine Treffer|Alle Treffer/)
    .first()
    .waitFor();
  await expectNothingForeign(desk.page);
  await field.fill('Spiel');
  await desk.page
    .getByRole('option', { name: /Spielplatz/ })
    .first()
    .waitFor();
  await desk.expectAccessible('palette of a guest');
  await desk.page.keyboard.press('Enter');
  await desk.page.waitForURL(new RegExp(id));
});

test('a guest sets how the portal is for them: look, notices, quiet, password, devices, data (001-16)', async () => {
  const account = await guest();
  await room('Kita');
  const [desk, hand] = [await scene.visit(account), await scene.visit(account, phone)];
  await hand.page.goto('/profile');
  await hand.page.getByRole('heading', { name: 'Gerda Gast' }).waitFor();
  for (const card of ['Benachrichtigungen', 'Passwort', 'Meine Geräte', 'Daten mitnehmen'])
    await hand.page.getByRole('heading', { name: card }).waitFor();
  // Others are told nothing by what a guest does, and the name is the one that was given.
  expect(await hand.page.getByRole('switch', { name: /gelesen|da bin/ }).count()).toBe(0);
  expect(await hand.page.getByLabel('So werden Sie den anderen gezeigt').count()).toBe(0);
  await hand.page.getByRole('button', { name: '1 Stunde' }).click();
  await hand.page.getByText(/Nicht stören bis/).waitFor();
  await hand.picture('guests-profile-phone');
  await hand.expectAccessible('profile of a guest on a phone');

  await desk.page.goto('/profile');
  await desk.page.getByText(/Nicht stören bis/).waitFor();
  await desk.page.getByText('Dunkel', { exact: true }).click();
  await expect.poll(() => desk.page.locator('html').getAttribute('data-theme')).toBe('dark');
  await expect
    .poll(async () => (await account.ask<{ me: { theme: string } }>('GET', '/auth/session')).me.theme)
    .toBe('dark');
  await desk.picture('guests-profile');
  await desk.expectAccessible('profile of a guest');

  const download = desk.page.waitForEvent('download');
  await desk.page.getByRole('link', { name: 'Alles von mir mitnehmen' }).click();
  await desk.page.getByText('Ihre Nachrichten in Ihren Räumen').waitFor();
  await desk.page.getByRole('button', { name: 'ZIP herunterladen' }).click();
  const files = unzip(await readFile(await (await download).path()));
  expect([...files.keys()]).toContain('profil.json');
  expect([...files.values()].join('\n')).not.toMatch(/Haushaltsplan|Otto Aussen/);

  await desk.page.goto('/profile');
  await desk.page.getByRole('button', { name: 'Passwort ändern' }).click();
  await desk.page.getByLabel('Bisheriges Passwort').fill(password);
  await desk.page.getByLabel('Neues Passwort').fill('Laterne-Brunnen-Ziegel');
  await desk.page.getByRole('button', { name: 'Ändern', exact: true }).click();
  await desk.page.getByText('Das Passwort ist geändert').first().waitFor();
});
