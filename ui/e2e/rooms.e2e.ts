import { expect, test } from 'vitest';
import { composer, message, say } from './house/chatting.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();
let people: { ada: Account; ben: Account } | undefined;
const colleagues = async () =>
  (people ??= {
    ada: await scene.barbara.colleague('Ada Albers'),
    ben: await scene.barbara.colleague('Ben Bauer'),
  });

interface Room {
  readonly id: string;
}

async function room(name: string, more: object = {}): Promise<Room> {
  const { ada, ben } = await colleagues();
  return scene.barbara.ask<Room>('POST', '/chat/rooms', {
    kind: 'private',
    name,
    members: [ada.id, ben.id],
    ...more,
  });
}

test('in a room of announcements few write and all read (003-04)', async () => {
  const { id } = await room('IT-Lage', { form: 'announcement' });
  const one = await scene.visit(scene.barbara);
  const two = await scene.visit((await colleagues()).ada);
  await two.page.goto(`/chat/${id}`);
  await two.page.getByText('In diesem Raum schreiben Leitung und Moderation').waitFor();
  await one.page.goto(`/chat/${id}`);
  await say(one.page, 'Der Drucker im Foyer geht wieder.');
  await message(two.page, 'Der Drucker im Foyer geht wieder.').waitFor();
  expect(await composer(two.page).count()).toBe(0);
  await two.expectAccessible('announcement room');
  await two.picture('rooms-announcement');

  // A role acts at once, on the open page of the other.
  await one.page.goto(`/chat/${id}/details`);
  await one.page.getByRole('button', { name: 'Aktionen für Ada Albers' }).click();
  await one.page.getByRole('menuitem', { name: 'Zur Moderation machen' }).click();
  const began = Date.now();
  await composer(two.page).waitFor();
  expect(Date.now() - began).toBeLessThan(3_000);
  await two.page.getByText('Barbara Brandt hat Ada Albers zugeteilt: Moderation').waitFor();
  await one.picture('rooms-details');
  await one.expectAccessible('details of a room');
});

test('a forum has topics with titles, answers and a mark for what is solved (002-16)', async () => {
  const { id } = await room('Forum Technik', { form: 'forum' });
  const { ada } = await colleagues();
  const one = await scene.visit(ada);
  await one.page.goto(`/chat/${id}`);
  await one.page.getByText('Noch keine Themen').waitFor();
  await one.page.getByRole('button', { name: 'Neues Thema' }).click();
  const dialog = one.page.getByRole('dialog', { name: 'Neues Thema' });
  await dialog.getByLabel('Titel').fill('Beamer im Sitzungssaal');
  await dialog.getByLabel('Text').fill('Wo ist die Fernbedienung?');
  await dialog.getByRole('button', { name: 'Thema anlegen' }).click();
  const topic = one.page.getByRole('link', { name: /Beamer im Sitzungssaal/ });
  await topic.waitFor();

  const two = await scene.visit(scene.barbara);
  await two.page.goto(`/chat/${id}`);
  await two.page.getByRole('link', { name: /Beamer im Sitzungssaal/ }).click();
  const answer = two.page.getByRole('textbox', { name: 'Antwort schreiben' });
  await answer.fill('Im Schrank links.');
  await answer.press('Enter');
  await one.page.getByRole('link', { name: /Beamer im Sitzungssaal.*eine Antwort/ }).waitFor();
  const list = await ada.ask<{ items: { id: string }[] }>('GET', `/chat/rooms/${id}/topics`);
  await ada.ask('PUT', `/chat/rooms/${id}/messages/${list.items[0]?.id}/solved`, { solved: true });
  await one.page.getByRole('img', { name: 'Gelöst' }).or(one.page.getByLabel('Gelöst')).first().waitFor();
  await one.expectAccessible('forum');
  await one.picture('rooms-forum');
});

test('a link lets a guest into one room, and out when it ends (001-20)', async () => {
  const { id } = await room('Bauausschuss');
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${id}/details`);
  await one.page.getByRole('button', { name: 'Link anlegen' }).click();
  const dialog = one.page.getByRole('dialog', { name: 'Link anlegen' });
  await dialog.getByText('Für Gäste: lesen und schreiben').click();
  await one.expectAccessible('new link');
  await one.picture('rooms-link');
  await dialog.getByRole('button', { name: 'Link anlegen' }).click();
  const address = await one.page.getByRole('dialog').getByLabel('Adresse').inputValue();
  await one.page.getByRole('dialog').getByRole('button', { name: 'Schließen' }).last().click();

  const guest = await scene.stranger('Frau Bürger', { width: 390, height: 844, touch: true });
  await guest.page.goto(address);
  await guest.page.getByRole('heading', { name: 'Bauausschuss' }).waitFor();
  await guest.expectAccessible('door of a room');
  await guest.picture('rooms-door');
  await guest.page.getByLabel('Ihr Name').or(guest.page.getByRole('textbox')).first().fill('Frau Bürger');
  await guest.page.getByRole('button', { name: 'Als Gast eintreten' }).click();
  await composer(guest.page).waitFor();
  await composer(guest.page).fill('Guten Tag zusammen');
  await guest.page.getByRole('button', { name: 'Senden', exact: true }).click();
  await one.page.goto(`/chat/${id}`);
  const said = message(one.page, 'Guten Tag zusammen');
  await said.waitFor();
  await said.getByText('Gast', { exact: true }).waitFor();
  await guest.expectAccessible('room of a guest');
  await guest.picture('rooms-guest');

  const links = await scene.barbara.ask<{ items: { id: string }[] }>('GET', `/chat/rooms/${id}/links`);
  await scene.barbara.ask('DELETE', `/chat/rooms/${id}/links/${links.items[0]?.id}`);
  await guest.page.getByText('nicht mehr in diesem Raum').waitFor();
});

test('a message is reported, the moderators deal with it; slow mode shows the wait (000-15)', async () => {
  const { id } = await room('Kantine');
  const { ada, ben } = await colleagues();
  await ben.say(id, 'Unfreundliches');
  const two = await scene.visit(ada);
  await two.page.goto(`/chat/${id}`);
  await message(two.page, 'Unfreundliches').hover();
  await message(two.page, 'Unfreundliches')
    .getByRole('button', { name: /Weitere|Mehr/ })
    .click();
  await two.page.getByRole('menuitem', { name: 'Melden' }).click();
  await two.page
    .getByRole('dialog', { name: 'Nachricht melden' })
    .getByRole('button', { name: 'Melden' })
    .click();
  await two.page.getByText('die Meldung ist angekommen').first().waitFor();

  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${id}/details`);
  await one.page.getByText('Gemeldet von Ada Albers').waitFor();
  await one.picture('rooms-report');
  await one.expectAccessible('reports of a room');
  await one.page.getByRole('button', { name: 'Nachricht löschen' }).click();
  await message(two.page, 'Nachricht gelöscht').waitFor();

  await scene.barbara.ask('PATCH', `/chat/rooms/${id}`, { slow_seconds: 30 });
  await two.page.getByText('Langsamer Modus: 30 Sekunden').waitFor();
  await say(two.page, 'Mahlzeit');
  await two.page.getByText(/Die nächste Nachricht geht in/).waitFor();
  await two.picture('rooms-slow');
});

test('a room is renamed, archived, found again and opened; somebody leaves', async () => {
  const { id } = await room('Stadtfest', { kind: 'public' });
  const { ada } = await colleagues();
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${id}/details`);
  await one.page.getByRole('button', { name: 'Raum bearbeiten' }).click();
  const dialog = one.page.getByRole('dialog', { name: 'Raum bearbeiten' });
  await dialog.getByLabel('Name', { exact: false }).first().fill('Stadtfest 2027');
  await dialog.getByLabel('Emoji').fill('🎪');
  await one.picture('rooms-edit');
  await dialog.getByRole('button', { name: 'Speichern' }).click();
  const two = await scene.visit(ada);
  await two.page.goto(`/chat/${id}/details`);
  await two.page.getByRole('heading', { name: 'Stadtfest 2027' }).waitFor();
  await two.page.getByRole('button', { name: 'Raum verlassen' }).click();
  await two.page
    .getByRole('alertdialog')
    .or(two.page.getByRole('dialog'))
    .getByRole('button', { name: 'Raum verlassen' })
    .click();
  await two.page.goto('/chat/rooms');
  await two.page.getByRole('button', { name: 'Dem Raum Stadtfest 2027 beitreten' }).click();
  await composer(two.page).waitFor();

  await one.page.getByRole('button', { name: 'Archivieren' }).click();
  await one.page
    .getByRole('alertdialog')
    .or(one.page.getByRole('dialog'))
    .getByRole('button', { name: 'Archivieren' })
    .click();
  await two.page.getByText('Dieser Raum ist archiviert').waitFor();
  await two.page.goto('/chat/rooms');
  await two.page.getByRole('heading', { name: 'Archivierte Räume' }).waitFor();
  await two.picture('rooms-browse');
  await one.page.getByRole('button', { name: 'Wieder öffnen' }).click();
  await one.page.getByText('hat den Raum wieder geöffnet').waitFor();
});
