import { createHash, randomBytes } from 'node:crypto';
import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { composer, message } from './house/chatting.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();
let ada: Account | undefined;
const colleague = async () => (ada ??= await scene.barbara.colleague('Ada Albers'));

const room = async (name: string): Promise<string> =>
  (
    await scene.barbara.ask<{ id: string }>('POST', '/chat/rooms', {
      kind: 'private',
      name,
      members: [(await colleague()).id],
    })
  ).id;

const choose = (page: Page, name: string, buffer: Buffer) =>
  page.locator('input[data-picker]').setInputFiles([{ name, mimeType: 'application/octet-stream', buffer }]);

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** The hashes of all files of this name in the room, as a colleague gets them. */
async function arrived(page: Page, name: string): Promise<string[]> {
  const links = page.getByRole('link', { name: `${name} herunterladen` });
  const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  return page.evaluate(async (paths) => {
    const hashes = paths.map(async (path) => {
      const hash = await crypto.subtle.digest('SHA-256', await (await fetch(path)).arrayBuffer());
      return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    });
    return Promise.all(hashes);
  }, addresses);
}

/** Lets uploads through until `closed` says no; the page that is loaded next has a free way. */
async function gate(page: Page, closed: (route: Route) => boolean) {
  let shut = true;
  await page
    .context()
    .route('**/api/v1/files/uploads**', (route) =>
      shut && closed(route) ? route.abort('connectionfailed') : route.continue(),
    );
  page.on('framenavigated', () => {
    shut = false;
  });
}

test('a file that waits survives a reload and goes out once, from whatever page comes first', async () => {
  const id = await room('Bauakten');
  const [one, two] = [await scene.visit(scene.barbara), await scene.visit(await colleague())];
  await two.page.goto(`/chat/${id}`);
  await one.page.goto(`/chat/${id}`);
  await composer(one.page).waitFor();
  await gate(one.page, () => true);
  const bytes = randomBytes(300_000);
  await choose(one.page, 'Lageplan.bin', bytes);
  await composer(one.page).fill('Hier ist der Lageplan');
  await composer(one.page).press('Enter');
  await one.page.getByText('Hier ist der Lageplan').waitFor();
  await expect.poll(() => composer(one.page).inputValue()).toBe('');
  // Words do not wait for it.
  await composer(one.page).fill('Kommt gleich');
  await composer(one.page).press('Enter');
  await message(two.page, 'Kommt gleich').waitFor();
  await one.expectAccessible('a file that waits');
  await one.picture('files-waiting');
  await kept(one.page, 1);

  await one.page.goto('/');
  await message(two.page, 'Hier ist der Lageplan').waitFor({ timeout: 60_000 });
  await expect.poll(() => arrived(two.page, 'Lageplan.bin')).toEqual([digest(bytes)]);
  await kept(one.page, 0);
  await one.page.reload();
  await one.page.goto(`/chat/${id}`);
  await message(one.page, 'Hier ist der Lageplan').waitFor();
  expect(await arrived(two.page, 'Lageplan.bin')).toHaveLength(1);
});

test('an upload that was cut goes on where the server has it, and two tabs send it once', async () => {
  const id = await room('Große Akten');
  const [one, two] = [await scene.visit(scene.barbara), await scene.visit(await colleague())];
  await two.page.goto(`/chat/${id}`);
  await one.page.goto(`/chat/${id}`);
  await composer(one.page).waitFor();
  let patches = 0;
  // The first eight megabytes arrive, then the line is dead.
  await gate(one.page, (route) => {
    if (route.request().method() === 'PATCH') patches += 1;
    return patches > 1;
  });
  const bytes = randomBytes(12 * 1024 * 1024);
  await choose(one.page, 'Akte.bin', bytes);
  await composer(one.page).fill('Die Akte');
  await composer(one.page).press('Enter');
  await one.page.getByText('Die Akte').waitFor();
  await expect.poll(() => patches, { timeout: 30_000 }).toBeGreaterThan(1);
  await kept(one.page, 1);
  const offsets: number[] = [];
  one.context.on('request', (request) => {
    const offset = request.headers()['upload-offset'];
    if (request.method() === 'PATCH' && offset) offsets.push(Number(offset));
  });
  const second = await one.tab();
  await Promise.all([one.page.reload(), second.goto(`${scene.town.url}/chat/${id}`)]);
  await message(two.page, 'Die Akte').waitFor({ timeout: 90_000 });
  await expect.poll(() => arrived(two.page, 'Akte.bin'), { timeout: 30_000 }).toEqual([digest(bytes)]);
  expect(Math.min(...offsets)).toBeGreaterThanOrEqual(8 * 1024 * 1024);
  for (const page of [one.page, second]) {
    await message(page, 'Die Akte').waitFor();
    await expect.poll(() => page.getByText('Wird gesendet').count()).toBe(0);
  }
  expect(await arrived(two.page, 'Akte.bin')).toHaveLength(1);
});

test('a file for which there is no room says so, and signing out forgets the others', async () => {
  const id = await room('Ohne Platz');
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${id}`);
  await composer(one.page).waitFor();
  await gate(one.page, () => true);
  await choose(one.page, 'Plan.bin', randomBytes(1_000));
  await composer(one.page).press('Enter');
  await kept(one.page, 1);
  await one.page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given: Parameters<typeof put>) {
      if (this.name === 'files') throw new DOMException('no room', 'QuotaExceededError');
      return put.apply(this, given);
    };
  });
  await choose(one.page, 'Film.bin', randomBytes(1_000));
  await composer(one.page).fill('Der Film');
  await composer(one.page).press('Enter');
  await one.page.getByText('Bleiben Sie auf dieser Seite').waitFor();
  await one.expectAccessible('a file without room');
  await message(one.page, 'Der Film').getByRole('button', { name: 'Zurück ins Textfeld' }).click();
  await expect.poll(() => composer(one.page).inputValue()).toBe('Der Film');
  await one.page.getByRole('button', { name: 'Film.bin entfernen' }).click();

  await kept(one.page, 1);
  await one.page.keyboard.press('Control+k');
  await one.page.getByRole('combobox', { name: 'Suchen und springen' }).fill('Abmelden');
  await one.page.getByRole('option', { name: 'Abmelden', selected: true }).waitFor();
  await one.page.keyboard.press('Enter');
  await one.page.waitForURL(/\/login/);
  await kept(one.page, 0);
});

/** Waits until so many files are kept in the browser. */
async function kept(page: Page, count: number): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          new Promise<number>((done, fail) => {
            const opening = indexedDB.open('rathaus-files');
            // Signing out removes it for a moment: who looks must not make an empty one, which the portal would find without its table.
            opening.onupgradeneeded = () => {
              opening.transaction?.abort();
              done(0);
            };
            opening.onerror = () => fail(opening.error);
            opening.onsuccess = () => {
              const db = opening.result;
              const asking = db.transaction('files').objectStore('files').count();
              asking.onsuccess = () => {
                db.close();
                done(asking.result);
              };
              asking.onerror = () => fail(asking.error);
            };
          }),
      ),
    )
    .toBe(count);
}
