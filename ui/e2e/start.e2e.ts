import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composer, message } from './house/chatting.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';

/** Another service of the town, which counts who asks it for what. */
const asked: { path: string; referer: string | undefined }[] = [];
let service: Server;

const settings: Record<string, string> = {};
beforeAll(async () => {
  service = createServer((request, answer) => {
    asked.push({ path: request.url ?? '', referer: request.headers.referer });
    answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Ratsinformation</title>');
  });
  await new Promise<void>((ready) => service.listen(0, '127.0.0.1', ready));
  const { port } = service.address() as AddressInfo;
  Object.assign(settings, {
    RATHAUS_PORTAL_LINKS_0_NAME: 'Ratsinformation',
    RATHAUS_PORTAL_LINKS_0_ADDRESS: `http://127.0.0.1:${port}/sitzungen`,
    RATHAUS_PORTAL_LINKS_0_TEXT: 'Sitzungen und Vorlagen',
    RATHAUS_PORTAL_LINKS_0_ICON: 'landmark',
    RATHAUS_PORTAL_LINKS_1_NAME: 'Zeiterfassung',
    RATHAUS_PORTAL_LINKS_1_ADDRESS: 'https://zeit.stadt.example',
    RATHAUS_PORTAL_LINKS_1_ICON: 'clock',
  });
});
const scene = Scene.forThisFile({ settings });
afterAll(() => void service.close());

let ada: Account;

test('one page shows my groups, what is unread, running meetings, my pads and the town’s other services (002-06)', async () => {
  ada = await scene.barbara.colleague('Ada Albers');
  const group = await scene.barbara.ask<{ id: string }>('POST', '/admin/groups', { name: 'Digitale Dörfer' });
  await scene.barbara.ask('PUT', `/admin/groups/${group.id}/members/${ada.id}`);
  const room = await scene.barbara.ask<{ id: string }>('POST', '/chat/rooms', {
    kind: 'private',
    name: 'Bauhof',
    members: [ada.id],
  });
  const one = await scene.visit(ada);
  const { page } = one;
  await ada.ask('POST', '/pads', { class: 'organisation', title: 'Haushaltsplan' });
  await scene.barbara.say(room.id, 'Der Bagger ist da.');
  const other = await scene.visit(scene.barbara);
  await other.page.goto(`/chat/${room.id}`);
  await other.page.getByRole('button', { name: 'Anrufen' }).click();
  await other.page.getByRole('button', { name: 'Verlassen' }).waitFor();

  await page.goto('/');
  const main = page.getByRole('main');
  await main.getByText('Digitale Dörfer').waitFor();
  await main
    .getByRole('link', { name: /Bauhof.*ungelesene Nachricht/ })
    .first()
    .waitFor();
  await main.getByRole('link', { name: /Haushaltsplan/ }).waitFor();
  await main
    .getByRole('region', { name: /Jetzt|läuft/i })
    .getByText('Bauhof')
    .first()
    .waitFor();
  const services = main.getByRole('region', { name: 'Weitere Dienste' });
  const tile = services.getByRole('link', { name: /Ratsinformation Sitzungen und Vorlagen/ });
  await tile.waitFor();
  await services.getByRole('link', { name: /Zeiterfassung/ }).waitFor();
  await one.expectAccessible('start with everything');
  await one.picture('start-everything');

  // Nobody was asked until somebody goes there, and there nothing tells where from.
  expect(asked).toEqual([]);
  one.allow(new URL((await tile.getAttribute('href')) ?? '').origin);
  const [tab] = await Promise.all([one.context.waitForEvent('page'), tile.click()]);
  await tab.waitForLoadState();
  expect(await tab.title()).toBe('Ratsinformation');
  expect(await tab.evaluate(() => window.opener)).toBeNull();
  expect(asked[0]).toEqual({ path: '/sitzungen', referer: undefined });
  await tab.close();

  await page.setViewportSize({ width: 320, height: 700 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test('tiles are not for guests, and there from the first day (002-06)', async () => {
  const bea = await scene.barbara.colleague('Bea Bauhof');
  const one = await scene.visit(bea);
  await one.page.goto('/');
  await one.page.getByText('So fangen Sie an').waitFor();
  await one.page.getByRole('link', { name: /Zeiterfassung/ }).waitFor();
  await one.picture('start-tiles-first-day');
  const guest = await scene.barbara.colleague('Gabi Gast', 'guest');
  await expect(guest.ask('GET', '/town/links')).rejects.toThrow('403');
});

test('signing in and writing asks for no contacts, no place and no notices; quiet hours are in the profile (003-17)', async () => {
  const visitor = await scene.stranger('Handy', { width: 390, height: 844, touch: true });
  await visitor.context.clearPermissions();
  const wanted: string[] = [];
  await visitor.page.exposeFunction('wants', (what: string) => wanted.push(what));
  await visitor.page.addInitScript(() => {
    const { wants } = globalThis as unknown as { wants: (what: string) => void };
    const told = (what: string) => () => {
      wants(what);
      return Promise.reject(new Error('nobody should ask'));
    };
    Object.defineProperty(navigator, 'contacts', { value: { select: told('contacts') } });
    navigator.geolocation.getCurrentPosition = told('place');
    navigator.geolocation.watchPosition = () => {
      wants('place');
      return 0;
    };
    navigator.mediaDevices.getUserMedia = told('camera');
    Notification.requestPermission = told('notices');
    PushManager.prototype.subscribe = told('push');
  });
  const { page } = visitor;
  await page.goto('/login');
  await page.getByLabel('E-Mail-Adresse').fill(ada.email);
  await page.getByLabel('Passwort', { exact: true }).fill('Kastanie-Fenster-Wolke');
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByRole('heading', { name: /Ada/ }).waitFor();
  await page.getByRole('navigation', { name: 'Bereiche' }).getByRole('link', { name: 'Chat' }).click();
  await page
    .getByRole('link', { name: /Bauhof/ })
    .first()
    .click();
  await composer(page).waitFor();
  await composer(page).fill('Bin unterwegs.');
  await page.getByRole('button', { name: 'Senden', exact: true }).click();
  await message(page, 'Bin unterwegs.').waitFor();
  await page.goto('/people');
  await page.getByRole('link', { name: /Barbara Brandt/ }).waitFor();
  await page.goto('/me');
  await page
    .getByRole('heading', { name: /Ruhezeiten|Nicht stören/ })
    .first()
    .waitFor();
  expect(wanted).toEqual([]);
});
