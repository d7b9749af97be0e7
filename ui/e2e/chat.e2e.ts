import { expect, test } from 'vitest';
import { act, composer, jump, message, say } from './house/chatting.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();
let ada: Account | undefined;
const colleague = async () => (ada ??= await scene.barbara.colleague('Ada Albers'));

interface Room {
  readonly id: string;
}

const room = async (name: string, kind: 'public' | 'private' = 'private') =>
  scene.barbara.ask<Room>('POST', '/chat/rooms', { kind, name, members: [(await colleague()).id] });

test('a name, Enter and a text reach a colleague within a second (000-08)', async () => {
  const two = await scene.visit(await colleague());
  await two.page.goto('/chat');
  await two.page.getByText('Noch keine Räume').waitFor();
  await two.picture('chat-empty');

  const one = await scene.visit(scene.barbara);
  await one.page.goto('/');
  await one.page.getByRole('heading', { level: 1 }).waitFor();
  await jump(one.page, 'ada al', 'Nachricht an Ada Albers');
  await say(one.page, 'Ist der Sitzungssaal frei?');
  const began = Date.now();
  await two.page
    .getByRole('link', { name: /Barbara Brandt/ })
    .first()
    .waitFor();
  expect(Date.now() - began).toBeLessThan(1_000);
  await two.page
    .getByRole('link', { name: /Barbara Brandt/ })
    .first()
    .click();
  await message(two.page, 'Ist der Sitzungssaal frei?').waitFor();

  await say(one.page, 'Ab 14 Uhr?');
  const sent = Date.now();
  await message(two.page, 'Ab 14 Uhr?').waitFor();
  expect(Date.now() - sent).toBeLessThan(1_000);
  await two.expectAccessible('room of two');
});

test('a room is made, found and joined; what is said is changed and really deleted', async () => {
  const one = await scene.visit(scene.barbara);
  await one.page.goto('/chat');
  await one.page.getByRole('button', { name: 'Neu anfangen' }).click();
  await one.page.getByRole('menuitem', { name: 'Raum anlegen' }).click();
  const dialog = one.page.getByRole('dialog', { name: 'Raum anlegen' });
  await dialog.getByLabel('Name', { exact: false }).first().fill('Stadtfest 2027');
  await one.expectAccessible('new room');
  await one.picture('chat-new-room');
  await dialog.getByRole('button', { name: 'Raum anlegen' }).click();
  await one.page.getByRole('heading', { name: 'Stadtfest 2027' }).waitFor();

  const two = await scene.visit(await colleague());
  await two.page.goto('/chat/rooms');
  await two.page.getByRole('button', { name: 'Dem Raum Stadtfest 2027 beitreten' }).click();
  await composer(two.page).waitFor();

  await say(one.page, 'Die Bühne kommt um achd');
  await message(two.page, 'Die Bühne kommt um achd').waitFor();
  await composer(one.page).press('ArrowUp');
  await composer(one.page).fill('Die Bühne kommt um **acht**');
  await one.page.keyboard.press('Enter');
  await message(two.page, 'Die Bühne kommt um acht').getByText('bearbeitet').waitFor();
  expect(await two.page.getByRole('article').locator('strong').textContent()).toBe('acht');

  await act(one.page, 'Die Bühne kommt', 'Löschen');
  await one.page
    .getByRole('alertdialog')
    .or(one.page.getByRole('dialog'))
    .getByRole('button', { name: 'Löschen' })
    .click();
  await message(two.page, 'Nachricht gelöscht').waitFor();
  expect(await message(two.page, 'Die Bühne').count()).toBe(0);
});

test('who is elsewhere sees what waits, by room and by name', async () => {
  const { id } = await room('Bürgerbüro');
  const two = await scene.visit(await colleague());
  await two.page.goto('/');
  await two.page.getByRole('heading', { level: 1 }).waitFor();
  await scene.barbara.say(id, 'Die Ausweise sind da.');
  await scene.barbara.say(id, `[@Ada Albers](person:${(await colleague()).id}) kannst du sie holen?`);
  await two.page
    .getByRole('link', { name: /Bürgerbüro.*2 ungelesene Nachrichten, eine Erwähnung/ })
    .waitFor();
  await two.page.getByRole('button', { name: /Neuigkeit/ }).click();
  await two.page.getByRole('link', { name: /Erwähnung in Bürgerbüro/ }).waitFor();
  await two.expectAccessible('notices');
  await two.picture('chat-notices');
  await two.page.getByRole('link', { name: /Erwähnung in Bürgerbüro/ }).click();
  await message(two.page, 'kannst du sie holen?').waitFor();
  // What was looked at for a moment counts as read.
  const unread = two.page
    .getByRole('link', { name: /ungelesene Nachricht/ })
    .and(two.page.locator(`[href*="${id}"]`));
  await expect.poll(() => unread.count(), { timeout: 25_000 }).toBe(0);
});

test('the whole history is there on a new device, and a link leads to one message (000-30, 003-08)', async () => {
  const { id } = await room('Gemeinderat');
  const said: { id: string; seq: number }[] = [];
  for (let at = 1; at <= 70; at++) {
    // Two speak, because one alone is slowed down.
    const who = at % 2 ? scene.barbara : await colleague();
    said.push(await who.say(id, `Tagesordnungspunkt ${at}.`));
  }

  const fresh = await scene.visit(await colleague());
  await fresh.page.goto(`/chat/${id}`);
  await message(fresh.page, 'Tagesordnungspunkt 70.').waitFor();
  await fresh.page.getByRole('region', { name: 'Nachrichten' }).focus();
  await expect
    .poll(
      async () => {
        await fresh.page.keyboard.press('PageUp');
        return message(fresh.page, 'Tagesordnungspunkt 1.').count();
      },
      { timeout: 20_000, interval: 200, message: 'going up leads to the first message' },
    )
    .toBe(1);
  await fresh.page.getByText('Hier beginnt dieser private Raum').waitFor();
  await fresh.picture('chat-room');

  const other = await scene.visit(await colleague());
  await other.page.goto(`/chat/${id}?at=${said[19]?.seq ?? 0}`);
  await message(other.page, 'Tagesordnungspunkt 20.').waitFor();
  await expect.poll(() => message(other.page, 'Tagesordnungspunkt 20.').isVisible()).toBe(true);
  await other.page.getByRole('button', { name: 'Zum Neuesten' }).click();
  await message(other.page, 'Tagesordnungspunkt 70.').waitFor();
});

test('a private room does not exist for others', async () => {
  const { id } = await scene.barbara.ask<Room>('POST', '/chat/rooms', {
    kind: 'private',
    name: 'Personalrat',
    members: [],
  });
  await scene.barbara.say(id, 'Nur für uns');
  const two = await scene.visit(await colleague());
  await two.page.goto(`/chat/${id}`);
  await two.page.getByRole('heading', { name: 'Diesen Raum gibt es für Sie nicht' }).waitFor();
  await two.expectAccessible('room that is not there');
  await two.page.keyboard.press('Control+k');
  await two.page.getByRole('combobox', { name: 'Suchen und springen' }).fill('Personalrat');
  await two.page.getByText('Nichts gefunden für').waitFor();
  await two.picture('palette-nothing');
});
