import { afterEach, expect, test } from 'vitest';
import { composer, expectOnceInOrder, message, say } from './house/chatting.js';
import { Line } from './house/line.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';
import { openPad, write, written } from './house/writing.js';

const scene = Scene.forThisFile();
const lines: Line[] = [];
let ada: Account | undefined;
const colleague = async () => (ada ??= await scene.barbara.colleague('Ada Albers'));

afterEach(async () => {
  for (const line of lines.splice(0)) await line.close();
});

async function room(name: string): Promise<string> {
  const made = await scene.barbara.ask<{ id: string }>('POST', '/chat/rooms', {
    kind: 'private',
    name,
    members: [(await colleague()).id],
  });
  return made.id;
}

async function pad(title: string): Promise<string> {
  const { id } = await scene.barbara.ask<{ id: string }>('POST', '/pads', { class: 'organisation', title });
  await scene.barbara.ask('PUT', `/pads/${id}/shares/person/${(await colleague()).id}`, { right: 'write' });
  return id;
}

/** Barbara behind a line of her own, Ada straight at the town, both at one address. */
async function pair(path: string) {
  const line = await Line.to(scene.town);
  lines.push(line);
  const one = await scene.visit(scene.barbara, {}, line.url);
  const two = await scene.visit(await colleague());
  await Promise.all([one.page.goto(path), two.page.goto(path)]);
  return { line, one, two };
}

interface Listed {
  readonly messages: readonly { readonly kind?: string; readonly text?: string }[];
}

/** What the town has of a room, oldest first. */
async function texts(id: string): Promise<string[]> {
  const { messages } = await scene.barbara.ask<Listed>('GET', `/chat/rooms/${id}/messages?limit=100`);
  return messages.flatMap(({ text }) => (text ? [text] : []));
}

test('a change of network in the middle of a sentence loses nothing and doubles nothing (004-10)', async () => {
  const id = await room('Einsatz');
  const { line, one, two } = await pair(`/chat/${id}`);
  await composer(one.page).waitFor();
  await composer(two.page).waitFor();
  await say(one.page, 'Sind unterwegs');
  await message(two.page, 'Sind unterwegs').waitFor();

  line.silence();
  await say(one.page, 'Brücke gesperrt');
  await say(two.page, 'Bitte über die Lindenallee');
  await composer(one.page).pressSequentially('Ankunft in ');
  line.mend();
  await composer(one.page).pressSequentially('fünf Minuten');
  line.cut();
  await one.page.keyboard.press('Enter');
  await say(one.page, 'Zwei Verletzte');
  line.mend();

  const all = [
    'Sind unterwegs',
    'Brücke gesperrt',
    'Bitte über die Lindenallee',
    'Ankunft in fünf Minuten',
    'Zwei Verletzte',
  ];
  for (const { page } of [one, two])
    for (const text of all)
      await expect
        .poll(() => page.getByRole('article').getByText(text, { exact: true }).count(), {
          timeout: 25_000,
          message: text,
        })
        .toBe(1);
  const kept = await texts(id);
  expect([...kept].sort()).toEqual([...all].sort());
  await expectOnceInOrder(two.page, [
    'Sind unterwegs',
    'Brücke gesperrt',
    'Ankunft in fünf Minuten',
    'Zwei Verletzte',
  ]);
  await expectOnceInOrder(one.page, [
    'Sind unterwegs',
    'Brücke gesperrt',
    'Ankunft in fünf Minuten',
    'Zwei Verletzte',
  ]);
});

test('a power cut of the server while two people write loses nothing and doubles nothing (004-10)', async () => {
  const id = await room('Winterdienst');
  const one = await scene.visit(scene.barbara);
  const two = await scene.visit(await colleague());
  await Promise.all([one.page.goto(`/chat/${id}`), two.page.goto(`/chat/${id}`)]);
  await composer(two.page).waitFor();
  await composer(one.page).waitFor();
  for (let at = 1; at <= 4; at++) {
    await say(one.page, `Strecke ${at} gestreut`);
    await say(two.page, `Strecke ${at} bestätigt`);
    if (at === 2) await scene.town.kill();
  }
  await scene.town.boot();
  const mine = [1, 2, 3, 4].map((at) => `Strecke ${at} gestreut`);
  const theirs = [1, 2, 3, 4].map((at) => `Strecke ${at} bestätigt`);
  for (const { page } of [one, two]) {
    await expectOnceInOrder(page, mine);
    await expectOnceInOrder(page, theirs);
  }
  expect((await texts(id)).sort()).toEqual([...mine, ...theirs].sort());
});

test('two people write in one pad through cuts and a power cut, and agree (004-10, 000-04)', async () => {
  const id = await pad('Einsatzplan');
  const { line, one, two } = await pair(`/pads/${id}`);
  await openPad(one.page);
  await openPad(two.page);
  await write(one.page, 'Anfahrt über ');
  await expect.poll(() => written(two.page)).toContain('Anfahrt über');
  line.silence();
  await write(one.page, 'die Brücke ');
  await two.page.keyboard.press('Control+Home');
  await write(two.page, 'Alarm: ', 'start');
  line.mend();
  await write(one.page, 'am Markt. ');
  await scene.town.kill();
  await write(one.page, 'Ende eins.');
  await write(two.page, 'Sofort. ', 'start');
  await scene.town.boot();
  for (const { page } of [one, two]) {
    await expect
      .poll(() => written(page), { timeout: 25_000 })
      .toContain('Anfahrt über die Brücke am Markt. Ende eins.');
    await expect.poll(() => written(page), { timeout: 25_000 }).toContain('Alarm: ');
  }
  await expect
    .poll(async () => (await written(one.page)) === (await written(two.page)), {
      timeout: 25_000,
    })
    .toBe(true);
  const text = await written(one.page);
  for (const part of ['Alarm: ', 'Sofort. ', 'Brücke', 'Markt', 'Ende eins.'])
    expect(text.split(part).length, part).toBe(2);
  for (const { page } of [one, two]) await page.getByText('Gespeichert', { exact: true }).waitFor();
});

test('where a proxy refuses websockets, chat and pads go on, and the portal says so quietly', async () => {
  const line = await Line.to(scene.town);
  lines.push(line);
  line.refusesSockets = true;
  const id = await room('Außenstelle');
  const one = await scene.visit(scene.barbara, {}, line.url);
  const two = await scene.visit(await colleague());
  await Promise.all([one.page.goto(`/chat/${id}`), two.page.goto(`/chat/${id}`)]);
  await one.page.getByText('Eingeschränkte Verbindung').waitFor({ timeout: 25_000 });
  await one.expectAccessible('narrow connection');
  await one.picture('connection-fallback');
  await say(one.page, 'Geht es auch ohne?');
  await message(two.page, 'Geht es auch ohne?').waitFor();
  await say(two.page, 'Ja, etwas später.');
  await message(one.page, 'Ja, etwas später.').waitFor();

  const paperId = await pad('Ohne Websocket');
  await two.page.goto(`/pads/${paperId}`);
  await one.page.goto(`/pads/${paperId}`);
  await one.page.getByText('Eingeschränkte Verbindung').waitFor({ timeout: 25_000 });
  await openPad(one.page);
  await openPad(two.page);
  await write(one.page, 'Von außen. ');
  await expect.poll(() => written(two.page), { timeout: 15_000 }).toContain('Von außen.');
  await write(two.page, 'Von innen.');
  await expect.poll(() => written(one.page), { timeout: 15_000 }).toContain('Von innen.');
});

test('without a connection the portal says what happens to what one writes', async () => {
  const id = await room('Funkloch');
  const { line, one } = await pair(`/chat/${id}`);
  await composer(one.page).waitFor();
  line.cut();
  await say(one.page, 'Kommt das an?');
  await one.page.getByText('Keine Verbindung. Ihre Eingaben werden aufgehoben.').waitFor();
  await one.page.getByText('Wird gesendet, sobald die Verbindung wieder da ist.').waitFor();
  await one.expectAccessible('no connection');
  await one.picture('connection-lost');
  // Even closing the page does not lose it.
  line.mend();
  await one.page.reload();
  await expect.poll(() => texts(id), { timeout: 20_000 }).toEqual(['Kommt das an?']);
  await expectOnceInOrder(one.page, ['Kommt das an?']);
});
