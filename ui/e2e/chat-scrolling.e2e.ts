import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { composer, message, say } from './house/chatting.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();

interface Room {
  readonly id: string;
}

const room = (name: string) =>
  scene.barbara.ask<Room>('POST', '/chat/rooms', { kind: 'private', name, members: [] });

/** The conversation of ten thousand messages in the gallery. */
async function manyMessages(page: Page): Promise<Locator> {
  await page.goto('/gallery?page=chat');
  const viewport = page
    .getByRole('region', { name: 'Viel zu viel' })
    .getByRole('region', { name: 'Nachrichten' });
  await viewport.getByRole('article').first().waitFor();
  await viewport.scrollIntoViewIfNeeded();
  return viewport;
}

test('ten thousand messages scroll without a jump, to the first one and back', async () => {
  const one = await scene.visit(scene.barbara, { height: 1000 });
  const viewport = await manyMessages(one.page);
  await one.picture('chat-gallery');
  const seen = await viewport.evaluate(async (area) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const rows = () => [...area.querySelectorAll<HTMLElement>('article[data-key]')];
    const top = area.getBoundingClientRect().top;
    const middle = () =>
      rows().find((row) => row.getBoundingClientRect().top > top + area.clientHeight / 3) ?? rows()[0];
    let worst = 0;
    let pages = 0;
    for (let turn = 0; turn < 80; turn++) {
      // Near the upper edge, where older messages are asked for. Then nobody scrolls any more.
      area.scrollTop = Math.min(area.scrollTop, 300);
      await frame();
      await frame();
      const row = middle();
      const key = row?.dataset.key ?? '';
      const before = row?.getBoundingClientRect().top ?? 0;
      const size = area.scrollHeight;
      const end = performance.now() + 1_000;
      while (area.scrollHeight === size && performance.now() < end) await frame();
      if (area.scrollHeight === size && rows()[0]?.dataset.key === 'made-up-1') break;
      pages++;
      for (let at = 0; at < 4; at++) await frame();
      const after = area.querySelector(`[data-key="${key}"]`)?.getBoundingClientRect().top ?? Number.NaN;
      worst = Math.max(worst, Math.abs(after - before));
      if (Number.isNaN(after)) worst = Number.POSITIVE_INFINITY;
    }
    return { pages, worst, top: area.scrollTop, first: rows()[0]?.dataset.key, drawn: rows().length };
  });
  process.stdout.write(`scrolling: ${JSON.stringify(seen)}\n`);
  expect(seen.pages).toBeGreaterThan(45);
  expect(seen.first).toBe('made-up-1');
  expect(seen.worst).toBeLessThanOrEqual(2);
  // A virtual list: only what is near is drawn.
  expect(seen.drawn).toBeLessThan(80);

  await one.page
    .getByRole('region', { name: 'Viel zu viel' })
    .getByRole('button', { name: 'Zum Neuesten' })
    .click();
  await viewport.locator('[data-key="made-up-10000"]').waitFor();
});

test('the wheel turns over the button that leads to the newest message, too', async () => {
  const one = await scene.visit(scene.barbara, { height: 1000 });
  const viewport = await manyMessages(one.page);
  await viewport.evaluate((area) => {
    area.scrollTop -= 900;
  });
  const button = one.page
    .getByRole('region', { name: 'Viel zu viel' })
    .getByRole('button', { name: 'Zum Neuesten' });
  await button.hover();
  const before = await viewport.evaluate((area) => area.scrollTop);
  await one.page.mouse.wheel(0, -300);
  await expect.poll(() => viewport.evaluate((area) => area.scrollTop)).toBeLessThan(before - 100);
});

test('a conversation stays at its end while it outgrows the window, and goes there with what one says', async () => {
  const { id } = await room('Wächst');
  const { page } = await scene.visit(scene.barbara);
  await page.goto(`/chat/${id}`);
  const area = page.getByRole('region', { name: 'Nachrichten' });
  const left = () => area.evaluate((one) => Math.round(one.scrollHeight - one.clientHeight - one.scrollTop));
  const program = (name: string) =>
    `\`\`\`go\nfunc ${name}() {\n\tfmt.Println("Grüße aus dem Rathaus")\n}\n\`\`\``;
  const tall = [
    ['Verschiedenes', '1. Begrüßung\n2. Haushalt\n   - Personal\n   - Sachkosten\n3. Verschiedenes'],
    [
      'Herr von Übersee',
      '| Amt | Stellen | Kosten in Euro | Bemerkung | Zuständig |\n|---|--:|:-:|---|---|\n| Bauamt | 12 | 840.000 | Zwei Stellen sind seit Mai unbesetzt | Frau Größlin-Müller |\n| Bauhof | 9 | 512.300 | – | Herr von Übersee |',
    ],
    ['func first', program('first')],
    ['kurz', 'kurz'],
    ['Wort Wort', 'Wort '.repeat(400)],
    ['func second', program('second')],
  ] as const;
  for (const [words, text] of tall) {
    await composer(page).fill(text);
    await page.keyboard.press('Enter');
    await area.getByRole('article').last().and(message(page, words)).waitFor();
    await expect.poll(left, { message: words }).toBeLessThanOrEqual(1);
    expect(await page.getByRole('button', { name: 'Zum Neuesten' }).count()).toBe(0);
  }

  // It begins there, too, though nobody knows yet how tall what was said is.
  for (let at = 0; at < 14; at++) await scene.barbara.say(id, at % 3 ? `Zeile ${at}` : program(`line${at}`));
  await message(page, 'Zeile 13').waitFor();
  await page.goto('/chat');
  await page.locator(`a[href="/chat/${id}"]`).first().click();
  await area.getByRole('article').last().and(message(page, 'Zeile 13')).waitFor();
  await expect.poll(left).toBeLessThanOrEqual(1);

  await area.hover();
  await page.mouse.wheel(0, -1200);
  await page.getByRole('button', { name: 'Zum Neuesten' }).waitFor();
  await say(page, 'Von oben gesagt');
  await expect.poll(left).toBeLessThanOrEqual(1);

  // What others say leaves those alone who read further up.
  await page.mouse.wheel(0, -1200);
  await page.getByRole('button', { name: 'Zum Neuesten' }).waitFor();
  const [before, tallBefore] = await area.evaluate((one) => [one.scrollTop, one.scrollHeight] as const);
  await scene.barbara.say(id, 'Von anderswo gesagt');
  await expect.poll(() => area.evaluate((one) => one.scrollHeight)).toBeGreaterThan(tallBefore);
  expect(await left()).toBeGreaterThan(400);
  expect(await area.evaluate((one) => one.scrollTop)).toBeCloseTo(before, -1);
});

test('a room that was open shows at once where one stopped, and a click on a line finds it ready', async () => {
  const names = ['Ortsbeirat', 'Wahlamt', 'Kita', 'Friedhof'];
  const made: Room[] = [];
  for (const name of names) {
    const one = await room(name);
    made.push(one);
    await scene.barbara.say(one.id, Array.from({ length: 90 }, (_, at) => `${name} ${at}`).join('\n\n'));
    await scene.barbara.say(one.id, `Das Letzte in ${name}`);
  }
  const { page } = await scene.visit(scene.barbara);
  await page.goto(`/chat/${made[0]?.id}`);
  await message(page, 'Das Letzte in Ortsbeirat').waitFor();
  for (const round of [1, 2, 3]) {
    for (const name of names) {
      await page.getByRole('navigation', { name: 'Meine Räume' }).getByRole('link', { name }).click();
      await message(page, `Das Letzte in ${name}`).waitFor();
      expect(round).toBeGreaterThan(0);
    }
  }
  const times = await page.evaluate(() =>
    performance.getEntriesByName('room shown').map((entry) => Math.round(entry.duration)),
  );
  process.stdout.write(`room switch in ms, the first round fetches: ${times.join(' ')}\n`);
  expect(times.length).toBeGreaterThanOrEqual(12);

  // What one unfolds one reads from its beginning, and the present is a click away.
  const area = page.getByRole('region', { name: 'Nachrichten' });
  const begin = page.getByText('Friedhof 0', { exact: true });
  const before = await begin.boundingBox();
  await page.getByRole('button', { name: 'Mehr anzeigen' }).click();
  await page.getByRole('button', { name: 'Zum Neuesten' }).waitFor();
  const moved = Math.abs(((await begin.boundingBox())?.y ?? Number.NaN) - (before?.y ?? Number.NaN));
  expect(moved).toBeLessThan(60);
  await area.hover();
  await page.mouse.wheel(0, 700);
  await expect.poll(() => area.evaluate((one) => one.scrollTop)).toBeGreaterThan(500);
  await page.getByRole('button', { name: 'Zum Neuesten' }).click();
  await message(page, 'Das Letzte in Friedhof').waitFor();
  await page.getByRole('button', { name: 'Zum Neuesten' }).waitFor({ state: 'hidden' });
});

test('a refused message stays with a way to send it again, also after the page was closed', async () => {
  const { id } = await room('Zu lang');
  const one = await scene.visit(scene.barbara);
  const { page } = one;
  await page.goto(`/chat/${id}`);
  // The field takes no more than the server does, so this comes from elsewhere.
  await composer(page).evaluate((field) => {
    const area = field as HTMLTextAreaElement;
    area.value = 'x'.repeat(16_500);
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
  });
  await composer(page).press('Enter');
  const failed = page.getByRole('article').filter({ hasText: 'Nicht gesendet.' });
  await failed.getByRole('button', { name: 'Erneut senden' }).waitFor();
  await one.expectAccessible('a message that failed');
  await one.picture('chat-failed');
  await failed.getByRole('button', { name: 'Erneut senden' }).click();
  await failed.getByRole('button', { name: 'Erneut senden' }).waitFor();
  await say(page, 'Das hier geht');
  await message(page, 'Das hier geht').waitFor();
  await page.reload();
  await failed.getByRole('button', { name: 'Zurück ins Textfeld' }).click();
  await composer(page).fill('Kurz gesagt');
  await composer(page).press('Enter');
  await expect.poll(() => failed.count()).toBe(0);
  await message(page, 'Kurz gesagt').waitFor();
});

test('an arrow up right after Enter changes the message that was just sent', async () => {
  const { id } = await room('Schnell');
  const { page } = await scene.visit(scene.barbara);
  await page.goto(`/chat/${id}`);
  await composer(page).fill('Der Termin ist am Montag');
  await composer(page).press('Enter');
  await composer(page).press('ArrowUp');
  await expect.poll(() => composer(page).inputValue()).toBe('Der Termin ist am Montag');
  await composer(page).fill('Der Termin ist am Dienstag');
  await composer(page).press('Enter');
  await message(page, 'Der Termin ist am Dienstag').getByText('bearbeitet').waitFor();
  expect(await message(page, 'Montag').count()).toBe(0);
});
