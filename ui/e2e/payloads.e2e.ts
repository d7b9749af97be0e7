import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();

/** What has run in other products. Each would set a mark on the page, ask somewhere else or open a dialog. */
const payloads = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror=window.pwned=1>',
  '"><svg/onload=window.pwned=1>',
  "'-window.pwned=1-'",
  '{{constructor.constructor("window.pwned=1")()}}',
  '[klick](javascript:window.pwned=1)',
  '[klick](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '![bild](https://evil.example/x.png)',
  '<javascript:window.pwned=1>',
  '<iframe srcdoc="<script>parent.pwned=1</script>">',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=window.pwned=1>',
  '<a href="vbscript:msgbox(1)">x</a><base href=//evil.example/>',
  '</title></textarea></style><img src=x onerror=window.pwned=1>',
  '```html\n<img src=x onerror=window.pwned=1>\n```',
  '| a |\n| - |\n| <img src=x onerror=window.pwned=1> |',
  '[x]: javascript:window.pwned=1\n[x]',
  '<style>@import "https://evil.example/x.css"</style>',
  '&lt;img src=x onerror=window.pwned=1&gt;',
  '<form action=https://evil.example><button>ok</button></form>',
  '\u202e<b onmouseover=window.pwned=1>\u2028',
];

/** Fails if anything that somebody wrote became more than text. */
async function expectHarmless(page: Page, where: string): Promise<void> {
  const found = await page.evaluate(() => {
    const bad: string[] = [];
    if ((window as { pwned?: unknown }).pwned !== undefined) bad.push('a script has run');
    for (const one of document.querySelectorAll('*')) {
      for (const { name, value } of one.attributes) {
        if (/^on/i.test(name)) bad.push(`${one.tagName} has ${name}`);
        if (/^\s*(javascript|vbscript|data:text)/i.test(value))
          bad.push(`${one.tagName} has ${name}=${value}`);
        if (/^(src|action|poster|srcset)$/.test(name) && /evil\.example/.test(value))
          bad.push(`${one.tagName} asks ${value}`);
      }
    }
    for (const one of document.querySelectorAll(
      'iframe, object, embed, base, form[action*="evil"], script:not([src])',
    ))
      bad.push(`there is a ${one.tagName}: ${one.outerHTML.slice(0, 80)}`);
    return bad;
  });
  expect(found, where).toEqual([]);
}

test('CVE class 19: nothing that people write into any field becomes more than text (000-18, 000-24)', async () => {
  const { barbara } = scene;
  const room = await barbara.ask<{ id: string }>('POST', '/chat/rooms', {
    kind: 'private',
    name: 'Alles',
    members: [],
  });
  const refused: string[] = [];
  // A field may refuse what it does not want; what it takes must be harmless.
  const fill = async (method: string, path: string, body: unknown) => {
    try {
      return await barbara.ask<{ id: string }>(method, path, body);
    } catch (error) {
      if (!/answered 4\d\d/.test(String(error))) throw error;
      refused.push(`${path} ${String(error)}`);
      return undefined;
    }
  };
  const pads: string[] = [];
  const rooms: string[] = [];
  let last: { id: string } | undefined;
  for (const [n, payload] of payloads.entries()) {
    const name = payload.replaceAll('\n', ' ').slice(0, 70);
    const say = (more: object) =>
      fill('POST', `/chat/rooms/${room.id}/messages`, { client_id: randomUUID(), text: payload, ...more });
    const first = await say({});
    if (first) await say({ thread_id: first.id });
    if (first) await say({ quote_id: first.id });
    last = (await say({ poll: { question: name, options: [`${name} a`, `${name} b`] } })) ?? last;
    if (n % 4 === 0) {
      const made = await fill('POST', '/chat/rooms', {
        kind: 'public',
        name: `${n}${name}`,
        topic: name,
        description: payload,
        members: [],
      });
      if (made) rooms.push(made.id);
      const pad = await fill('POST', '/pads', { class: 'organisation', title: name });
      if (pad) pads.push(pad.id);
      await fill('POST', '/admin/groups', { name: `${n}${name}`, description: payload });
      await fill('POST', '/auth/invitations', { name, email: `p${n}@musterstadt.example`, role: 'member' });
      await fill('POST', '/meetings', { title: name });
    }
  }
  expect(last).toBeDefined();
  expect(rooms.length + pads.length, refused.join('\n')).toBeGreaterThan(4);

  const visitor = await scene.visit(barbara);
  const { page } = visitor;
  let dialogs = 0;
  page.on('dialog', async (dialog) => {
    dialogs++;
    await dialog.dismiss();
  });
  await page.goto(`/chat/${room.id}`);
  await page.getByRole('article').first().waitFor();
  await expectHarmless(page, 'the end of the room');
  for (let step = 0; step < 6; step++) {
    await page.getByRole('article').first().hover();
    await page.mouse.wheel(0, -1_500);
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    await expectHarmless(page, `the room, ${step} steps up`);
  }
  for (const path of [
    '/',
    '/chat',
    '/chat/rooms',
    '/pads',
    '/meet',
    '/admin/people',
    '/admin/groups',
    '/admin/audit',
    ...rooms.map((id) => `/chat/${id}`),
    ...pads.map((id) => `/pads/${id}`),
  ]) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
    await expectHarmless(page, path);
  }
  await page.keyboard.press('Control+k');
  await page.keyboard.type('<img');
  await page.getByRole('option').first().waitFor();
  await expectHarmless(page, 'the palette');
  expect(dialogs, 'dialogs that a payload opened').toBe(0);
  // That the policy was never broken and nobody else was asked is checked after every test.
});
