import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Scene } from './house/scene.js';

const root = resolve(import.meta.dirname, '../..');
const images = join(root, 'docs/images');

/** Fills the town with people and content and returns everybody's password. */
async function seed(link: string): Promise<string> {
  const filling = spawn(process.execPath, [join(root, 'scripts/seed.mjs'), link]);
  let said = '';
  for (const stream of [filling.stdout, filling.stderr])
    stream.on('data', (text: Buffer) => {
      said += text.toString();
    });
  const code = await new Promise((done) => filling.once('exit', done));
  const password = /with the password (\S+)/.exec(said)?.[1];
  if (code !== 0 || !password) throw new Error(`seeding went wrong:\n${said}`);
  return password;
}

const wanted = process.env.RATHAUS_PICTURES === 'docs';
const scene = Scene.forThisFile({ settled: false });

test.runIf(wanted)('pictures for the documents', async () => {
  const password = await seed(scene.town.setupLink);
  const visitor = await scene.stranger('Barbara', { width: 1280, height: 800 });
  const { page } = visitor;
  await page.goto('/login');
  await page.getByLabel('E-Mail-Adresse').fill('barbara.brandt@musterstadt.example');
  await page.getByLabel('Passwort', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByRole('heading', { name: /Barbara/ }).waitFor();
  await page.getByText('Ungelesen').first().waitFor();
  await page.waitForLoadState('networkidle');
  await mkdir(images, { recursive: true });
  await page.screenshot({ path: join(images, 'start.png') });
  await visitor.picture('seeded-start');
  for (const [path, name] of [
    ['/chat', 'seeded-chat'],
    ['/pads', 'seeded-pads'],
    ['/meet', 'seeded-meet'],
    ['/admin/people', 'seeded-people'],
    ['/admin/audit', 'seeded-audit'],
  ] as const) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle');
    await visitor.picture(name);
  }
  await page.goto('/chat');
  await page
    .getByRole('navigation', { name: 'Meine Räume' })
    .getByRole('link', { name: /Rathaus/ })
    .click();
  await page.getByRole('article').first().waitFor();
  await page.screenshot({ path: join(images, 'chat.png') });
  await visitor.picture('seeded-room');
  expect(password).not.toBe('');
});
