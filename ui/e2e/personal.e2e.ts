import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Visitor } from './house/browser.js';
import { composer, message, say } from './house/chatting.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile({
  settings: { RATHAUS_CHAT_PRESENCE: 'optional', RATHAUS_CHAT_READ_RECEIPTS: 'optional' },
});
let ada: Account | undefined;
const colleague = async () => (ada ??= await scene.barbara.colleague('Ada Albers'));

interface Room {
  readonly id: string;
}

const room = async (name: string) =>
  scene.barbara.ask<Room>('POST', '/chat/rooms', {
    kind: 'private',
    name,
    members: [(await colleague()).id],
  });

/** Notices of the browser are noted instead of shown, and the person has allowed them. */
async function noteNotices(visitor: Visitor): Promise<void> {
  await visitor.context.addInitScript(() => {
    const shown: Array<{ title: string; body: string; click: () => void }> = [];
    class Noted {
      static permission = 'default';
      static async requestPermission() {
        Noted.permission = 'granted';
        return 'granted';
      }
      onclick: (() => void) | null = null;
      constructor(title: string, options: { body?: string } = {}) {
        shown.push({ title, body: options.body ?? '', click: () => this.onclick?.() });
      }
      close() {}
    }
    Object.assign(globalThis, { Notification: Noted, shown });
  });
}

const notices = (page: Page): Promise<Array<{ title: string; body: string }>> =>
  page.evaluate(() =>
    (globalThis as unknown as { shown: Array<{ title: string; body: string }> }).shown.map(
      ({ title, body }) => ({ title, body }),
    ),
  );

/** How many the rail says, by the title of the window and by the list. */
async function counts(page: Page): Promise<[title: number, list: number]> {
  const title = Number(/^\((\d+)\)/.exec(await page.title())?.[1] ?? 0);
  const list = await page
    .locator('section:has(> .head > #rooms-unread) .badge .unseen')
    .evaluateAll((all) => all.reduce((sum, one) => sum + Number.parseInt(one.textContent ?? '0', 10), 0));
  return [title, list];
}

test('do not disturb: nothing pops up, and what is unread rises; title and list agree (000-07)', async () => {
  const { id } = await room('Standesamt');
  const two = await scene.visit(await colleague());
  await noteNotices(two);
  await two.page.goto('/profile');
  await two.page.getByRole('switch', { name: 'Auf diesem Gerät zeigen' }).click();
  await two.page.goto('/chat');
  await two.page.getByRole('link', { name: /Standesamt/ }).waitFor();
  expect(await notices(two.page), 'the page has asked nothing by itself').toEqual([]);
  // A new page has a new permission in this test; the person has given it.
  await two.page.evaluate(() => {
    (globalThis as unknown as { Notification: { permission: string } }).Notification.permission = 'granted';
  });

  await scene.barbara.say(id, 'Die Ringe sind da.');
  await expect
    .poll(() => notices(two.page), { timeout: 15_000 })
    .toEqual([{ title: 'Standesamt', body: 'Barbara Brandt: Die Ringe sind da.' }]);
  await expect.poll(() => counts(two.page), { timeout: 15_000 }).toEqual([1, 1]);

  // Said on another device, it holds here within a moment.
  const settings = { hide_content: false, sound: true, announce: 'all', presence: false, receipts: false };
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await (await colleague()).ask('PUT', '/chat/settings', { ...settings, quiet: { until, times: [] } });
  await scene.barbara.say(id, 'Der Saal ist geschmückt.');
  await expect.poll(() => counts(two.page), { timeout: 15_000 }).toEqual([2, 2]);
  expect(await notices(two.page)).toHaveLength(1);

  await (await colleague()).ask('PUT', '/chat/settings', {
    ...settings,
    hide_content: true,
    quiet: { times: [] },
  });
  await scene.barbara.ask('POST', `/chat/rooms/${id}/messages`, {
    client_id: randomUUID(),
    text: 'leise',
    silent: true,
  });
  await expect.poll(() => counts(two.page), { timeout: 15_000 }).toEqual([3, 3]);
  await scene.barbara.say(id, 'Geheim bleibt geheim.');
  await expect
    .poll(() => notices(two.page), { timeout: 15_000 })
    .toEqual([expect.anything(), { title: 'Neue Nachricht', body: '' }]);
  await two.page.evaluate(() => {
    (globalThis as unknown as { shown: Array<{ click: () => void }> }).shown[1]?.click();
  });
  await message(two.page, 'Geheim bleibt geheim.').waitFor();
});

test('a muted room is quiet in the list; favourites and sections are the same on all devices', async () => {
  const { id } = await room('Kantine');
  const [desk, phone] = [
    await scene.visit(await colleague()),
    await scene.visit(await colleague(), { width: 390, height: 844 }),
  ];
  await phone.page.goto('/chat');
  await desk.page.goto('/chat');
  const line = desk.page.getByRole('link', { name: /Kantine/ });
  await line.hover();
  await desk.page.getByRole('button', { name: 'Aktionen für Kantine' }).click();
  await desk.picture('personal-room-menu');
  await desk.page.getByRole('menuitem', { name: 'Zu den Favoriten' }).click();
  await phone.page
    .getByRole('region', { name: 'Favoriten' })
    .getByRole('link', { name: /Kantine/ })
    .waitFor();

  await line.hover();
  await desk.page.getByRole('button', { name: 'Aktionen für Kantine' }).click();
  await desk.page.getByRole('menuitem', { name: 'Benachrichtigung und Platz' }).click();
  const dialog = desk.page.getByRole('dialog', { name: 'Kantine' });
  await dialog.getByRole('combobox', { name: 'Stumm' }).click();
  await desk.page.getByRole('option', { name: 'Dauerhaft' }).click();
  await dialog.getByRole('combobox', { name: 'Platz in der Liste' }).click();
  await desk.page.getByRole('option', { name: 'Neuer Abschnitt …' }).click();
  await dialog.getByLabel('Name des Abschnitts').fill('Nebenbei');
  await desk.picture('personal-room-wishes');
  await desk.expectAccessible('wishes for a room');
  await dialog.getByRole('button', { name: 'Speichern' }).click();
  await phone.page
    .getByRole('region', { name: 'Nebenbei' })
    .getByRole('link', { name: /Kantine/ })
    .waitFor();

  const [before] = await counts(desk.page);
  await scene.barbara.say(id, 'Heute Linsen');
  await phone.page
    .getByRole('region', { name: 'Nebenbei' })
    .getByRole('link', { name: /Kantine.*eine? ?ungelesene|Kantine.*1 ungelesene/ })
    .waitFor();
  expect((await counts(desk.page))[0]).toBe(before);
  await desk.picture('personal-list');
  await desk.expectAccessible('list with sections');
});

test('a draft typed here is there on the other device, and goes when it is sent (004-17)', async () => {
  const { id } = await room('Amtsblatt');
  const [desk, phone] = [
    await scene.visit(await colleague()),
    await scene.visit(await colleague(), { width: 390, height: 844 }),
  ];
  await desk.page.goto(`/chat/${id}`);
  await composer(desk.page).fill('Der lange Artikel über das');
  await phone.page.goto('/chat');
  await phone.page.getByRole('link', { name: /Amtsblatt.*Entwurf/ }).waitFor();
  await phone.page.getByRole('link', { name: /Amtsblatt.*Entwurf/ }).click();
  await expect
    .poll(() => composer(phone.page).inputValue(), { timeout: 15_000 })
    .toBe('Der lange Artikel über das');
  await composer(phone.page).fill('Der lange Artikel über das Freibad');
  await expect
    .poll(() => composer(desk.page).inputValue(), { timeout: 15_000 })
    .toBe('Der lange Artikel über das Freibad');
  await say(desk.page, 'Der lange Artikel über das Freibad');
  await expect.poll(() => composer(phone.page).inputValue(), { timeout: 15_000 }).toBe('');
});

test('everything unread is gone through by keyboard, and marked unread again', async () => {
  const [first, second] = [await room('Feuerwehr'), await room('Friedhof')];
  const two = await scene.visit(await colleague());
  await two.page.goto('/chat');
  await two.page.getByRole('link', { name: /Friedhof/ }).waitFor();
  // What the tests before have left is read.
  const { rooms } = await (await colleague()).ask<{ rooms: Array<{ id: string; last_seq: number }> }>(
    'GET',
    '/chat/rooms',
  );
  for (const one of rooms)
    await (await colleague()).ask('POST', `/chat/rooms/${one.id}/read`, { seq: one.last_seq });
  await scene.barbara.say(first.id, 'Schlauch prüfen');
  await scene.barbara.say(second.id, `[@Ada Albers](person:${(await colleague()).id}) bitte anrufen`);
  await two.page.getByRole('link', { name: /Ungelesenes/ }).click();
  // Who is called by name comes first.
  await two.page.getByRole('heading', { name: 'Friedhof' }).waitFor();
  await two.page.getByText('bitte anrufen').waitFor();
  await two.picture('personal-unread');
  await two.expectAccessible('catching up');
  await two.page.keyboard.press('j');
  await two.page.getByRole('heading', { name: 'Feuerwehr' }).waitFor();
  await two.page.keyboard.press('k');
  await two.page.getByRole('heading', { name: 'Friedhof' }).waitFor();
  await two.page.keyboard.press('r');
  await two.page.getByRole('textbox', { name: 'Nachricht an Friedhof' }).fill('Mache ich.');
  await two.page.keyboard.press('Enter');
  await two.page.getByRole('heading', { name: 'Feuerwehr' }).waitFor();
  await two.page.keyboard.press('e');
  await two.page.getByText('Alles gelesen').waitFor();
  await expect.poll(() => two.page.title()).not.toMatch(/^\(/);

  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${second.id}`);
  await message(one.page, 'Mache ich.').hover();
  await one.page.getByRole('button', { name: 'Mehr' }).last().click();
  await one.page.getByRole('menuitem', { name: 'Ab hier ungelesen' }).click();
  await one.page.getByRole('link', { name: /Friedhof.*1 ungelesene Nachricht/ }).waitFor();
});

test('saved, reminded, sent later, and gone by itself (004-07, 004-09)', async () => {
  const { id } = await room('Wahlamt');
  await scene.barbara.say(id, 'Stimmzettel bestellen');
  const two = await scene.visit(await colleague());
  await two.page.goto(`/chat/${id}`);
  await message(two.page, 'Stimmzettel bestellen').hover();
  await two.page.getByRole('button', { name: 'Mehr' }).last().click();
  await two.picture('personal-message-menu');
  await two.page.getByRole('menuitem', { name: 'Erinnern …' }).click();
  await two.page.getByRole('dialog', { name: 'Wann erinnern?' }).waitFor();
  await two.picture('personal-when');
  await two.expectAccessible('when to remind');
  await two.page.getByRole('button', { name: /In 20 Minuten/ }).click();
  await message(two.page, 'Stimmzettel bestellen').getByText('Erinnerung heute').waitFor();
  // The time comes sooner, said on another device.
  const { items } = await (await colleague()).ask<{ items: Array<{ message_id: string }> }>(
    'GET',
    '/chat/saved',
  );
  await (await colleague()).ask('PUT', `/chat/rooms/${id}/messages/${items[0]?.message_id}/saved`, {
    remind_at: new Date(Date.now() + 2_000).toISOString(),
  });
  await two.page.getByRole('button', { name: /Neuigkeit/ }).click();
  await two.page.getByRole('link', { name: /Erinnerung: Nachricht von Barbara Brandt/ }).click();
  await two.page.getByText('Jetzt dran').waitFor();
  await two.picture('personal-saved');
  await two.expectAccessible('saved messages');
  await two.page.getByRole('button', { name: 'Erledigt' }).click();
  await two.page.getByText('Noch nichts gemerkt').waitFor();

  await two.page.goto(`/chat/${id}`);
  await composer(two.page).fill('Guten Morgen');
  await two.page.getByRole('button', { name: 'Wie senden?' }).click();
  await two.picture('personal-send-ways');
  await two.page.getByRole('menuitem', { name: 'Später senden …' }).click();
  await two.page.getByRole('button', { name: /Morgen früh/ }).click();
  await two.page.getByRole('button', { name: 'Ansehen' }).click();
  await two.page.getByText('Guten Morgen').waitFor();
  await two.picture('personal-later');
  await two.expectAccessible('scheduled messages');
  const later = await (await colleague()).ask<{ items: Array<{ id: string }> }>('GET', '/chat/later');
  await (await colleague()).ask('PATCH', `/chat/later/${later.items[0]?.id}`, {
    send_at: new Date(Date.now() + 1_500).toISOString(),
  });
  await two.page.getByText('Nichts geplant').waitFor();
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${id}`);
  await message(one.page, 'Guten Morgen').waitFor();

  await composer(one.page).fill('Kennwort Zitrone');
  await one.page.getByRole('button', { name: 'Wie senden?' }).click();
  await one.page.getByRole('menuitem', { name: 'Selbst löschen nach …' }).click();
  await one.page.getByText('ein Bild vom Schirm').waitFor();
  await one.picture('personal-expiry');
  await one.page.getByRole('button', { name: 'Festlegen' }).click();
  await one.page.getByText('Verschwindet 24 Stunden nach dem Senden.').waitFor();
  await composer(one.page).press('Enter');
  await message(one.page, 'Kennwort Zitrone').getByText('verschwindet morgen').waitFor();

  await two.page.goto(`/chat/${id}`);
  await scene.barbara.ask('POST', `/chat/rooms/${id}/messages`, {
    client_id: randomUUID(),
    text: 'Nur kurz: Orange',
    expires_in: 5,
  });
  await message(two.page, 'Nur kurz: Orange').waitFor();
  await message(two.page, 'Nachricht hat sich gelöscht').waitFor();
  expect(await message(two.page, 'Orange').count()).toBe(0);
});

test('a status is said by hand and seen by others; quiet hours and receipts are set in the profile', async () => {
  const two = await scene.visit(await colleague());
  await two.page.goto('/profile');
  await two.page.getByLabel('Was sollen andere wissen?').fill('Im Außendienst');
  await two.page.getByRole('button', { name: 'Status setzen' }).click();
  await two.page.getByRole('button', { name: 'Status löschen' }).waitFor();
  await two.page.getByRole('button', { name: 'Ruhezeit hinzufügen' }).click();
  await two.page.getByLabel('Von').waitFor();
  await two.page.getByRole('switch', { name: 'Zeigen, was ich gelesen habe' }).click();
  await two.page.getByRole('heading', { name: 'Benachrichtigungen' }).scrollIntoViewIfNeeded();
  await two.picture('personal-profile');
  await two.expectAccessible('profile with notices');

  const one = await scene.visit(scene.barbara);
  const direct = await scene.barbara.ask<Room>('POST', '/chat/direct', { user_id: (await colleague()).id });
  await one.page.goto(`/chat/${direct.id}`);
  await one.page.getByText('Im Außendienst').waitFor();
});

test('who announces something sees live how many have read it, among those who tell it', async () => {
  const ada = await colleague();
  const { id } = await scene.barbara.ask<Room>('POST', '/chat/rooms', {
    kind: 'private',
    form: 'announcement',
    name: 'Bekanntmachungen',
    members: [ada.id],
  });
  for (const account of [scene.barbara, ada]) {
    const settings = await account.ask<object>('GET', '/chat/settings');
    await account.ask('PUT', '/chat/settings', { ...settings, receipts: true });
  }
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${id}`);
  await say(one.page, 'Freitag ist geschlossen.');
  await message(one.page, 'Freitag ist geschlossen.')
    .getByRole('button', { name: 'Noch von niemandem gelesen' })
    .waitFor();
  const two = await scene.visit(ada);
  await two.page.goto(`/chat/${id}`);
  await message(two.page, 'Freitag ist geschlossen.').waitFor();
  const read = message(one.page, 'Freitag ist geschlossen.').getByRole('button', {
    name: 'Gelesen von einer Person',
  });
  await read.waitFor();
  expect(
    await message(two.page, 'Freitag ist geschlossen.')
      .getByRole('button', { name: /^Gelesen/ })
      .count(),
  ).toBe(0);
  await one.expectAccessible('announcement that was read');
  await one.picture('personal-read-by');
  await read.click();
  await one.page.getByRole('dialog').getByText('Ada Albers').waitFor();
});

test('whether somebody is here is told live, among those who tell it', async () => {
  const ada = await colleague();
  const share = async (account: Account, presence: boolean) => {
    const settings = await account.ask<object>('GET', '/chat/settings');
    await account.ask('PUT', '/chat/settings', { ...settings, presence });
  };
  await share(scene.barbara, true);
  await share(ada, true);
  const direct = await scene.barbara.ask<Room>('POST', '/chat/direct', { user_id: ada.id });
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${direct.id}`);
  await composer(one.page).waitFor();
  const here = one.page.getByText('da', { exact: true });
  expect(await here.count()).toBe(0);
  const two = await scene.visit(ada);
  await two.page.goto('/chat');
  await here.waitFor();
  await share(ada, false);
  await here.waitFor({ state: 'hidden' });
  await share(ada, true);
  await here.waitFor();
  await two.page.close();
  await here.waitFor({ state: 'hidden' });
});
