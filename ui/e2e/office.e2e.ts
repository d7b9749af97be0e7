import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { composer, message, say } from './house/chatting.js';
import type { Account } from './house/people.js';
import { photoWithPlace } from './house/photo.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();
const known = new Map<string, Promise<Account>>();
const colleague = (name: string) => {
  const made = known.get(name) ?? scene.barbara.colleague(name);
  known.set(name, made);
  return made;
};

interface Made {
  readonly id: string;
}

let office: Promise<string> | undefined;

/** The Tiefbauamt, with Ben in it; made once. */
const tiefbauamt = () => {
  office ??= (async () => {
    const { id } = await scene.barbara.ask<Made>('POST', '/admin/groups', { name: 'Tiefbauamt' });
    await belongs(id, 'PUT', await colleague('Ben Bauer'));
    return id;
  })();
  return office;
};

const belongs = (group: string, method: 'PUT' | 'DELETE', who: Account) =>
  scene.barbara.ask('PUT' === method ? 'PUT' : 'DELETE', `/admin/groups/${group}/members/${who.id}`);

const roomLink = (page: Page, name: RegExp) =>
  page.getByRole('navigation', { name: 'Meine Räume' }).getByRole('link', { name });

test('the administration makes a group an office, anybody writes to it, and whoever is in it answers (004-12)', async () => {
  const group = await tiefbauamt();
  const [ada, ben, carla] = [
    await colleague('Ada Albers'),
    await colleague('Ben Bauer'),
    await colleague('Carla Cramer'),
  ];
  const chief = await scene.visit(scene.barbara);
  await chief.page.goto(`/admin/groups/${group}`);
  await chief.page.getByRole('switch', { name: 'Nimmt Nachrichten an (Stelle)' }).click();
  await chief.page.getByRole('button', { name: 'Speichern' }).click();
  await chief.page.getByText('Die Gruppe „Tiefbauamt“ ist gespeichert.').first().waitFor();
  await chief.expectAccessible('form of an office');
  await chief.picture('office-admin');

  const one = await scene.visit(ada);
  await one.page.goto('/');
  await one.page.keyboard.press('Control+k');
  await one.page.getByRole('combobox', { name: 'Suchen und springen' }).fill('tiefbau');
  await one.page.getByRole('option', { name: /Nachricht an Tiefbauamt.*Stelle/ }).waitFor();
  await one.picture('office-palette');
  await one.page.keyboard.press('Escape');

  const two = await scene.visit(ben);
  await two.page.goto('/chat');
  await one.page.goto('/chat?new=message');
  const dialog = one.page.getByRole('dialog', { name: 'Nachricht schreiben' });
  await dialog.getByRole('combobox').fill('tief');
  await one.page.getByRole('option', { name: /Tiefbauamt.*Stelle/ }).waitFor();
  await one.picture('office-picker');
  await one.page.getByRole('option', { name: /Tiefbauamt.*Stelle/ }).click();
  await one.page.getByRole('heading', { name: 'Tiefbauamt', exact: true }).waitFor();
  await one.page.getByText('Hier beginnt das Gespräch mit Tiefbauamt.').waitFor();
  const address = new URL(one.page.url()).pathname;
  await say(one.page, 'Am Markt ist der Gehweg abgesackt');

  await roomLink(two.page, /Tiefbauamt · Ada Albers.*ungelesen/).click();
  await message(two.page, 'Am Markt ist der Gehweg abgesackt').waitFor();
  await say(two.page, 'Wir sperren ihn heute noch');
  await message(one.page, 'Wir sperren ihn heute noch').waitFor();
  await one.expectAccessible('conversation with an office');
  await two.picture('office-desk');
  await one.picture('office-sender');

  // Who comes into the office reads along, who goes does not any more.
  const three = await scene.visit(carla);
  await three.page.goto(address);
  await three.page.getByText('Diesen Raum gibt es für Sie nicht').waitFor();
  await belongs(group, 'PUT', carla);
  await roomLink(three.page, /Tiefbauamt · Ada Albers/).click();
  await message(three.page, 'Am Markt ist der Gehweg abgesackt').waitFor();
  await belongs(group, 'DELETE', ben);
  await two.page.getByText('Diesen Raum gibt es für Sie nicht').waitFor();
  await belongs(group, 'PUT', ben);
});

test('on the phone a photo with a position goes to the office in three taps and a send (004-12, 003-02)', async () => {
  const group = await tiefbauamt();
  await scene.barbara.ask('PATCH', `/admin/groups/${group}`, { office: true });
  const phone = await scene.visit(await colleague('Paul Peters'), { width: 390, height: 844, touch: true });
  await phone.context.setGeolocation({ latitude: 50.1109221, longitude: 8.6821267, accuracy: 11.5 });
  await phone.context.grantPermissions(['geolocation']);
  const { page } = phone;
  await page.goto('/chat');
  const photo = await photoWithPlace(page);
  expect(photo.includes('Exif'), 'the photo says where it was taken').toBe(true);

  await page.getByRole('button', { name: 'Neu anfangen' }).tap();
  await page.getByRole('menuitem', { name: /Tiefbauamt/ }).waitFor();
  await phone.expectAccessible('menu with offices');
  await phone.picture('office-new');
  await page.getByRole('menuitem', { name: /Tiefbauamt/ }).tap();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Foto aufnehmen' }).tap();
  await (await chooser).setFiles({ name: 'schlagloch.jpg', mimeType: 'image/jpeg', buffer: photo });
  await page.getByText(/· Bereit$/).waitFor();

  // The position is asked for only now, and stands there before it goes.
  await page.getByRole('button', { name: 'Wie senden?' }).tap();
  await page.getByRole('menuitem', { name: 'Standort anhängen' }).tap();
  await page.getByText('Standort geht mit: 50.11092, 8.68213 (auf 12 Meter genau)').waitFor();
  await phone.expectAccessible('position before sending');
  await phone.picture('office-place');
  await composer(page).fill('Schlagloch vor Nummer 12');
  await page.getByRole('button', { name: 'Senden', exact: true }).tap();
  const sent = message(page, 'Schlagloch vor Nummer 12');
  const link = sent.getByRole('link', { name: '50.11092, 8.68213' });
  await link.waitFor();
  expect(await link.getAttribute('href')).toBe('geo:50.11092,8.68213;u=12');
  await phone.picture('office-sent');

  const kept = await sent.locator('img[src*="/files/"]').evaluate(async (picture: HTMLImageElement) => {
    const whole = picture.src.replace(/\/thumb.*$/, '');
    const answer = await fetch(whole);
    return `${answer.status} ${new TextDecoder('latin1').decode(await answer.arrayBuffer())}`;
  });
  expect(kept.slice(0, 3)).toBe('200');
  expect(kept.includes('Exif'), 'the picture does not say where it was taken').toBe(false);
});

test('a browser that may not tell the position is answered in clear words (004-12)', async () => {
  const phone = await scene.visit(await colleague('Paul Peters'), { width: 390, height: 844, touch: true });
  await phone.page.goto('/chat');
  const { id } = await (await colleague('Paul Peters')).ask<Made>('POST', '/chat/self');
  await phone.page.goto(`/chat/${id}`);
  await composer(phone.page).fill('Ohne Standort');
  await phone.page.getByRole('button', { name: 'Wie senden?' }).tap();
  await phone.page.getByRole('menuitem', { name: 'Standort anhängen' }).tap();
  await phone.page.getByText('Der Browser darf den Standort nicht verwenden.').first().waitFor();
  expect(await phone.page.getByText('Standort geht mit').count()).toBe(0);
  await phone.page.getByRole('button', { name: 'Senden', exact: true }).tap();
  await message(phone.page, 'Ohne Standort').waitFor();
});

test('a conversation is out of the list on all devices until the next message, and a group can be left (002-16)', async () => {
  const [ada, ben] = [await colleague('Ada Albers'), await colleague('Ben Bauer')];
  const direct = await ada.ask<Made>('POST', '/chat/direct', { user_id: ben.id });
  await ben.say(direct.id, 'Guten Morgen');
  const desk = await scene.visit(ada);
  const phone = await scene.visit(ada, { width: 390, height: 844, touch: true });
  await Promise.all([desk.page.goto('/chat'), phone.page.goto('/chat')]);
  await roomLink(phone.page, /Ben Bauer/).waitFor();
  await roomLink(desk.page, /Ben Bauer/).hover();
  await desk.page.getByRole('button', { name: 'Aktionen für Ben Bauer', exact: true }).click();
  await desk.page.getByRole('menuitem', { name: 'Aus der Liste nehmen' }).waitFor();
  await desk.expectAccessible('menu of a conversation');
  await desk.picture('office-hide');
  await desk.page.getByRole('menuitem', { name: 'Aus der Liste nehmen' }).click();
  for (const { page } of [desk, phone]) await roomLink(page, /Ben Bauer/).waitFor({ state: 'detached' });
  await desk.page.reload();
  await desk.page.getByRole('heading', { name: 'Chat' }).waitFor();
  await ben.say(direct.id, 'Noch etwas');
  for (const { page } of [desk, phone]) await roomLink(page, /Ben Bauer.*1 ungelesene/).waitFor();

  const carla = await colleague('Carla Cramer');
  const group = await ada.ask<Made>('POST', '/chat/direct', { user_ids: [ben.id, carla.id] });
  await ben.say(group.id, 'Zu dritt');
  await roomLink(phone.page, /Ben Bauer, Carla Cramer/).tap();
  await desk.page.goto(`/chat/${group.id}/details`);
  await desk.page.getByRole('button', { name: 'Gespräch verlassen' }).click();
  const sure = desk.page.getByRole('alertdialog', { name: 'Gespräch verlassen?' });
  await sure.waitFor();
  await desk.picture('office-leave');
  await sure.getByRole('button', { name: 'Gespräch verlassen' }).click();
  for (const { page } of [desk, phone])
    await roomLink(page, /Ben Bauer, Carla Cramer/).waitFor({ state: 'detached' });
});
