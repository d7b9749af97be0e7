import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { composer, message } from './house/chatting.js';
import { Scene } from './house/scene.js';
import { openPad, paper, write, written } from './house/writing.js';

const scene = Scene.forThisFile();
const password = 'Kastanie-Fenster-Wolke';

interface Content {
  readonly room: string;
  readonly pad: string;
  readonly person: string;
}

let content: Content | undefined;

/** A room, a pad and a colleague to look at. */
async function filled(): Promise<Content> {
  if (content) return content;
  const ada = await scene.barbara.colleague('Ada Albers');
  const room = await scene.barbara.ask<{ id: string }>('POST', '/chat/rooms', {
    kind: 'public',
    name: 'Town-Hall',
    members: [ada.id],
  });
  await ada.say(room.id, 'Hello 123');
  const pad = await scene.barbara.ask<{ id: string }>('POST', '/pads', {
    class: 'organisation',
    title: 'Plan',
  });
  const visitor = await scene.visit(scene.barbara);
  await visitor.page.goto(`/pads/${pad.id}`);
  await openPad(visitor.page);
  await write(visitor.page, 'Plan', 'start');
  await expect.poll(() => written(visitor.page)).toContain('Plan');
  await visitor.page.getByText('Gespeichert', { exact: true }).waitFor();
  content = { room: room.id, pad: pad.id, person: ada.id };
  return content;
}

async function everyPage(): Promise<readonly string[]> {
  const { room, pad, person } = await filled();
  return [
    '/',
    '/chat',
    '/chat/rooms',
    `/chat/${room}`,
    `/chat/${room}/details`,
    '/pads',
    `/pads/${pad}`,
    '/meet',
    '/profile',
    '/admin',
    '/admin/people',
    `/admin/people/${person}`,
    '/admin/groups',
    '/admin/invitations',
    '/admin/sessions',
    '/admin/audit',
    '/admin/settings',
    '/gallery',
    '/imprint',
    '/licenses',
    '/nowhere-at-all',
  ];
}

/** Opens a page and waits until it has its content. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
  // Without fonts widths are wrong; after two frames what came with them stands.
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}

const areas = 'admin|auth|chat|fault|home|kit|meet|pads|shell|directory';

/** Fails where a text is missing: its key or a placeholder would stand there. */
async function expectWords(page: Page, path: string): Promise<string> {
  const text = await page.evaluate(() => {
    const named = [...document.querySelectorAll('[aria-label], [placeholder], [title]')].map((one) =>
      ['aria-label', 'placeholder', 'title'].map((name) => one.getAttribute(name) ?? '').join('\n'),
    );
    // biome-ignore lint/performance/useDomNodeTextContent: words as they are shown, apart from one another
    return [document.title, document.body.innerText, ...named].join('\n');
  });
  expect(text, path).not.toMatch(new RegExp(`\\b(${areas})\\.[a-z]\\w*(\\.\\w+)*\\b(?!\\.example)`));
  expect(text, path).not.toMatch(/\{\w+\}|undefined|\[object /);
  return text;
}

const focused = (page: Page) =>
  page.evaluate(() => {
    const one = document.activeElement;
    return (one?.getAttribute('aria-label') ?? one?.textContent ?? '').replace(/\s+/g, ' ').trim();
  });

/** Goes to something by Tab alone. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const fits = (text: string) => (typeof name === 'string' ? text === name : name.test(text));
  for (let presses = 0; presses < 80; presses++) {
    if (fits(await focused(page))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${name}`);
}

/** What is wider than a window of 320 pixels and would make one scroll sideways. */
async function tooWide(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const found = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main, [role=dialog]')]
      .filter((one) => one.scrollWidth > Math.max(320, one.clientWidth) + 1)
      .map((one) => `${one.tagName} ${one.scrollWidth}`),
  );
  if (before) await page.setViewportSize(before);
  return found;
}

test('axe finds nothing on any page, light or dark, and each fits 320 pixels', async () => {
  const visitor = await scene.visit(scene.barbara);
  const { page } = visitor;
  for (const path of await everyPage()) {
    await page.emulateMedia({ colorScheme: 'light' });
    await open(page, path);
    await visitor.expectAccessible(`${path} in light`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await visitor.expectAccessible(`${path} in dark`);
    await expectWords(page, path);
    expect(await tooWide(page), path).toEqual([]);
  }
});

test('every page speaks English where the person wants it', async () => {
  await filled();
  const visitor = await scene.visit(await scene.barbara.colleague('Emma Evans', 'admin'));
  const { page } = visitor;
  await page.goto('/profile');
  await page.getByText('English', { exact: true }).click();
  await page.getByRole('heading', { name: 'Appearance' }).or(page.getByText('Language')).first().waitFor();
  for (const path of await everyPage()) {
    await open(page, path);
    const text = await expectWords(page, path);
    if (['/gallery', '/imprint', '/licenses', '/admin/settings', '/admin/audit'].includes(path)) continue;
    expect(
      text.match(/\b(und|oder|nicht|Räume|Treffen|Verwaltung|Suchen|Einladung\w*|Noch|Sie)\b/g),
      path,
    ).toBeNull();
  }
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
});

test('what a form lacks stands beside its field, in the language of the portal', async () => {
  const visitor = await scene.stranger('Formular');
  const { page } = visitor;
  await page.goto('/login');
  const [login, secret] = [page.getByLabel('E-Mail-Adresse'), page.getByLabel('Passwort', { exact: true })];
  await login.waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByText('Dieses Feld darf nicht leer bleiben.').count()).toBe(2);
  await login.and(page.locator(':focus')).waitFor();
  await page
    .getByRole('textbox', { name: 'E-Mail-Adresse', description: /Dieses Feld darf nicht leer bleiben/ })
    .waitFor();
  await visitor.expectAccessible('a form with something missing');
  await page.keyboard.type('barbara');
  await expect.poll(() => login.getAttribute('aria-invalid')).toBeNull();
  await page.keyboard.press('Enter');
  await secret.and(page.locator(':focus')).waitFor();

  const admin = await scene.visit(scene.barbara);
  await admin.page.goto('/admin/people');
  await admin.page.getByRole('button', { name: 'Person einladen' }).click();
  await admin.page.getByLabel('Name', { exact: true }).fill('Änne Groß');
  const mail = admin.page.getByLabel('E-Mail-Adresse zum Anmelden');
  await mail.fill('änne@');
  await admin.page.keyboard.press('Enter');
  await admin.page.getByText('Das ist keine gültige E-Mail-Adresse.').waitFor();
  await mail.and(admin.page.locator(':focus')).waitFor();
  await mail.fill('anne@sülzbach.example');
  await admin.page.keyboard.press('Enter');
  await admin.page.getByRole('heading', { name: 'Einladung für Änne Groß' }).waitFor();
  await admin.page.getByRole('textbox', { name: 'Link' }).and(admin.page.locator(':focus')).waitFor();
});

test('the daily work goes by keyboard alone', async () => {
  const { room } = await filled();
  expect(room).not.toBe('');
  const visitor = await scene.stranger('Tastatur');
  const { page } = visitor;
  const keys = page.keyboard;

  // 1 sign in
  await page.goto('/login');
  await page.getByLabel('E-Mail-Adresse').waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  await keys.type('barbara@musterstadt.example');
  await keys.press('Tab');
  await keys.type(password);
  await keys.press('Enter');
  await page.getByRole('heading', { name: /Barbara/ }).waitFor();

  // 2 open a room, 3 send, 4 change what was sent
  await keys.press('Control+k');
  await page.getByRole('combobox', { name: 'Suchen und springen' }).waitFor();
  await keys.type('Town');
  await page.getByRole('option', { name: /Town-Hall/, selected: true }).waitFor();
  await keys.press('Enter');
  await composer(page).waitFor();
  await expect.poll(() => focused(page)).toBe('Nachricht an Town-Hall');
  await keys.type('Guten Morgn');
  await keys.press('Enter');
  await page.getByRole('article', { name: /^Barbara Brandt.*Guten Morgn/ }).waitFor();
  await keys.press('ArrowUp');
  await page.getByText('Nachricht bearbeiten').waitFor();
  await keys.press('Control+a');
  await keys.type('Guten Morgen');
  await keys.press('Enter');
  await message(page, 'Guten Morgen').getByText('bearbeitet').waitFor();

  // 5 make a room
  await page.locator('body').press('Control+Home');
  await tabTo(page, 'Neu anfangen');
  await keys.press('Enter');
  await page.getByRole('menuitem', { name: 'Raum anlegen' }).waitFor();
  await keys.press('ArrowDown');
  if ((await page.getByRole('menuitem', { name: 'Raum anlegen' }).getAttribute('data-highlighted')) === null)
    await keys.press('ArrowDown');
  await keys.press('Enter');
  await page.getByRole('dialog', { name: 'Raum anlegen' }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  await keys.type('Tastenraum');
  await keys.press('Enter');
  await page.getByRole('heading', { name: 'Tastenraum' }).waitFor();

  // 6 make a pad and write in it
  await page.goto('/pads');
  await page.getByRole('heading', { name: 'Pads' }).first().waitFor();
  await tabTo(page, 'Neues Pad');
  await keys.press('Enter');
  await page.getByRole('dialog', { name: 'Neues Pad' }).locator(':focus').waitFor();
  await keys.press('Enter');
  await openPad(page);
  await expect
    .poll(() => paper(page).evaluate((sheet) => sheet.contains(document.activeElement)), {
      message: 'the cursor stands in a new pad',
    })
    .toBe(true);
  await keys.type('Ohne Maus');
  await expect.poll(() => written(page)).toContain('Ohne Maus');

  // share it: the first hit is taken with Enter
  await page.locator('body').press('Control+Home');
  await tabTo(page, 'Teilen');
  await keys.press('Enter');
  await page.getByRole('dialog', { name: 'Pad teilen' }).locator(':focus').waitFor();
  await keys.type('Ada Alb');
  await page.getByRole('option', { name: 'Ada Albers' }).and(page.locator('[data-highlighted]')).waitFor();
  await keys.press('Enter');
  await tabTo(page, 'Hinzufügen');
  await keys.press('Enter');
  await page.getByRole('button', { name: 'Ada Albers den Zugang nehmen' }).waitFor();
  await page.getByRole('combobox', { name: 'Personen oder Gruppen' }).and(page.locator(':focus')).waitFor();
  await keys.press('Escape');

  // 7 start a meeting, be in it and mute
  await page.goto('/meet');
  await page.getByRole('heading', { name: 'Treffen', level: 1 }).waitFor();
  await tabTo(page, 'Neues Treffen');
  await keys.press('Enter');
  await page.getByRole('dialog', { name: 'Neues Treffen' }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  await keys.type('Tastentreffen');
  await keys.press('Enter');
  await page.getByRole('button', { name: 'Mikrofon ausschalten' }).waitFor();
  await tabTo(page, 'Beitreten');
  await keys.press('Enter');
  await page.getByText('Noch ist niemand sonst da').waitFor();
  await page.getByRole('button', { name: 'Mikrofon ausschalten' }).waitFor();
  await keys.press('m');
  await page.getByRole('button', { name: 'Mikrofon einschalten' }).waitFor();
  await tabTo(page, 'Verlassen');
  await keys.press('Enter');
  await page.getByRole('heading', { name: 'Das Treffen ist verlassen' }).waitFor();
  await tabTo(page, 'Zu den Treffen');
  await keys.press('Enter');
  await page.getByRole('heading', { name: 'Treffen', level: 1 }).waitFor();

  // 8 sign out
  await keys.press('Control+k');
  await page.getByRole('combobox', { name: 'Suchen und springen' }).waitFor();
  await keys.type('Abmelden');
  await page.getByRole('option', { name: 'Abmelden', selected: true }).waitFor();
  await keys.press('Enter');
  await page.waitForURL(/\/login/);
});

test('after a dialog the focus is where it was before', async () => {
  const { room, pad } = await filled();
  const visitor = await scene.visit(scene.barbara);
  const { page } = visitor;
  await page.goto(`/chat/${room}`);
  await composer(page).focus();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Suchen und springen' }).waitFor();
  await visitor.expectAccessible('palette');
  await page.keyboard.press('Escape');
  await expect.poll(() => focused(page)).toBe('Nachricht an Town-Hall');

  const start = page.getByRole('button', { name: 'Neu anfangen' });
  await start.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Raum anlegen' }).waitFor();
  await visitor.expectAccessible('menu');
  await page.keyboard.press('Escape');
  await expect.poll(() => focused(page)).toBe('Neu anfangen');

  await page.goto(`/pads/${pad}`);
  await openPad(page);
  await write(page, 'x');
  await page.getByRole('button', { name: 'Teilen' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Pad teilen' }).waitFor();
  await visitor.expectAccessible('share');
  await page.getByRole('tab', { name: 'Links' }).click();
  await visitor.expectAccessible('share by link');
  await page.keyboard.press('Escape');
  await expect.poll(() => focused(page)).toBe('Teilen');
});
