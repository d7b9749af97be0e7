import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { act, composer, message, say } from './house/chatting.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();
const known = new Map<string, Account>();

interface Room {
  readonly id: string;
}

async function colleague(name: string, role: 'guest' | 'member' = 'member'): Promise<Account> {
  const account = known.get(name) ?? (await scene.barbara.colleague(name, role));
  known.set(name, account);
  return account;
}

async function room(name: string, members: readonly Account[], more: object = {}): Promise<string> {
  const body = { kind: 'private', name, members: members.map((one) => one.id), ...more };
  return (await scene.barbara.ask<Room>('POST', '/chat/rooms', body)).id;
}

test('a guest with an account has the rooms they were brought into, and nothing else (003-02, 004-09)', async () => {
  const gerda = await colleague('Gerda Gast', 'guest');
  const ada = await colleague('Ada Albers');
  await room('Markt', [], { kind: 'public' });
  const id = await room('Bauprojekt', [ada, gerda]);
  await scene.barbara.say(id, 'Willkommen in der Runde');
  const desk = await scene.visit(gerda);
  await desk.page.goto('/');
  await desk.page.waitForURL(/\/chat$/);
  await desk.page.getByRole('link', { name: /Bauprojekt/ }).waitFor();
  expect(await desk.page.getByRole('link', { name: /Markt/ }).count()).toBe(0);
  for (const name of ['Räume entdecken', 'Neu', 'Neues Gespräch']) {
    expect(await desk.page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
  }
  for (const name of ['Start', 'Pads', 'Treffen']) {
    expect(await desk.page.getByRole('link', { name, exact: true }).count(), name).toBe(0);
  }
  await desk.expectAccessible('chat of a guest with an account');
  await desk.picture('rooms-visitor-list');

  // Write, read and react, and call those who are there.
  await desk.page.getByRole('link', { name: /Bauprojekt/ }).click();
  await message(desk.page, 'Willkommen in der Runde').waitFor();
  const other = await scene.visit(ada);
  await other.page.goto(`/chat/${id}`);
  await composer(desk.page).fill('Danke, @Ad');
  await desk.page.getByRole('option', { name: /Ada Albers/ }).click();
  await composer(desk.page).press('Enter');
  await message(other.page, 'Danke, @Ada Albers').waitFor();
  await message(desk.page, 'Willkommen in der Runde').hover();
  await message(desk.page, 'Willkommen in der Runde').getByRole('button', { name: 'Mehr' }).click();
  expect(await desk.page.getByRole('menuitem', { name: 'Weiterleiten' }).count()).toBe(0);
  await desk.page.getByRole('menuitem', { name: 'Anheften' }).click();
  await message(other.page, 'Willkommen in der Runde')
    .getByText(/Gerda Gast/)
    .first()
    .waitFor();
  await desk.page.setInputFiles('input[type=file] >> nth=0', {
    name: 'Plan.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('Der Plan'),
  });
  await desk.page.getByText('Plan.txt').first().waitFor();
  await desk.page.getByRole('button', { name: 'Senden', exact: true }).click();
  await other.page.getByText('Plan.txt').first().waitFor();
  await desk.picture('rooms-visitor-room');

  // The people of the room are shown, and nobody can be brought in or written to elsewhere.
  await desk.page.goto(`/chat/${id}/details`);
  await desk.page.getByRole('heading', { name: 'Personen' }).waitFor();
  await desk.page.getByText('Barbara Brandt').first().waitFor();
  expect(await desk.page.getByRole('button', { name: 'Hinzufügen' }).count()).toBe(0);
  const people = desk.page.getByRole('region', { name: 'Personen' });
  expect(await people.getByRole('button', { name: /^Aktionen für/ }).count()).toBe(0);
  await desk.expectAccessible('room of a guest with an account');
  for (const path of ['/chat/rooms', '/pads', '/meet']) {
    await desk.page.goto(path);
    await desk.page.getByRole('heading', { name: 'Kein Zugang' }).first().waitFor();
  }

  // Out at once, on the open page.
  await desk.page.goto(`/chat/${id}`);
  await composer(desk.page).waitFor();
  await scene.barbara.ask('DELETE', `/chat/rooms/${id}/members/${gerda.id}`);
  await desk.page.getByText('Diesen Raum gibt es für Sie nicht').waitFor();
  expect(await desk.page.getByRole('link', { name: /Bauprojekt/ }).count()).toBe(0);
  desk.expectNoTrouble();
});

test('who is silenced neither reacts nor votes nor pins, and is told so (000-15)', async () => {
  const ada = await colleague('Ada Albers');
  const id = await room('Ruhe bitte', [ada]);
  const { id: said } = await scene.barbara.say(id, 'Bitte sachlich bleiben');
  await ada.ask('POST', `/chat/rooms/${id}/messages/${said}/reactions`, { emoji: '👍', on: true });
  await scene.barbara.ask('POST', `/chat/rooms/${id}/messages`, {
    client_id: randomUUID(),
    poll: { question: 'Pause?', options: ['Ja', 'Nein'] },
  });
  const two = await scene.visit(ada);
  await two.page.goto(`/chat/${id}`);
  const ballot = two.page.getByRole('radio', { name: 'Ja' });
  await ballot.waitFor();
  await composer(two.page).waitFor();
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await scene.barbara.ask('PUT', `/chat/rooms/${id}/members/${ada.id}/silence`, { until });
  await two.page.getByText(/Schreiben, reagieren und abstimmen können Sie danach wieder/).waitFor();
  expect(await ballot.isDisabled()).toBe(true);
  await message(two.page, 'Bitte sachlich bleiben').hover();
  await message(two.page, 'Bitte sachlich bleiben').getByRole('button', { name: 'Mehr' }).click();
  await two.page.getByRole('menuitem', { name: 'Melden' }).waitFor();
  for (const name of ['Reagieren', 'Anheften', 'Zitieren']) {
    expect(await two.page.getByRole('menuitem', { name }).count(), name).toBe(0);
  }
  await two.page.keyboard.press('Escape');
  await two.expectAccessible('room of somebody silenced');
  await two.picture('rooms-silenced');
  // Taking back one's own is always possible.
  await message(two.page, 'Bitte sachlich bleiben').getByRole('button', { name: /👍/ }).click();
  await expect.poll(() => two.page.getByRole('button', { name: /👍/ }).count()).toBe(0);
  await scene.barbara.ask('PUT', `/chat/rooms/${id}/members/${ada.id}/silence`, {
    until: '2000-01-01T00:00:00Z',
  });
  await composer(two.page).waitFor();
  await ballot.check();
  two.expectNoTrouble();
});

test('a room gets a picture, which shows in the list and in the head', async () => {
  const ada = await colleague('Ada Albers');
  const id = await room('Bauhof', [ada]);
  const two = await scene.visit(ada);
  await two.page.goto(`/chat/${id}`);
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${id}/details`);
  const chooser = one.page.waitForEvent('filechooser');
  await one.page.getByRole('button', { name: 'Bild wählen' }).click();
  await (await chooser).setFiles({
    name: 'kein-bild.png',
    mimeType: 'image/png',
    buffer: Buffer.from('kein Bild'),
  });
  await one.page.getByText('Das ist kein passendes Bild').first().waitFor();
  const again = one.page.waitForEvent('filechooser');
  await one.page.getByRole('button', { name: 'Bild wählen' }).click();
  const drawn = await one.page.evaluate(() => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [900, 600];
    const pen = canvas.getContext('2d');
    if (pen) {
      pen.fillStyle = '#c2410c';
      pen.fillRect(0, 0, 900, 600);
      pen.fillStyle = '#fde68a';
      pen.arc(450, 300, 180, 0, 7);
      pen.fill();
    }
    return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
  });
  await (await again).setFiles({
    name: 'hof.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from(drawn, 'base64'),
  });
  const shown = two.page.locator(`img[src*="/rooms/${id}/picture/"]`);
  await expect
    .poll(() => shown.count(), {
      timeout: 20_000,
      message: 'list, head and beginning of the room of the other',
    })
    .toBe(3);
  await expect
    .poll(() => shown.first().evaluate((one) => (one as HTMLImageElement).naturalWidth), { timeout: 20_000 })
    .toBe(256);
  await one.expectAccessible('details with a picture');
  await one.picture('rooms-picture');
  await one.page.getByRole('button', { name: 'Bild entfernen' }).click();
  await expect.poll(() => shown.count(), { timeout: 20_000 }).toBe(0);
  one.expectNoTrouble();
  two.expectNoTrouble();
});

test('a room is deleted with everything in it by who writes its name, and everybody lands well', async () => {
  const ada = await colleague('Ada Albers');
  const id = await room('Sommerfest', [ada]);
  await scene.barbara.say(id, 'Alles vorbei');
  const two = await scene.visit(ada, { width: 390, height: 844, touch: true });
  await two.page.goto(`/chat/${id}`);
  await message(two.page, 'Alles vorbei').waitFor();
  await composer(two.page).fill('Halb geschrieben');
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${id}/details`);
  await one.page.getByRole('button', { name: 'Raum löschen' }).click();
  const dialog = one.page.getByRole('dialog', { name: 'Raum „Sommerfest“ löschen?' });
  const sure = dialog.getByRole('button', { name: 'Endgültig löschen' });
  await dialog.getByLabel('Name des Raums').fill('Sommer');
  expect(await sure.isDisabled()).toBe(true);
  await one.expectAccessible('deleting a room');
  await one.picture('rooms-delete');
  await dialog.getByLabel('Name des Raums').fill('Sommerfest');
  await dialog.getByLabel('Name des Raums').press('Enter');
  await two.page.getByRole('heading', { name: '„Sommerfest“ wurde gelöscht' }).waitFor();
  await two.expectAccessible('deleted room');
  await two.picture('rooms-deleted');
  await two.page.getByRole('link', { name: 'Zu meinen Räumen' }).click();
  await two.page.getByRole('heading', { name: 'Chat', level: 1 }).waitFor();
  expect(await two.page.getByRole('link', { name: /Sommerfest/ }).count()).toBe(0);
  await one.page.getByRole('heading', { name: '„Sommerfest“ wurde gelöscht' }).waitFor();
  const log = await scene.barbara.ask<{ items: { action: string; object_id: string }[] }>(
    'GET',
    '/admin/audit?action=room',
  );
  expect(log.items.map((entry) => [entry.action, entry.object_id])).toContainEqual(['room.deleted', id]);
  await one.page.goto('/admin/audit');
  await one.page.getByText('hat den Raum gelöscht').first().waitFor();
});

test('what is reported to the administration counts at its section, live (000-15)', async () => {
  const [ada, ben] = [await colleague('Ada Albers'), await colleague('Ben Bauer')];
  const direct = await ada.ask<Room>('POST', '/chat/direct', { user_id: ben.id });
  const { id: rude } = await ada.say(direct.id, 'Unfreundliches');
  const office = await scene.visit(scene.barbara);
  await office.page.goto('/admin/reports');
  await office.page.getByText('Keine Meldung wartet').first().waitFor();
  await ben.ask('POST', `/chat/rooms/${direct.id}/messages/${rude}/reports`, {
    reason: 'offensive',
    town: true,
  });
  await office.page.getByText('Unfreundliches').waitFor();
  await office.page.getByText('Eine Meldung wartet', { exact: true }).first().waitFor({ state: 'attached' });
  await office.expectAccessible('reports of the administration');
  await office.picture('rooms-town-reports');
  const reports = await scene.barbara.ask<{ items: { id: string }[] }>('GET', '/chat/reports');
  await scene.barbara.ask('POST', `/chat/reports/${reports.items[0]?.id}/close`, { outcome: 'done' });
  await expect.poll(() => office.page.getByText('Unfreundliches').count(), { timeout: 20_000 }).toBe(0);
  expect(await office.page.getByText('Eine Meldung wartet', { exact: true }).count()).toBe(0);
  office.expectNoTrouble();
});

test('another time of self-destruction is told in the room', async () => {
  const ada = await colleague('Ada Albers');
  const id = await room('Vertraulich', [ada]);
  const two = await scene.visit(ada);
  await two.page.goto(`/chat/${id}`);
  await composer(two.page).waitFor();
  await scene.barbara.ask('PATCH', `/chat/rooms/${id}`, { expire_after: 604_800 });
  await two.page.getByText('Neue Nachrichten löschen sich nach: 7 Tage').waitFor();
  await scene.barbara.ask('PATCH', `/chat/rooms/${id}`, { expire_after: 0 });
  await two.page.getByText('Neue Nachrichten bleiben stehen').waitFor();
  await say(two.page, 'Gut zu wissen');
  await act(two.page, 'Gut zu wissen', 'Löschen');
});
