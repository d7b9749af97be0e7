import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { composer, message, say } from './house/chatting.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();
let ada: Account | undefined;
const colleague = async () => (ada ??= await scene.barbara.colleague('Ada Albers'));

interface Room {
  readonly id: string;
}

const room = async (name: string, kind: 'public' | 'private' = 'private', alone = false) =>
  scene.barbara.ask<Room>('POST', '/chat/rooms', {
    kind,
    name,
    members: alone ? [] : [(await colleague()).id],
  });

/** Puts something on the clipboard of the page and pastes it into the composer. */
async function paste(page: Page, html: string, plain: string): Promise<void> {
  await composer(page).evaluate(
    (area, { html, plain }) => {
      const data = new DataTransfer();
      data.setData('text/html', html);
      data.setData('text/plain', plain);
      area.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    },
    { html, plain },
  );
}

test('formats by keys, a preview, and what is written looks as it should (000-07)', async () => {
  const { id } = await room('Formate');
  const one = await scene.visit(scene.barbara);
  const { page } = one;
  await page.goto(`/chat/${id}`);
  await composer(page).fill('wichtig');
  await composer(page).press('Control+a');
  await composer(page).press('Control+b');
  expect(await composer(page).inputValue()).toBe('**wichtig**');
  await composer(page).press('Control+b');
  expect(await composer(page).inputValue()).toBe('wichtig');
  await composer(page).press('Control+z');
  expect(await composer(page).inputValue()).toBe('**wichtig**');

  await composer(page).fill('Stühle');
  await page
    .getByRole('toolbar', { name: 'Formatierung' })
    .getByRole('button', { name: 'Checkliste' })
    .click();
  await composer(page).press('End');
  await composer(page).press('Shift+Enter');
  await page.keyboard.type('Tische');
  expect(await composer(page).inputValue()).toBe('- [ ] Stühle\n- [ ] Tische');
  await page.getByRole('button', { name: 'Vorschau' }).click();
  expect(await page.getByRole('img', { name: 'offen' }).count()).toBe(2);
  await one.expectAccessible('composer with a preview');
  await page.getByRole('button', { name: 'Senden', exact: true }).click();
  await message(page, 'Tische').getByRole('img', { name: 'offen' }).first().waitFor();

  await say(
    page,
    '| Amt | Raum |\n| --- | --- |\n| Bauhof | 2 |\n\n```js\nconst antwort = "42";\n```\n\n- [x] fertig',
  );
  const last = message(page, 'Bauhof');
  await last.getByRole('table').waitFor();
  await last.locator('.hljs-keyword').waitFor();
  await last.getByRole('img', { name: 'erledigt' }).waitFor();
  await last.hover();
  await last.getByRole('button', { name: 'Code kopieren' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('const antwort = "42";\n');
  await say(page, Array.from({ length: 60 }, (_, at) => `${at + 1}. Punkt der Liste`).join('\n'));
  await page.getByRole('button', { name: 'Mehr anzeigen' }).waitFor();
  await one.expectAccessible('formatted messages');
  await one.picture('chat-formats');
});

test('emoji by colon and by picker, with the keyboard alone (000-07)', async () => {
  const { id } = await room('Emoji');
  const one = await scene.visit(scene.barbara);
  const { page } = one;
  await page.goto(`/chat/${id}`);
  await composer(page).pressSequentially('Gut :daumenh');
  await page.getByRole('option', { name: /Daumen hoch/ }).waitFor({ state: 'hidden' });
  await composer(page).fill('');
  await composer(page).pressSequentially('Gut :daumen');
  await page.getByRole('option', { name: 'Daumen hoch', selected: true }).waitFor();
  await one.expectAccessible('emoji completion');
  await composer(page).press('Enter');
  await expect.poll(() => composer(page).inputValue()).toBe('Gut 👍️ ');

  await page.getByRole('button', { name: 'Emoji einfügen' }).click();
  const search = page.getByRole('combobox', { name: 'Emoji suchen' });
  await search.waitFor();
  await one.expectAccessible('emoji picker');
  await one.picture('chat-emoji');
  await search.fill('feuerwehr');
  await page.getByRole('gridcell', { name: 'Feuerwehrauto' }).waitFor();
  await search.fill('rakete');
  await page.getByRole('gridcell', { name: 'Rakete', selected: true }).waitFor();
  await search.press('Enter');
  await expect.poll(() => composer(page).inputValue()).toBe('Gut 👍️ 🚀');
  await composer(page).press('Enter');
  await message(page, '🚀').waitFor();
});

test('emoji show on a device that has none: the house brings its own (000-24)', async () => {
  const { page } = await scene.visit(scene.barbara);
  await page.goto('/chat');
  const signs = ['👍', '🎪', '❤️'];
  const states = await page.evaluate(async (texts) => {
    const faces = await Promise.all(texts.map((text) => document.fonts.load('16px "House Emoji"', text)));
    return faces.map((one) => one.map((face) => face.status));
  }, signs);
  for (const state of states) expect(state).toContain('loaded');
});

test('formatted text becomes Markdown, and an address makes words a link (000-07)', async () => {
  const { id } = await room('Einfügen');
  const { page } = await scene.visit(scene.barbara);
  await page.goto(`/chat/${id}`);
  await paste(page, '<p>Die <b>Satzung</b></p><ul><li>eins</li><li>zwei</li></ul>', 'Die Satzung eins zwei');
  await expect.poll(() => composer(page).inputValue()).toBe('Die **Satzung**\n\n- eins\n- zwei');
  await composer(page).fill('Satzung');
  await composer(page).press('Control+a');
  await paste(page, '', 'https://example.org/satzung');
  await expect.poll(() => composer(page).inputValue()).toBe('[Satzung](https://example.org/satzung)');
});

test('a link to a room shows its name only to those who may know it (004-07)', async () => {
  const secret = await room('Haushaltsrunde', 'private', true);
  const { id } = await room('Hinweise');
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${id}`);
  await composer(one.page).pressSequentially('Siehe #haus');
  await one.page.getByRole('option', { name: 'Haushaltsrunde', selected: true }).waitFor();
  await composer(one.page).press('Tab');
  await composer(one.page).press('Enter');
  await message(one.page, 'Siehe').getByRole('link', { name: '#Haushaltsrunde' }).waitFor();
  const two = await scene.visit(await colleague());
  await two.page.goto(`/chat/${id}`);
  await message(two.page, 'Siehe #privater Raum').waitFor();
  const html = await two.page.content();
  expect(html).not.toContain('Haushaltsrunde');
  expect(html).not.toContain(secret.id);
});

test('everything by keyboard: the list of keys, rooms, messages and their actions', async () => {
  const first = await room('Alpha', 'private', true);
  await room('Beta', 'private', true);
  const one = await scene.visit(scene.barbara);
  const { page } = one;
  await page.goto(`/chat/${first.id}`);
  await say(page, 'Erstens');
  await say(page, 'Zweitens');
  await message(page, 'Zweitens').waitFor();

  await composer(page).press('Control+/');
  const keys = page.getByRole('dialog', { name: 'Tastenkürzel' });
  await keys.getByText('Ungelesener Raum darunter').waitFor();
  await one.expectAccessible('list of keys');
  await one.picture('chat-keys');
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'hidden' });

  await composer(page).press('Alt+ArrowDown');
  await page.getByRole('heading', { name: 'Beta' }).waitFor();
  await composer(page).press('Alt+ArrowUp');
  await page.getByRole('heading', { name: 'Alpha' }).waitFor();
  await message(page, 'Zweitens').waitFor();

  // Back from the composer into the conversation, up by an arrow, and edit with a letter.
  await page.getByRole('region', { name: 'Nachrichten' }).focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Zweitens');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Erstens');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Bearbeiten' }).waitFor();
  await one.expectAccessible('menu of a message');
  await one.picture('chat-menu');
  await page.keyboard.press('Escape');
  await page.getByRole('menuitem', { name: 'Bearbeiten' }).waitFor({ state: 'hidden' });
  await message(page, 'Erstens').focus();
  await page.keyboard.press('e');
  await expect.poll(() => composer(page).inputValue()).toBe('Erstens');
  await composer(page).press('Escape');

  // Single keys can be switched off.
  await composer(page).press('Control+/');
  await keys.getByRole('switch', { name: 'Einzelne Tasten benutzen' }).click();
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'hidden' });
  await message(page, 'Erstens').focus();
  await page.keyboard.press('e');
  expect(await composer(page).inputValue()).toBe('');
});

test('on a phone a long press offers everything to the thumb', async () => {
  const { id } = await room('Daumen');
  const one = await scene.visit(scene.barbara, { width: 390, height: 844, touch: true });
  const { page } = one;
  await scene.barbara.say(id, 'Gedrückt halten');
  await page.goto(`/chat/${id}`);
  const row = message(page, 'Gedrückt halten');
  await row.waitFor();
  const box = await row.boundingBox();
  if (!box) throw new Error('the message is not on the screen');
  const touch = await page.context().newCDPSession(page);
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
  const sheet = page.getByRole('dialog', { name: /Gedrückt halten/ });
  await sheet.getByRole('button', { name: 'Link kopieren' }).waitFor();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await one.picture('chat-sheet');
  await one.expectAccessible('actions on a phone');
  await sheet.getByRole('button', { name: 'Bearbeiten' }).click();
  await expect.poll(() => composer(page).inputValue()).toBe('Gedrückt halten');
});
