import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Visitor } from './house/browser.js';
import { composer, message, say } from './house/chatting.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();
const known = new Map<string, Account>();

interface Room {
  readonly id: string;
}

async function colleague(name: string): Promise<Account> {
  const account = known.get(name) ?? (await scene.barbara.colleague(name));
  known.set(name, account);
  return account;
}

async function room(name: string, ...members: readonly Account[]): Promise<string> {
  const body = { kind: 'private', name, members: members.map((one) => one.id) };
  return (await scene.barbara.ask<Room>('POST', '/chat/rooms', body)).id;
}

/** Does something with a member in the details of the room. */
async function withMember(visitor: Visitor, id: string, name: string, what: string): Promise<void> {
  await visitor.page.goto(`/chat/${id}/details`);
  const people = visitor.page.getByRole('region', { name: 'Personen' });
  await people.getByRole('button', { name: `Aktionen für ${name}` }).click();
  await visitor.page.getByRole('menuitem', { name: what }).click();
}

test('who is blocked can not write directly, and can again when that ends (000-15)', async () => {
  const [ada, ben] = [await colleague('Ada Albers'), await colleague('Ben Bauer')];
  const id = await room('Bauamt', ada, ben);
  const direct = await ben.ask<Room>('POST', '/chat/direct', { user_id: ada.id });
  await ben.say(direct.id, 'Hallo Ada');
  const [one, two] = [await scene.visit(ada), await scene.visit(ben)];
  await two.page.goto(`/chat/${direct.id}`);
  await composer(two.page).waitFor();
  await withMember(one, id, 'Ben Bauer', 'Für Direktnachrichten blockieren');
  await one.page.getByRole('button', { name: 'Blockieren', exact: true }).click();
  await one.page.getByText('Ben Bauer ist blockiert.').first().waitFor();
  await one.page.goto(`/chat/${direct.id}`);
  await one.page.getByText('Sie haben Ben Bauer blockiert.').waitFor();
  await one.expectAccessible('conversation with somebody blocked');
  await one.picture('rooms-blocked');
  await say(two.page, 'Noch da?');
  await two.page
    .getByRole('button', { name: /erneut senden/i })
    .first()
    .waitFor();
  expect(await one.page.getByText('Noch da?').count()).toBe(0);
  await ben.say(id, 'Im gemeinsamen Raum geht es weiter');

  await one.page.goto('/profile');
  await one.page.getByRole('button', { name: 'Blockierung von Ben Bauer aufheben' }).click();
  await expect.poll(() => one.page.getByText('Blockierte Personen').count()).toBe(0);
  await one.page.goto(`/chat/${direct.id}`);
  await composer(one.page).waitFor();
  await two.page
    .getByRole('button', { name: /erneut senden/i })
    .first()
    .click();
  await message(one.page, 'Noch da?').waitFor();
});

test('a moderator silences somebody by the menu and lets them speak again (000-15)', async () => {
  const ada = await colleague('Ada Albers');
  const id = await room('Sitzung', ada);
  const two = await scene.visit(ada);
  await two.page.goto(`/chat/${id}`);
  await composer(two.page).waitFor();
  const one = await scene.visit(scene.barbara);
  await withMember(one, id, 'Ada Albers', 'Eine Stunde stummschalten');
  await one.page.getByText('Ada Albers kann hier vorerst nicht schreiben.').first().waitFor();
  await one.page.getByText(/^stumm bis /).waitFor();
  await two.page.getByText(/Die Moderation hat Sie hier bis .* stummgeschaltet/).waitFor();
  expect(await composer(two.page).count()).toBe(0);
  await withMember(one, id, 'Ada Albers', 'Stummschaltung aufheben');
  await composer(two.page).waitFor();
  await say(two.page, 'Danke');
  await one.page.goto(`/chat/${id}`);
  await message(one.page, 'Danke').waitFor();
});

test('several people talk in one conversation, which the same people find again (002-16)', async () => {
  const [ada, ben] = [await colleague('Ada Albers'), await colleague('Ben Bauer')];
  const one = await scene.visit(scene.barbara);
  const [two, three] = [
    await scene.visit(ada),
    await scene.visit(ben, { width: 390, height: 844, touch: true }),
  ];
  await two.page.goto('/chat');
  const open = async () => {
    await one.page.goto('/chat?new=message');
    const dialog = one.page.getByRole('dialog', { name: 'Nachricht schreiben' });
    for (const name of ['Ada Albers', 'Ben Bauer']) {
      await dialog.getByRole('combobox').fill(name.slice(0, 3));
      await one.page.getByRole('option', { name: new RegExp(name) }).click();
    }
    await dialog.getByRole('button', { name: 'Gespräch mit 2 Personen öffnen' }).click();
    await one.page.getByRole('heading', { name: 'Ada Albers, Ben Bauer' }).waitFor();
  };
  await open();
  const address = new URL(one.page.url()).pathname;
  await one.page.getByText('Hier beginnt das Gespräch. Nur diese Personen können es lesen.').waitFor();
  await say(one.page, 'Kaffee um drei?');
  await two.page.getByRole('link', { name: /Barbara Brandt, Ben Bauer|Ben Bauer, Barbara Brandt/ }).click();
  await message(two.page, 'Kaffee um drei?').waitFor();
  await say(two.page, 'Gerne');
  await three.page.goto(address);
  await message(three.page, 'Gerne').waitFor();
  await three.expectAccessible('conversation of three');
  await three.picture('rooms-group');
  const outside = await scene.visit(await colleague('Carla Cramer'));
  await outside.page.goto(address);
  await outside.page.getByText('Diesen Raum gibt es für Sie nicht').waitFor();
  await open();
  expect(new URL(one.page.url()).pathname, 'the same people have one conversation').toBe(address);
});

test('a link brings people of the town in, as often as it says (001-20)', async () => {
  const [ada, ben] = [await colleague('Ada Albers'), await colleague('Ben Bauer')];
  const id = await room('Projektgruppe');
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${id}/details`);
  await one.page.getByRole('button', { name: 'Link anlegen' }).click();
  const dialog = one.page.getByRole('dialog', { name: 'Link anlegen' });
  await dialog.getByText('Für Personen der Verwaltung').click();
  await dialog.getByRole('combobox', { name: 'Wie oft?' }).click();
  await one.page.getByRole('option', { name: 'einmal', exact: true }).click();
  await dialog.getByRole('button', { name: 'Link anlegen' }).click();
  const address = await one.page.getByRole('dialog').getByLabel('Adresse').inputValue();
  await one.page.getByRole('dialog').getByRole('button', { name: 'Schließen' }).last().click();

  const stranger = await scene.stranger('Frau Bürger');
  await stranger.page.goto(address);
  await stranger.page.getByText('Dieser Link ist für Personen der Verwaltung.').waitFor();
  await stranger.expectAccessible('link for people of the town');

  const two = await scene.visit(ada);
  await two.page.goto(address);
  await two.page.getByText('Sie kommen als Ada Albers hinein und werden Mitglied.').waitFor();
  await two.picture('rooms-join');
  await two.page.getByRole('button', { name: 'Raum betreten' }).click();
  await composer(two.page).waitFor();
  await say(two.page, 'Bin dabei');
  await one.page.goto(`/chat/${id}`);
  await message(one.page, 'Bin dabei').waitFor();
  await one.page.getByText('Ada Albers ist dabei').first().waitFor();

  const late = await scene.visit(ben);
  await late.page.goto(address);
  await late.page
    .getByRole('button', { name: 'Raum betreten' })
    .click({ timeout: 5_000 })
    .catch(() => undefined); // it may be used up before it is pressed
  await late.page.getByRole('heading', { name: /Link/ }).or(late.page.getByRole('alert')).first().waitFor();
  expect(await composer(late.page).count()).toBe(0);
});

test('commands after a slash, plain pasting, and the next unread room by keys (000-07)', async () => {
  // Somebody to whom nothing else is unread.
  const kim = await scene.barbara.colleague('Kim Keller');
  const first = await room('Alpha', kim);
  await room('Beta', kim);
  const third = await room('Gamma', kim);
  const one = await scene.visit(kim);
  const { page } = one;
  await page.goto(`/chat/${first}`);
  const command = async (word: string) => {
    await composer(page).fill('');
    await composer(page).pressSequentially(word);
    await page.getByRole('option', { name: new RegExp(word) }).waitFor();
    await page.keyboard.press('Enter');
  };
  await composer(page).pressSequentially('/');
  await page.getByRole('option', { name: /\/anrufen/ }).waitFor();
  await one.expectAccessible('commands');
  await one.picture('rooms-slash');
  await command('/checkliste');
  await expect.poll(() => composer(page).inputValue()).toBe('- [ ] ');
  await command('/tabelle');
  await expect.poll(() => composer(page).inputValue()).toContain('|');
  await command('/umfrage');
  const poll = page.getByRole('dialog', { name: /Umfrage/ });
  await poll.waitFor();
  await page.keyboard.press('Escape');
  await poll.waitFor({ state: 'hidden' });
  await command('/leute');
  await page.waitForURL(/\/details$/);
  await page.goto(`/chat/${first}`);

  // Ctrl-Shift-V takes the words alone.
  await composer(page).fill('');
  await page.evaluate(async () => {
    const kinds = { 'text/html': '<p>Die <b>Satzung</b></p>', 'text/plain': 'Die Satzung' };
    await navigator.clipboard.write([
      new ClipboardItem(
        Object.fromEntries(
          Object.entries(kinds).map(([kind, text]) => [kind, new Blob([text], { type: kind })]),
        ),
      ),
    ]);
  });
  await composer(page).focus();
  await page.keyboard.press('Control+v');
  await expect.poll(() => composer(page).inputValue()).toBe('Die **Satzung**');
  await composer(page).fill('');
  await page.keyboard.press('Control+Shift+v');
  await expect.poll(() => composer(page).inputValue()).toBe('Die Satzung');
  await composer(page).fill('');

  // Alt, Shift and an arrow pass over what is read.
  await scene.barbara.say(third, 'Ungelesenes in Gamma');
  await page.getByRole('link', { name: /Gamma.*ungelesen/ }).waitFor();
  await composer(page).press('Alt+Shift+ArrowDown');
  await page.getByRole('heading', { name: 'Gamma' }).waitFor();
  // The arrow up with Alt and Shift is not the one that changes the last message.
  await say(page, 'Gamma ist gelesen');
  await message(page, 'Gamma ist gelesen').waitFor();
  await scene.barbara.say(first, 'Ungelesenes in Alpha');
  await page.getByRole('link', { name: /Alpha.*ungelesen/ }).waitFor();
  await composer(page).press('Alt+Shift+ArrowUp');
  await page.getByRole('heading', { name: 'Alpha' }).waitFor();
  one.expectNoTrouble();
});

/** What the screen reader has been told since the page was opened. */
async function listen(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    for (const region of document.querySelectorAll('[aria-live="polite"][role="status"].unseen')) {
      new MutationObserver(() => said.push(region.textContent ?? '')).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    }
  });
  return () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said.join('\n'));
}

test('a screen reader is told of all new messages, of mentions only, or of none (000-07)', async () => {
  const ada = await colleague('Ada Albers');
  const id = await room('Vorlesen', ada);
  const one = await scene.visit(ada);
  const { page } = one;
  const choose = async (wish: string) => {
    await page.goto('/profile');
    const group = page.getByRole('group', { name: 'Neue Nachrichten im offenen Raum ansagen' });
    await group.getByText(wish, { exact: true }).click();
    await expect
      .poll(async () => (await ada.ask<{ announce: string }>('GET', '/chat/settings')).announce)
      .toBe({ Alle: 'all', 'Nur wenn ich erwähnt werde': 'mentions', Keine: 'none' }[wish]);
    await page.goto(`/chat/${id}`);
    await composer(page).waitFor();
    return listen(page);
  };
  let said = await choose('Alle');
  await scene.barbara.say(id, 'Erste Nachricht');
  await expect.poll(said).toContain('Erste Nachricht');
  said = await choose('Nur wenn ich erwähnt werde');
  await scene.barbara.say(id, 'Zweite Nachricht');
  await scene.barbara.say(id, `[@Ada Albers](person:${ada.id}) dritte Nachricht`);
  await expect.poll(said).toContain('dritte Nachricht');
  expect(await said()).not.toContain('Zweite Nachricht');
  said = await choose('Keine');
  await scene.barbara.say(id, `[@Ada Albers](person:${ada.id}) vierte Nachricht`);
  await message(page, 'vierte Nachricht').waitFor();
  await scene.barbara.say(id, 'Fünfte Nachricht');
  await message(page, 'Fünfte Nachricht').waitFor();
  expect(await said()).not.toContain('Nachricht');
});

test('a swipe leads to the next picture, and down closes it', async () => {
  const ada = await colleague('Ada Albers');
  const id = await room('Bilder', ada);
  const desk = await scene.visit(scene.barbara);
  await desk.page.goto(`/chat/${id}`);
  await composer(desk.page).waitFor();
  const drawn = await desk.page.evaluate(() =>
    ['#c2410c', '#0f766e'].map((colour) => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [600, 400];
      const pen = canvas.getContext('2d');
      if (pen) pen.fillStyle = colour;
      pen?.fillRect(0, 0, 600, 400);
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    }),
  );
  const files = drawn.map((data, at) => ({
    name: `Bild${at + 1}.png`,
    mimeType: 'image/png',
    buffer: Buffer.from(data, 'base64'),
  }));
  await desk.page.setInputFiles('input[type=file] >> nth=0', files);
  await expect.poll(() => desk.page.getByText('Bereit').count(), { timeout: 20_000 }).toBe(2);
  await desk.page.getByRole('button', { name: 'Senden', exact: true }).click();

  const phone = await scene.visit(ada, { width: 390, height: 844, touch: true });
  await phone.page.goto(`/chat/${id}`);
  await phone.page.getByRole('button', { name: 'Bild1.png ansehen' }).click();
  await phone.page.getByRole('img', { name: 'Bild Bild1.png' }).waitFor();
  const touch = await phone.context.newCDPSession(phone.page);
  const swipe = async (from: readonly [number, number], to: readonly [number, number]) => {
    await touch.send('Input.dispatchTouchEvent', {
      type: 'touchStart',
      touchPoints: [{ x: from[0], y: from[1] }],
    });
    for (const part of [0.3, 0.6, 1]) {
      const point = { x: from[0] + (to[0] - from[0]) * part, y: from[1] + (to[1] - from[1]) * part };
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [point] });
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  await swipe([300, 520], [50, 530]);
  await phone.page.getByRole('img', { name: 'Bild Bild2.png' }).waitFor();
  await swipe([100, 520], [350, 530]);
  await phone.page.getByRole('img', { name: 'Bild Bild1.png' }).waitFor();
  await swipe([200, 300], [205, 600]);
  await expect.poll(() => phone.page.getByRole('dialog').count()).toBe(0);
});
