import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { composer, message, say } from './house/chatting.js';
import { Scene } from './house/scene.js';
import { Talking } from './house/talking.js';

const scene = Scene.forThisFile();
const house = new Talking(scene);

/** The smallest picture there is. */
const pixel = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
const panel = (page: Page) => page.getByRole('region', { name: 'Thread' });
const write = (page: Page) => page.getByRole('textbox', { name: 'Antwort schreiben' });

test('a thread is begun, answered, followed and found again (004-11)', async () => {
  const [ada, ben] = [await house.person('Ada Albers'), await house.person('Ben Bauer')];
  const id = await house.room('Winterdienst', ada, ben);
  await scene.barbara.say(id, 'Wer streut morgen früh?');

  const one = await house.enter(ada, `/chat/${id}`);
  await message(one.page, 'Wer streut morgen früh?').hover();
  await one.page.getByRole('button', { name: 'Im Thread antworten' }).click();
  await write(one.page).fill('Ich übernehme die Hauptstraße');
  await write(one.page).press('Enter');
  await panel(one.page).getByText('Ich übernehme die Hauptstraße').waitFor();

  // For the others it stands in the room as one line, at the message as a sum, and counts as unread.
  const two = await house.enter(scene.barbara, `/chat/${id}`);
  const line = two.page.getByRole('link', { name: /Ada Albers antwortet auf „Wer streut morgen früh\?“/ });
  await line.waitFor();
  await two.page.getByRole('link', { name: /1 Antwort/ }).waitFor();
  await two.picture('talk-room-with-thread');
  await two.expectAccessible('room with a reply');
  await line.click();
  await write(two.page).fill('Danke! Um fünf?');
  await write(two.page).press('Enter');
  await panel(one.page).getByText('Danke! Um fünf?').waitFor();
  await two.picture('talk-thread');
  await two.expectAccessible('thread');

  // Who is in the thread follows it; who is not can.
  const three = await house.enter(ben, '/chat/threads');
  await three.page.getByText('Keine Threads').waitFor();
  await three.page.goto(new URL(two.page.url()).pathname);
  await three.page.getByRole('button', { name: 'Folgen', exact: true }).click();
  await three.page.getByRole('button', { name: 'Nicht mehr folgen' }).waitFor();
  await three.page.goto('/chat');
  await write(one.page).fill('Ja, um fünf');
  await write(one.page).press('Enter');
  await three.page.goto('/chat/threads');
  await three.page.getByRole('link', { name: /Ja, um fünf/ }).waitFor();
  await three.picture('talk-my-threads');
  await three.expectAccessible('my threads');

  const phone = await house.enter(ben, new URL(two.page.url()).pathname, {
    width: 390,
    height: 844,
    touch: true,
  });
  await write(phone.page).waitFor();
  await phone.picture('talk-thread-phone');
  await phone.page.getByRole('button', { name: 'Zurück' }).first().click();
  await composer(phone.page).waitFor();
});

test('reactions are set, counted and taken back by click and by keyboard (004-11)', async () => {
  const ada = await house.person('Ada Albers');
  const id = await house.room('Bauhof', ada);
  await scene.barbara.say(id, 'Das Schlagloch ist zu');
  const one = await house.enter(ada, `/chat/${id}`);
  const two = await house.enter(scene.barbara, `/chat/${id}`);
  await message(one.page, 'Das Schlagloch ist zu').hover();
  await one.page.getByRole('button', { name: 'Reagieren', exact: true }).click();
  await one.page.getByRole('combobox', { name: 'Emoji suchen' }).fill('daumen hoch');
  await one.page.keyboard.press('Enter');
  const chip = two.page.getByRole('button', { name: /👍.*: Ada Albers/ });
  await chip.waitFor();
  await chip.click();
  await one.page.getByRole('button', { name: /👍.*: Sie und Barbara Brandt/ }).waitFor();
  await two.picture('talk-reactions');
  await two.expectAccessible('reactions');
  await two.page.getByRole('button', { name: /👍.*: Ada Albers und Sie/ }).press('Enter');
  await one.page.getByRole('button', { name: /👍.*: Sie$/ }).waitFor();
  await one.page.getByRole('button', { name: /👍.*: Sie$/ }).click();
  await expect
    .poll(() => two.page.getByRole('list', { name: 'Reaktionen' }).count(), { timeout: 20_000 })
    .toBe(0);
});

test('the town has emoji of its own: an administrator adds one, everybody uses it', async () => {
  const ada = await house.person('Ada Albers');
  const id = await house.room('Stadtmarketing', ada);
  const one = await house.enter(scene.barbara, `/chat/${id}`);
  await one.page.getByRole('button', { name: 'Neu anfangen' }).click();
  await one.page.getByRole('menuitem', { name: 'Eigene Emojis verwalten' }).click();
  const dialog = one.page.getByRole('dialog', { name: 'Eigene Emojis' });
  await dialog.getByLabel('Kürzel').fill('wappen');
  await dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'wappen.gif', mimeType: 'image/gif', buffer: Buffer.from(pixel, 'base64') });
  await dialog.getByRole('button', { name: 'Hinzufügen' }).click();
  await dialog.getByText(':wappen:', { exact: true }).waitFor();
  await one.picture('talk-own-emoji');
  await one.expectAccessible('own emoji');
  await dialog.getByRole('button', { name: 'Schließen' }).click();
  await say(one.page, 'Unser :wappen: ist da');
  await message(one.page, 'ist da').getByRole('img', { name: ':wappen:' }).waitFor();
  const two = await house.enter(ada, `/chat/${id}`);
  await message(two.page, 'ist da').getByRole('img', { name: ':wappen:' }).waitFor();
});

test('everybody, a group and whoever is here are called; many only on purpose', async () => {
  const ada = await house.person('Ada Albers');
  const group = await scene.barbara.ask<{ id: string }>('POST', '/admin/groups', { name: 'Rufbereitschaft' });
  await scene.barbara.ask('PUT', `/admin/groups/${group.id}/members/${ada.id}`);
  const id = await house.room('Einsatz', ada);
  const two = await house.enter(ada, '/chat');
  const one = await house.enter(scene.barbara, `/chat/${id}`);
  await composer(one.page).pressSequentially('@ruf');
  await one.page.getByRole('option', { name: /Rufbereitschaft/ }).waitFor();
  await one.picture('talk-mention-group');
  await one.page.keyboard.press('Enter');
  await composer(one.page).pressSequentially('bitte kommen');
  await one.page.keyboard.press('Enter');
  await message(one.page, '@Rufbereitschaft bitte kommen').waitFor();
  await two.page
    .getByRole('link', { name: /Einsatz/ })
    .first()
    .waitFor();
  await expect
    .poll(async () => (await ada.ask<{ mentions: number }>('GET', `/chat/rooms/${id}`)).mentions, {
      timeout: 20_000,
    })
    .toBe(1);

  const many = await Promise.all(
    Array.from({ length: 21 }, (_, n) => house.person(`Kollege ${'abcdefghijklmnopqrstu'[n]}`)),
  );
  const big = await house.room('Alle Mann', ...many);
  await one.page.goto(`/chat/${big}`);
  await composer(one.page).pressSequentially('@alle');
  await one.page.getByRole('option', { name: /^@?alle/ }).waitFor();
  await one.page.keyboard.press('Enter');
  await composer(one.page).pressSequentially('Feierabend');
  await one.page.keyboard.press('Enter');
  const question = one.page.getByRole('alertdialog', { name: '21 Personen benachrichtigen?' });
  await question.waitFor();
  await one.picture('talk-many');
  await question.getByRole('button', { name: 'Senden' }).click();
  await message(one.page, '@alle Feierabend').waitFor();

  // Typed by hand and sent at once, without the list, it calls all the same.
  await composer(one.page).fill('@alle Schlüssel vergessen');
  await one.page.keyboard.press('Enter');
  await question.getByRole('button', { name: 'Senden' }).click();
  await message(one.page, '@alle Schlüssel vergessen').locator('.mention').waitFor();
});
