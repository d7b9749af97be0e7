import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openChromium, Visitor } from './house/browser.js';
import { blockUDP, breakSocket, expectMedia, expectSilence, received, watchMedia } from './house/media.js';
import { Account } from './house/people.js';
import { Town } from './house/town.js';

let town: Town;
let browser: Browser;
let barbara: Account;
let ada: Account;
const here: Visitor[] = [];

beforeAll(async () => {
  town = await Town.start({ RATHAUS_MEET_PUBLIC_START: 'true' });
  browser = await openChromium();
  barbara = await Account.first(town);
  ada = await barbara.colleague('Ada Albers');
});

afterEach(async () => {
  for (const visitor of here.splice(0)) {
    visitor.expectNoTrouble();
    await visitor.leave();
  }
});

afterAll(async () => {
  await browser?.close();
  await town?.leave();
});

interface Meeting {
  readonly id: string;
  readonly name: string;
}

async function visit(account: Account, looks = {}): Promise<Visitor> {
  const visitor = await account.browse(browser, looks);
  await watchMedia(visitor);
  here.push(visitor);
  return visitor;
}

/** Opens the meeting's address, passes the device check and takes part. */
async function enter(visitor: Visitor, meeting: Meeting): Promise<void> {
  await visitor.page.goto(`/meet/${meeting.name}`);
  await visitor.page.getByRole('button', { name: 'Mikrofon ausschalten' }).waitFor();
  await visitor.page.getByRole('button', { name: 'Kamera ausschalten' }).waitFor();
  await visitor.page.getByRole('button', { name: 'Beitreten', exact: true }).click();
  await visitor.page.getByRole('button', { name: 'Personen (', exact: false }).waitFor();
}

const start = (body: object) => barbara.ask<Meeting>('POST', '/meet/meetings', body);

test('two people meet by the list and the address, and see and hear each other (000-18, 000-22)', async () => {
  const one = await visit(barbara);
  await one.page.goto('/meet');
  await one.page.getByRole('button', { name: 'Neues Treffen' }).click();
  await one.page.getByLabel('Titel').fill('Bauamt Runde');
  await one.expectAccessible('new meeting');
  await one.page.getByRole('button', { name: 'Treffen starten' }).click();
  await one.page.getByRole('heading', { name: 'Bauamt Runde' }).waitFor();
  await one.page.getByRole('button', { name: 'Kamera ausschalten' }).waitFor();
  await one.expectAccessible('device check');
  await one.picture('meet-check');
  await one.page.getByRole('button', { name: 'Beitreten', exact: true }).click();
  await one.page.getByText('Noch ist niemand sonst da').waitFor();
  await one.picture('meet-alone');

  const two = await visit(ada);
  await enter(two, { id: '', name: new URL(one.page.url()).pathname.split('/').at(-1) ?? '' });
  await Promise.all([expectMedia(one), expectMedia(two)]);
  await one.page.getByRole('article', { name: 'Ada Albers' }).waitFor();
  await one.expectAccessible('stage');
  await one.picture('meet-duo');

  await one.page.getByRole('button', { name: /^Personen/ }).click();
  await one.expectAccessible('people');
  await one.picture('meet-people');
});

test('at the desk one click in the chat starts a call, the other one hears it ring and is in by one click (000-20, 004-16)', async () => {
  const room = await barbara.ask<{ id: string }>('POST', '/chat/rooms', {
    kind: 'private',
    name: 'Bauamt',
    members: [ada.id],
  });
  const two = await visit(ada);
  await two.page.goto('/');
  await two.page.getByRole('heading', { level: 1 }).waitFor();
  const one = await visit(barbara);
  await one.page.goto(`/chat/${room.id}`);
  await one.page
    .getByRole('banner')
    .or(one.page.locator('header'))
    .getByRole('button', { name: 'Anrufen' })
    .first()
    .click();
  await one.page.getByText('Noch ist niemand sonst da').waitFor();
  await two.page.getByRole('region', { name: 'Eingehender Anruf' }).waitFor();
  await two.expectAccessible('ringing');
  await two.picture('meet-ringing');

  await two.page.getByRole('button', { name: 'Annehmen' }).click();
  await Promise.all([expectMedia(one), expectMedia(two)]);

  // Elsewhere in the portal the call goes on in a corner.
  await two.page.getByRole('button', { name: 'Klein weiterlaufen lassen' }).click();
  const corner = two.page.getByRole('region', { name: 'Laufendes Treffen' });
  await corner.waitFor();
  await expectMedia(two);
  await two.expectAccessible('floating call');
  await two.picture('meet-floating');
  await corner.getByRole('button', { name: 'Zurück zum Treffen' }).click();
  await two.page
    .getByRole('button', { name: 'Verlassen' })
    .or(two.page.getByRole('button', { name: 'Ich verlasse das Treffen' }))
    .click();
  await two.page.getByRole('heading', { name: 'Das Treffen ist verlassen' }).waitFor();
  await one.page.getByText('Noch ist niemand sonst da').waitFor();
});

test('on a phone the small picture of a call is moved by thumb and by keys, and covers nothing one writes in (000-20)', async () => {
  const room = await barbara.ask<{ id: string }>('POST', '/chat/rooms', {
    kind: 'private',
    name: 'Bauhof',
    members: [ada.id],
  });
  const two = await visit(ada, { width: 390, height: 844, touch: true });
  await two.page.goto('/');
  await two.page.getByRole('heading', { level: 1 }).waitFor();
  const one = await visit(barbara);
  await one.page.goto(`/chat/${room.id}`);
  await one.page.locator('header').getByRole('button', { name: 'Anrufen' }).first().click();
  await two.page.getByRole('button', { name: 'Annehmen' }).click();
  await Promise.all([expectMedia(one), expectMedia(two)]);
  await two.page.getByRole('button', { name: 'Klein weiterlaufen lassen' }).click();
  const corner = two.page.getByRole('region', { name: 'Laufendes Treffen' });
  await corner.waitFor();
  const nav = two.page.getByRole('navigation', { name: 'Bereiche' });
  await nav.getByRole('link', { name: /^Chat/ }).click();
  await two.page
    .getByRole('link', { name: /Bauhof/ })
    .first()
    .click();
  const writing = two.page.getByRole('textbox', { name: 'Nachricht an Bauhof' });
  await writing.waitFor();
  const place = async () => {
    const [small, box] = [await corner.boundingBox(), await writing.boundingBox()];
    if (!small || !box) throw new Error('something is not on the page');
    return `${small.y < 300 ? 'top' : 'bottom'} ${small.x < 100 ? 'left' : 'right'} ${
      small.y + small.height <= box.y && small.x >= 0 && small.x + small.width <= 390 ? 'free' : 'covers'
    }`;
  };
  await expect.poll(place).toBe('top right free');
  const small = await corner.boundingBox();
  const [x, y] = [(small?.x ?? 0) + 40, (small?.y ?? 0) + 40];
  await two.page.mouse.move(x, y);
  await two.page.mouse.down();
  await two.page.mouse.move(x - 100, y + 250, { steps: 5 });
  await two.page.mouse.move(x - 190, y + 480, { steps: 5 });
  await two.page.mouse.up();
  await expect.poll(place).toBe('bottom left free');
  await two.picture('meet-floating-moved');
  await two.page.setViewportSize({ width: 390, height: 500 });
  await expect.poll(place).toMatch(/left free$/);
  await two.page.setViewportSize({ width: 390, height: 844 });

  const move = corner.getByRole('button', { name: /^Verschieben/ });
  await move.focus();
  for (const [key, where] of [
    ['ArrowUp', 'top left free'],
    ['ArrowRight', 'top right free'],
    ['ArrowDown', 'bottom right free'],
    ['Enter', 'bottom left free'],
  ] as const) {
    await two.page.keyboard.press(key);
    await expect.poll(place).toBe(where);
  }
  await two.expectAccessible('floating call on a phone');
  // It is where it was left when it comes back.
  await corner.getByRole('button', { name: 'Zurück zum Treffen' }).click();
  await two.page.getByRole('button', { name: 'Klein weiterlaufen lassen' }).click();
  await corner.waitFor();
  expect(await two.page.evaluate(() => localStorage.getItem('rathaus.stage.corner.phone'))).toBe(
    'bottomLeft',
  );
  await expect.poll(async () => (await corner.boundingBox())?.x ?? 999).toBeLessThan(100);
  await corner.getByRole('button', { name: /verlasse/ }).click();
});

test('a call of two is called after the other one, and whoever is in it is told so (000-20)', async () => {
  const room = await barbara.ask<{ id: string }>('POST', '/chat/direct', { user_id: ada.id });
  const two = await visit(ada);
  await two.page.goto('/');
  await two.page.getByRole('heading', { level: 1 }).waitFor();
  const one = await visit(barbara);
  await one.page.goto(`/chat/${room.id}`);
  await one.page.getByRole('button', { name: 'Anrufen' }).click();
  await one.page.getByRole('heading', { level: 1, name: 'Ada Albers' }).waitFor();
  await two.page.getByRole('region', { name: 'Eingehender Anruf' }).waitFor();
  await two.page.getByRole('button', { name: 'Annehmen' }).click();
  await two.page.getByRole('heading', { level: 1, name: 'Barbara Brandt' }).waitFor();
  await Promise.all([expectMedia(one), expectMedia(two)]);

  // In the chat beside the stage the card offers nothing: one is there.
  await one.page.getByRole('button', { name: 'Chat', exact: true }).click();
  const beside = one.page.getByRole('complementary', { name: 'Chat' });
  await beside.getByText('Sie sind dabei').waitFor();
  expect(await beside.getByRole('button', { name: /Teilnehmen|Zum Gespräch/ }).count()).toBe(0);
  await one.expectAccessible('chat beside the stage');
  await one.picture('meet-beside');

  // In the room it leads back into the same call, which goes on without a break.
  await one.page.getByRole('button', { name: 'Klein weiterlaufen lassen' }).click();
  const corner = one.page.getByRole('region', { name: 'Laufendes Treffen' });
  await corner.getByRole('article', { name: 'Ada Albers' }).waitFor();
  await one.page.getByRole('button', { name: 'Zum Gespräch' }).first().waitFor();
  expect(await one.page.getByRole('button', { name: 'Teilnehmen' }).count()).toBe(0);
  await one.expectAccessible('room of the own call');
  await one.picture('meet-own-call');
  const peers = () => one.page.evaluate(() => (globalThis as unknown as { peers: unknown[] }).peers.length);
  const before = await peers();
  await one.page.getByRole('button', { name: 'Zum Gespräch' }).last().click();
  await one.page.getByRole('heading', { level: 1, name: 'Ada Albers' }).waitFor();
  await expectMedia(one);
  expect(await peers(), 'the connections are the ones from before').toBe(before);
  await two.page.getByRole('article', { name: 'Barbara Brandt' }).waitFor();

  // The list of meetings says it too.
  await one.page.getByRole('button', { name: 'Klein weiterlaufen lassen' }).click();
  await one.page
    .getByRole('link', { name: /Treffen/ })
    .first()
    .click();
  const line = one.page.locator('.line', { hasText: 'Sie sind dabei' });
  await line.getByRole('link', { name: 'Zum Treffen' }).waitFor();
  expect(await line.getByRole('button', { name: 'Beitreten' }).count()).toBe(0);
});

test('a screen is shown large, and switched off sources stop', async () => {
  const meeting = await start({ title: 'Haushalt' });
  const [one, two] = [await visit(barbara), await visit(ada)];
  await enter(one, meeting);
  await enter(two, meeting);
  await Promise.all([expectMedia(one), expectMedia(two)]);
  await one.page.getByRole('button', { name: 'Bildschirm zeigen' }).click();
  await two.page.getByRole('article', { name: 'Bildschirm von Barbara Brandt' }).locator('video').waitFor();
  await two.page.waitForFunction(() => {
    const video = document.querySelector<HTMLVideoElement>('article[aria-label^="Bildschirm"] video');
    return video !== null && video.videoWidth >= 640;
  });
  await two.picture('meet-screen');
  await one.page.getByRole('button', { name: 'Bildschirm nicht mehr zeigen' }).click();
  await two.page
    .getByRole('article', { name: 'Bildschirm von Barbara Brandt' })
    .waitFor({ state: 'detached' });

  await one.page.keyboard.press('v');
  await one.page.keyboard.press('m');
  await two.page.getByRole('article', { name: 'Barbara Brandt, Mikrofon ist aus' }).waitFor();
  await expectSilence(two);
  await one.page.keyboard.press('v');
  await one.page.keyboard.press('m');
  await expectMedia(two);
});

test('a guest comes in with a name only', async () => {
  const meeting = await start({ title: 'Sprechstunde', guests: true });
  const one = await visit(barbara);
  await enter(one, meeting);
  const guest = await Visitor.arrive(browser, 'Erika', town.url);
  await watchMedia(guest);
  here.push(guest);
  await guest.page.goto(`/meet/${meeting.name}`);
  await guest.page.getByLabel('Name, den die anderen sehen').fill('Erika Einwohnerin');
  await guest.expectAccessible('guest entry');
  await guest.picture('meet-guest');
  await guest.page.getByRole('button', { name: 'Weiter' }).click();
  await guest.page.getByRole('button', { name: 'Beitreten', exact: true }).click();
  await Promise.all([expectMedia(one), expectMedia(guest)]);
  await one.page.getByRole('button', { name: /^Personen/ }).click();
  await one.page.getByText('Gast', { exact: true }).waitFor();
});

test('who joins before the camera is open comes in with it', async () => {
  const meeting = await start({ title: 'Eilig' });
  const [one, two] = [await visit(barbara), await visit(ada)];
  await two.page.addInitScript(() => {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const ready = new Promise((done) => addEventListener('camera-ready', done));
    navigator.mediaDevices.getUserMedia = async (wish) => {
      await ready;
      return real(wish);
    };
  });
  await enter(one, meeting);
  await two.page.goto(`/meet/${meeting.name}`);
  const join = two.page.getByRole('button', { name: 'Beitreten', exact: true });
  await join.click();
  await expect.poll(() => join.getAttribute('aria-busy')).toBe('true');
  await two.page.evaluate(() => dispatchEvent(new Event('camera-ready')));
  await two.page.getByRole('button', { name: 'Kamera ausschalten' }).waitFor();
  await Promise.all([expectMedia(one), expectMedia(two)]);
});

test('the meeting goes on over TCP where UDP is blocked', async () => {
  const meeting = await start({ title: 'Firewall' });
  const [one, two] = [await visit(barbara), await visit(ada)];
  await blockUDP(two);
  await enter(one, meeting);
  await enter(two, meeting);
  await expectMedia(one);
  expect((await expectMedia(two)).path).toBe('tcp');
});

test('a broken socket is mended without anybody leaving', async () => {
  const meeting = await start({ title: 'Netzwechsel' });
  const [one, two] = [await visit(barbara), await visit(ada)];
  await enter(one, meeting);
  await enter(two, meeting);
  await Promise.all([expectMedia(one), expectMedia(two)]);
  const tile = one.page.getByRole('article', { name: 'Ada Albers' });
  const before = await tile.getAttribute('data-participant');
  await breakSocket(two.page);
  await two.page.getByText('Die Verbindung ist unterbrochen').waitFor({ state: 'detached' });
  await Promise.all([expectMedia(one), expectMedia(two)]);
  expect(await tile.getAttribute('data-participant')).toBe(before);
});

test('a disabled person is out within a second', async () => {
  const meeting = await start({ title: 'Gesperrt' });
  const carl = await barbara.colleague('Carl Conrad');
  const [one, two] = [await visit(barbara), await visit(carl)];
  await enter(one, meeting);
  await enter(two, meeting);
  await expectMedia(one);
  await barbara.ask('POST', `/admin/people/${carl.id}/disable`);
  const began = Date.now();
  await one.page.getByRole('article', { name: 'Carl Conrad' }).waitFor({ state: 'detached' });
  // The second itself is asserted on the server; here two browsers share a busy machine.
  expect(Date.now() - began).toBeLessThan(5_000);
  await expectSilence(one);
  expect((await received(two.page)).path).toBeDefined();
});

test('without camera and microphone one can join, and is told what to do', async () => {
  const meeting = await start({ title: 'Ohne Gerät' });
  const one = await visit(barbara);
  await one.context.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await one.page.goto(`/meet/${meeting.name}`);
  await one.page.getByText('Der Browser darf die Kamera nicht benutzen').waitFor();
  await one.expectAccessible('device check without devices');
  await one.picture('meet-denied');
  await one.page.getByRole('button', { name: 'Beitreten', exact: true }).click();
  await one.page.getByText('Noch ist niemand sonst da').waitFor();
});

test('anybody starts a meeting where the town allows it (000-19)', async () => {
  const guest = await Visitor.arrive(browser, 'Erika', town.url);
  await watchMedia(guest);
  here.push(guest);
  await guest.page.goto('/meet/new');
  await guest.page.getByLabel('Titel').fill('Elternabend');
  await guest.page.getByLabel('Name, den die anderen sehen').fill('Erika Einwohnerin');
  await guest.expectAccessible('public start');
  await guest.picture('meet-public');
  await guest.page.getByRole('button', { name: 'Treffen starten' }).click();
  await guest.page.getByRole('heading', { name: 'Elternabend' }).waitFor();
  await guest.page.getByRole('button', { name: 'Kamera ausschalten' }).waitFor();
  await guest.page.getByRole('button', { name: 'Beitreten', exact: true }).click();
  const two = await visit(ada);
  await enter(two, { id: '', name: new URL(guest.page.url()).pathname.split('/').at(-1) ?? '' });
  await Promise.all([expectMedia(guest), expectMedia(two)]);
});
