import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { act, composer, message, say } from './house/chatting.js';
import type { Looks } from './house/browser.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();
const people = new Map<string, Account>();

async function person(name: string): Promise<Account> {
  const known = people.get(name) ?? (await scene.barbara.colleague(name));
  people.set(name, known);
  return known;
}

interface Room {
  readonly id: string;
}

async function room(name: string, ...members: readonly Account[]): Promise<string> {
  const made = await scene.barbara.ask<Room>('POST', '/chat/rooms', {
    kind: 'private',
    name,
    members: members.map((member) => member.id),
  });
  return made.id;
}

async function enter(account: Account, path: string, looks: Looks = {}) {
  const visitor = await scene.visit(account, looks);
  await visitor.page.goto(path);
  return visitor;
}

const panel = (page: Page) => page.getByRole('region', { name: 'Thread' });
const write = (page: Page) => page.getByRole('textbox', { name: 'Antwort schreiben' });

test('a thread is begun, answered, followed and found again (004-11)', async () => {
  const [ada, ben] = [await person('Ada Albers'), await person('Ben Bauer')];
  const id = await room('Winterdienst', ada, ben);
  await scene.barbara.say(id, 'Wer streut morgen früh?');

  const one = await enter(ada, `/chat/${id}`);
  await message(one.page, 'Wer streut morgen früh?').hover();
  await one.page.getByRole('button', { name: 'Im Thread antworten' }).click();
  await write(one.page).fill('Ich übernehme die Hauptstraße');
  await write(one.page).press('Enter');
  await panel(one.page).getByText('Ich übernehme die Hauptstraße').waitFor();

  // For the others it stands in the room as one line, at the message as a sum, and counts as unread.
  const two = await enter(scene.barbara, `/chat/${id}`);
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
  const three = await enter(ben, '/chat/threads');
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

  const phone = await enter(ben, new URL(two.page.url()).pathname, { width: 390, height: 844, touch: true });
  await write(phone.page).waitFor();
  await phone.picture('talk-thread-phone');
  await phone.page.getByRole('button', { name: 'Zurück' }).first().click();
  await composer(phone.page).waitFor();
});

test('reactions are set, counted and taken back by click and by keyboard (004-11)', async () => {
  const ada = await person('Ada Albers');
  const id = await room('Bauhof', ada);
  await scene.barbara.say(id, 'Das Schlagloch ist zu');
  const one = await enter(ada, `/chat/${id}`);
  const two = await enter(scene.barbara, `/chat/${id}`);
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
  await expect.poll(() => two.page.getByRole('list', { name: 'Reaktionen' }).count()).toBe(0);
});

test('everybody, a group and whoever is here are called; many only on purpose', async () => {
  const ada = await person('Ada Albers');
  const group = await scene.barbara.ask<Room>('POST', '/admin/groups', { name: 'Rufbereitschaft' });
  await scene.barbara.ask('PUT', `/admin/groups/${group.id}/members/${ada.id}`);
  const id = await room('Einsatz', ada);
  const two = await enter(ada, '/chat');
  const one = await enter(scene.barbara, `/chat/${id}`);
  await composer(one.page).pressSequentially('@ruf');
  await one.page.getByRole('option', { name: /Rufbereitschaft/ }).waitFor();
  await one.picture('talk-mention-group');
  await one.page.keyboard.press('Enter');
  await composer(one.page).pressSequentially('bitte kommen');
  await one.page.keyboard.press('Enter');
  await message(one.page, '@Rufbereitschaft bitte kommen').waitFor();
  await two.page.getByRole('link', { name: /Einsatz/ }).first().waitFor();
  await expect
    .poll(async () => (await ada.ask<{ mentions: number }>('GET', `/chat/rooms/${id}`)).mentions)
    .toBe(1);

  const many = await Promise.all(Array.from({ length: 21 }, (_, n) => person(`Kollege ${'abcdefghijklmnopqrstu'[n]}`)));
  const big = await room('Alle Mann', ...many);
  await one.page.goto(`/chat/${big}`);
  await composer(one.page).pressSequentially('@alle');
  await one.page.keyboard.press('Enter');
  await composer(one.page).pressSequentially('Feierabend');
  await one.page.keyboard.press('Enter');
  const question = one.page.getByRole('alertdialog', { name: '21 Personen benachrichtigen?' });
  await question.waitFor();
  await one.picture('talk-many');
  await question.getByRole('button', { name: 'Senden' }).click();
  await message(one.page, '@alle Feierabend').waitFor();
});

test('words are quoted, passed on with their source, pinned, and keep their earlier wordings (004-13)', async () => {
  const [ada, ben] = [await person('Ada Albers'), await person('Ben Bauer')];
  const id = await room('Ordnungsamt', ada, ben);
  const yard = await room('Tiefbau', ben);
  await ada.say(id, 'Schlagloch in der Schulgasse 3');
  const one = await enter(scene.barbara, `/chat/${id}`);
  await act(one.page, 'Schlagloch in der Schulgasse 3', 'Zitieren');
  await one.page.getByText('Sie antworten auf Ada Albers').waitFor();
  await say(one.page, 'Ich gebe es weiter');
  const answer = message(one.page, 'Ich gebe es weiter');
  await answer.getByRole('link', { name: /Schlagloch in der Schulgasse 3/ }).waitFor();

  await one.page.getByRole('article').filter({ hasText: 'Schlagloch' }).first().hover();
  await one.page.getByRole('article').filter({ hasText: 'Schlagloch' }).first().getByRole('button', { name: 'Mehr' }).click();
  await one.page.getByRole('menuitem', { name: 'Weiterleiten' }).click();
  await one.page.getByRole('dialog').getByLabel('Raum oder Person').fill('tief');
  await one.picture('talk-forward');
  await one.expectAccessible('forward');
  await one.page.getByRole('dialog').getByRole('button', { name: 'Tiefbau' }).click();
  await one.page.getByText('Weitergeleitet an Tiefbau.').first().waitFor();

  const two = await enter(ben, `/chat/${yard}`);
  await message(two.page, 'Schlagloch in der Schulgasse 3').getByText(/Weitergeleitet von Ada Albers/).waitFor();
  expect(await two.page.getByRole('article').getByText('Ordnungsamt').count()).toBe(0);

  await act(one.page, 'Ich gebe es weiter', 'Bearbeiten');
  await composer(one.page).fill('Ich habe es weitergegeben');
  await one.page.keyboard.press('Enter');
  await act(one.page, 'Ich habe es weitergegeben', 'Anheften');
  await message(one.page, 'Ich habe es weitergegeben').getByText('Angeheftet von Barbara Brandt').waitFor();
  await message(one.page, 'Ich habe es weitergegeben').getByRole('button', { name: 'bearbeitet' }).click();
  await one.page.getByRole('dialog', { name: 'Frühere Fassungen' }).getByText('Ich gebe es weiter').waitFor();
  await one.page.keyboard.press('Escape');
  await one.page.goto(`/chat/${id}/details`);
  await one.page.getByRole('link', { name: /Barbara Brandt Ich habe es weitergegeben/ }).waitFor();
  await one.picture('talk-pins');
  await one.expectAccessible('pins');
});

test('three people vote: the count is right, and the database does not know who chose what (001-10)', async () => {
  const [ada, ben] = [await person('Ada Albers'), await person('Ben Bauer')];
  const id = await room('Personalrat', ada, ben);
  const one = await enter(scene.barbara, `/chat/${id}`);
  await one.page.getByRole('button', { name: 'Umfrage' }).click();
  const dialog = one.page.getByRole('dialog', { name: 'Neue Umfrage' });
  await dialog.getByLabel('Frage').fill('Soll die Gleitzeit bleiben?');
  await dialog.getByLabel('Antwort 1').fill('Ja');
  await dialog.getByLabel('Antwort 2').fill('Nein');
  await dialog.getByLabel('Geheim abstimmen').check({ force: true });
  await one.picture('talk-poll-dialog');
  await one.expectAccessible('new poll');
  await dialog.getByRole('button', { name: 'Umfrage stellen' }).click();

  const [two, three] = [await enter(ada, `/chat/${id}`), await enter(ben, `/chat/${id}`)];
  const vote = async (page: Page, option: string) => {
    await page.getByRole('radio', { name: option }).check();
    await page.getByRole('button', { name: 'Abstimmen' }).click();
    await page.getByText('Sie haben abgestimmt.').waitFor();
  };
  await vote(one.page, 'Ja');
  await one.page.getByText('Das Ergebnis ist ab drei Stimmen zu sehen.').waitFor();
  await vote(two.page, 'Nein');
  await vote(three.page, 'Ja');
  for (const { page } of [one, two, three]) {
    await page.getByRole('progressbar', { name: 'Ja: 2 Stimmen' }).waitFor();
    await page.getByRole('progressbar', { name: 'Nein: 1 Stimme' }).waitFor();
    await page.getByText('3 Personen haben abgestimmt').waitFor();
  }
  await one.picture('talk-poll');
  await one.expectAccessible('poll');

  // Wherever the files of the database hold the poll, now or before, no voter stands in it.
  const files = readdirSync(join(scene.town.dir, 'data')).filter((name) => name.startsWith('rathaus.db'));
  const bytes = files.map((name) => readFileSync(join(scene.town.dir, 'data', name), 'utf8')).join('\n');
  const polls = bytes.match(/\{"poll":\{"question":"Soll die Gleitzeit bleiben\?".*?"voters":\d+/g) ?? [];
  expect(polls.some((poll) => poll.includes('"voters":3') && poll.includes('"votes":2'))).toBe(true);
  for (const voter of [scene.barbara, ada, ben]) expect(polls.join()).not.toContain(voter.id);

  await one.page.getByRole('button', { name: 'Umfrage beenden' }).click();
  await one.page.getByRole('alertdialog').getByRole('button', { name: 'Umfrage beenden' }).click();
  await two.page.getByText(/Beendet/).waitFor();
});
