import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { composer, message } from './house/chatting.js';
import { Line } from './house/line.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';

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

interface Given {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Chooses files as with the dialog of the system. */
const choose = (page: Page, files: Given[]) => page.locator('input[data-picker]').setInputFiles(files);

const ready = (page: Page, count: number) =>
  expect.poll(() => page.getByText(/· Bereit$/).count(), { timeout: 30_000 }).toBe(count);

async function send(page: Page, words = '') {
  if (words) await composer(page).fill(words);
  await composer(page).press('Enter');
}

/** The hash of what a person gets who saves a file. */
async function saved(page: Page, name: string): Promise<string> {
  const address = await page
    .getByRole('link', { name: `${name} herunterladen` })
    .last()
    .getAttribute('href');
  return page.evaluate(async (path) => {
    const answer = await fetch(path);
    const hash = await crypto.subtle.digest('SHA-256', await answer.arrayBuffer());
    return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }, address ?? '');
}

/** A drawing of so many pixels, with a gradient. */
function png(width: number, height: number): Buffer {
  const crc = (b: Buffer) => {
    let c = ~0;
    for (const byte of b) {
      c ^= byte;
      for (let k = 0; k < 8; k += 1) c = (c >>> 1) ^ (0xedb88320 & -(c & 1));
    }
    return ~c >>> 0;
  };
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const out = Buffer.alloc(8 + body.length);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), 4 + body.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      rows.set([(x * 255) / width, (y * 255) / height, 140], at);
    }
  const secret = chunk('tEXt', Buffer.from('Comment\0GPS 48.1374N 11.5755E'));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    secret,
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const pdf = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF',
);

const digest = (b: Buffer) => createHash('sha256').update(b).digest('hex');

test('25 MB arrive whole at a colleague, also over a connection that breaks (000-17)', async () => {
  const { id } = await room('Große Pläne');
  const line = await Line.to(scene.town);
  const one = await scene.visit(scene.barbara, {}, line.url);
  const two = await scene.visit(await colleague());
  await two.page.goto(`/chat/${id}`);
  await one.page.goto(`${line.url}/chat/${id}`);
  await composer(one.page).waitFor();
  const buffer = randomBytes(25 * 1024 * 1024);
  const folder = await mkdtemp(join(tmpdir(), 'rathaus-plan-'));
  await writeFile(join(folder, 'Plan.bin'), buffer);
  const cut = line.cutAfter(10 * 1024 * 1024);
  await one.page.locator('input[data-picker]').setInputFiles(join(folder, 'Plan.bin'));
  await cut;
  await one.page.getByRole('progressbar', { name: 'Plan.bin wird hochgeladen' }).waitFor();
  await send(one.page, 'Hier ist der Plan');
  line.mend();
  await message(two.page, 'Plan.bin').waitFor({ timeout: 60_000 });
  expect(await saved(two.page, 'Plan.bin')).toBe(digest(buffer));
  await rm(folder, { recursive: true });
  await line.close();
  one.trouble.length = 0; // the line was cut on purpose
});

test('pictures keep their place, lose their position and are seen in large (003-02)', async () => {
  const { id } = await room('Baustelle');
  const one = await scene.visit(scene.barbara);
  const two = await scene.visit(await colleague(), { width: 390, height: 844 });
  await two.page.goto(`/chat/${id}`);
  await one.page.goto(`/chat/${id}`);
  await composer(one.page).waitFor();
  await choose(one.page, [
    { name: 'Graben.png', mimeType: 'image/png', buffer: png(900, 600) },
    { name: 'Kran.png', mimeType: 'image/png', buffer: png(600, 900) },
    { name: 'Bescheid.pdf', mimeType: 'application/pdf', buffer: pdf },
  ]);
  await ready(one.page, 3);
  await one.picture('files-tray');
  await one.expectAccessible('files in the composer');
  await send(one.page, 'Stand heute');
  const picture = two.page.getByRole('button', { name: 'Graben.png ansehen' });
  await picture.waitFor();
  await expect
    .poll(() => picture.locator('img').evaluate((img) => (img as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(100);
  await two.picture('files-message');
  await two.expectAccessible('files in a message');
  await picture.click();
  await two.page.getByRole('dialog', { name: 'Graben.png' }).waitFor();
  await two.page.getByRole('img', { name: 'Bild Graben.png' }).waitFor();
  await two.page.keyboard.press('ArrowRight');
  await two.page.getByRole('img', { name: 'Bild Kran.png' }).waitFor();
  await two.page.keyboard.press('+');
  await two.picture('files-lightbox');
  const address = await two.page.getByRole('link', { name: 'Kran.png herunterladen' }).getAttribute('href');
  await two.page.keyboard.press('Escape');
  const stored = await two.page.evaluate(async (path) => (await fetch(path)).text(), address ?? '');
  expect(stored).not.toContain('GPS 48');
  await two.page.getByRole('button', { name: 'Bescheid.pdf ansehen' }).click();
  await two.page.getByRole('dialog', { name: 'Bescheid.pdf' }).locator('iframe').waitFor();
  await two.picture('files-pdf');
});

test('a voice message is recorded, sent and played by a colleague (003-07)', async () => {
  const { id } = await room('Rufbereitschaft');
  const one = await scene.visit(scene.barbara);
  const two = await scene.visit(await colleague());
  await two.page.goto(`/chat/${id}`);
  await one.page.goto(`/chat/${id}`);
  await one.page.getByRole('button', { name: 'Sprachnachricht aufnehmen' }).click();
  const bar = one.page.getByRole('group', { name: 'Sprachnachricht aufnehmen' });
  await bar.getByText('0:02').waitFor();
  await bar.getByRole('button', { name: 'Anhalten' }).click();
  await bar.getByText('Aufnahme angehalten').waitFor();
  await bar.getByRole('button', { name: 'Fortsetzen' }).click();
  await bar.getByText('0:03').waitFor();
  await one.picture('files-recording');
  await bar.getByRole('button', { name: 'Senden' }).click();

  const voice = two.page.getByRole('group', { name: /^Sprachnachricht, 0:0/ });
  await voice.waitFor();
  expect(await voice.locator('rect').count()).toBeGreaterThan(20);
  await voice.getByRole('button', { name: /^Tempo/ }).click();
  await voice.getByRole('button', { name: 'Abspielen' }).click();
  await expect
    .poll(() => voice.locator('audio').evaluate((audio) => (audio as HTMLAudioElement).currentTime))
    .toBeGreaterThan(0.5);
  expect(await voice.locator('audio').evaluate((audio) => (audio as HTMLAudioElement).playbackRate)).toBe(
    1.5,
  );
  await two.picture('files-voice');
});

test('a file dropped on the notes to oneself is on the phone at once (004-18)', async () => {
  const desk = await scene.visit(scene.barbara);
  const phone = await scene.visit(scene.barbara, { width: 390, height: 844, touch: true });
  await desk.page.goto('/chat');
  await desk.page.getByRole('button', { name: 'Neu', exact: true }).first().click();
  await desk.page.getByRole('menuitem', { name: 'Notizen an mich' }).click();
  await desk.page.getByText('Nur Sie sehen, was hier steht').waitFor();
  await phone.page.goto('/chat');
  await phone.page.getByRole('link', { name: 'Notizen an mich' }).click();
  await phone.page.getByText('Nur Sie sehen, was hier steht').waitFor();

  const { id } = await room('Woanders');
  await desk.page.goto(`/chat/${id}`);
  await composer(desk.page).waitFor();
  const data = await desk.page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['Milch, Brot'], 'Einkauf.txt', { type: 'text/plain' }));
    return transfer;
  });
  const line = desk.page.getByRole('link', { name: 'Notizen an mich' });
  for (const type of ['dragenter', 'dragover', 'drop'])
    await line.dispatchEvent(type, { dataTransfer: data });
  await message(phone.page, 'Einkauf.txt').waitFor();
  expect(await saved(phone.page, 'Einkauf.txt')).toBe(digest(Buffer.from('Milch, Brot')));
  await phone.picture('files-self');
});

test('a page that somebody uploads never runs here; a pasted file is attached (trust class 17)', async () => {
  const { id } = await room('Vorsicht');
  const one = await scene.visit(scene.barbara);
  await one.page.goto(`/chat/${id}`);
  await composer(one.page).waitFor();
  const page =
    '<!doctype html><title>Falle</title><script>opener?.postMessage(1,"*");document.title="gelaufen"</script>';
  await composer(one.page).evaluate((area, html) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([html], 'bild.png', { type: 'image/png' }));
    transfer.items.add(
      new File([`<svg xmlns="http://www.w3.org/2000/svg"><script>${html}</script></svg>`], 'wappen.svg', {
        type: 'image/svg+xml',
      }),
    );
    area.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }),
    );
  }, page);
  await ready(one.page, 2);
  await send(one.page);
  for (const name of ['bild.png', 'wappen.svg']) {
    const link = one.page.getByRole('link', { name: `${name} herunterladen` });
    const address = (await link.getAttribute('href'))?.replace('?download=1', '') ?? '';
    const tab = await one.tab();
    const download = tab.waitForEvent('download');
    await tab.goto(`${scene.town.url}${address}`).catch(() => undefined);
    expect((await download).suggestedFilename()).toBe(name);
    expect(await tab.title()).not.toBe('gelaufen');
    await tab.close();
  }
});

test('a message says which of its files holds it up, and goes without it', async () => {
  const { id } = await room('Unterlagen');
  const one = await scene.visit(scene.barbara);
  const { page } = one;
  await page.goto(`/chat/${id}`);
  await composer(page).waitFor();
  await choose(page, [
    { name: 'leer.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    { name: 'voll.txt', mimeType: 'text/plain', buffer: Buffer.from('Tagesordnung') },
  ]);
  await ready(page, 1);
  await page.getByText('Die Datei ist leer.').waitFor();
  await send(page, 'Hier die Unterlagen');
  await page.getByText(/Die Nachricht wartet auf leer\.txt/).waitFor();
  await one.expectAccessible('a message that a file holds up');
  expect(await message(page, 'Hier die Unterlagen').count()).toBe(0);
  await page.getByRole('button', { name: 'leer.txt entfernen' }).click();
  await message(page, 'Hier die Unterlagen').getByText('voll.txt').waitFor();
  expect(await message(page, 'leer.txt').count()).toBe(0);
});
