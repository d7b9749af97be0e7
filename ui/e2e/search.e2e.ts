import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';
import { unzip } from './house/zip.js';

const scene = Scene.forThisFile();
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

interface Found {
  readonly groups: readonly { readonly kind: string; readonly total: number }[];
}

/** Waits until a message can be found, which takes about a second. */
const findable = (words: string, count: number) =>
  expect
    .poll(
      async () => {
        const path = `/search?kind=message&q=${encodeURIComponent(words)}`;
        return (await scene.barbara.ask<Found>('GET', path)).groups[0]?.total;
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe(count);

test('what was written is found in any spelling, with filters, and opens at its place (002-17)', async () => {
  const { id } = await room('Bauhof');
  await scene.barbara.say(id, 'Die Bauhofsitzung ist am Dienstag im Rathaus');
  await scene.barbara.say(id, 'Straßenbeleuchtung in der Hauptstrasse defekt');
  await scene.barbara.say(id, 'Haushaltssatzung und Gebühren der Gemeinde');

  await findable('haushaltssatzung', 1);

  const one = await scene.visit(await colleague());
  await one.page.goto('/');
  await one.page.getByRole('heading', { level: 1 }).waitFor();
  await one.page.keyboard.press('Control+k');
  await one.page.getByRole('combobox', { name: 'Suchen und springen' }).fill('beleuchtung');
  await one.page.getByRole('option', { name: /Straßenbeleuchtung/ }).waitFor();
  await one.page.getByRole('option', { name: 'Alle Treffer für „beleuchtung“' }).click();

  const field = one.page.getByRole('combobox', { name: 'Suche', exact: true });
  await expect.poll(() => field.inputValue()).toBe('beleuchtung');
  const hit = (text: string) => one.page.getByRole('main').getByRole('link').filter({ hasText: text });
  await hit('Straßenbeleuchtung').waitFor();
  expect(await one.page.locator('mark').allInnerTexts()).toContain('beleuchtung');
  await one.picture('search');

  for (const [query, text] of [
    ['Hauptstraße', 'Straßenbeleuchtung'],
    ['Gebuehren', 'Gebühren der Gemeinde'],
    ['satzung', 'Haushaltssatzung'],
    ['sitzung', 'Bauhofsitzung'],
  ] as const) {
    await field.fill(query);
    await hit(text).first().waitFor();
  }
  await one.expectAccessible('search');

  // A filter is completed by the keyboard and becomes a chip.
  await field.fill('gemeinde von:bar');
  await one.page.getByRole('option', { name: /Barbara/ }).waitFor();
  await field.press('Enter');
  await one.page.getByRole('button', { name: /Filter entfernen: von Barbara/ }).waitFor();
  await hit('Gebühren').waitFor();
  await one.page.locator('.results[aria-busy=false]').waitFor();
  await field.press('ArrowDown');
  await one.page.keyboard.press('Enter');
  await one.page.getByRole('heading', { name: 'Bauhof' }).waitFor();
  expect(new URL(one.page.url()).searchParams.get('at')).not.toBeNull();
  await one.page.getByRole('article').filter({ hasText: 'Gebühren der Gemeinde' }).waitFor();

  // From the room's header, the search stays in the room.
  await one.page.getByRole('button', { name: 'In diesem Raum suchen' }).click();
  await one.page.getByRole('button', { name: 'Filter entfernen: in Bauhof' }).waitFor();

  await field.fill('Kreisverkehrsplatz');
  await one.page.getByText('Nichts gefunden').waitFor();
  await field.fill('von:niemandsonst ');
  await one.page.getByText(/Das versteht die Suche nicht: von:niemandsonst/).waitFor();
});

test('nobody finds what they may not read, and what was deleted is gone at once (002-17)', async () => {
  const secret = await scene.barbara.ask<Room>('POST', '/chat/rooms', {
    kind: 'private',
    name: 'Vorzimmer',
  });
  await scene.barbara.say(secret.id, 'Der Gartenzwergerlass bleibt geheim');
  const open = await room('Poststelle');
  const found = await scene.barbara.say(open.id, 'Gartenzwergverordnung im Umlauf');

  await findable('gartenzwerg', 2);
  const two = await scene.visit(await colleague(), { width: 390, height: 844, touch: true });
  await two.page.goto('/search?q=gartenzwerg');
  const hits = two.page.getByRole('main').getByRole('link');
  await hits.filter({ hasText: 'Gartenzwergverordnung' }).waitFor();
  expect(await hits.count()).toBe(1);
  await two.page.getByText('1 Treffer', { exact: true }).first().waitFor();
  await two.picture('search-phone');

  await scene.barbara.ask('DELETE', `/chat/rooms/${open.id}/messages/${found.id}`);
  await two.page.reload();
  await two.page.getByText('Nichts gefunden').waitFor();
});

test('a room and everything of mine are taken along: click, unzip, count (000-29)', async () => {
  const { id } = await room('Ausschuss');
  for (let n = 1; n <= 12; n++) await scene.barbara.say(id, `Punkt ${n} der **Tagesordnung**`);
  const one = await scene.visit(scene.barbara);

  const take = async (address: string, picture: string) => {
    await one.page.goto(address);
    const download = one.page.waitForEvent('download');
    await one.page.getByRole('button', { name: 'ZIP herunterladen' }).click();
    const files = unzip(await readFile(await (await download).path()));
    await one.page.getByText('Fertig. Die Datei liegt bei Ihren Downloads.').waitFor();
    await one.picture(picture);
    return files;
  };

  await one.page.goto(`/chat/${id}/details`);
  await one.page.getByRole('link', { name: 'Raum mitnehmen' }).click();
  await one.page.getByRole('heading', { name: 'Daten mitnehmen' }).waitFor();
  await one.expectAccessible('take along');
  const files = await take(`/take?room=${id}`, 'take-room');
  interface Line {
    readonly kind: string;
  }
  const lines = JSON.parse(files.get('nachrichten.json')?.toString() ?? '[]') as Line[];
  expect(lines.filter((line) => line.kind === 'text')).toHaveLength(12);
  expect(files.get('seite-0001.html')?.toString()).toContain('<strong>Tagesordnung</strong>');

  const mine = await take('/take', 'take-mine');
  expect([...mine.keys()]).toEqual(
    expect.arrayContaining(['index.html', 'profil.json', 'notizen.json', 'pads.json']),
  );
  expect([...mine.keys()].some((name) => /^raeume\/\d+-Ausschuss\/index\.html$/.test(name))).toBe(true);
});
