#!/usr/bin/env node
// Fills a fresh portal with people and content to look at, through the API as
// the portal itself would: scripts/seed.mjs SETUP_LINK. Prints how to sign in.
import { randomBytes, randomUUID } from 'node:crypto';

const link = process.argv[2];
if (!link?.includes('#')) {
  console.error('usage: scripts/seed.mjs SETUP_LINK');
  process.exit(2);
}
const [page, token] = link.split('#');
const base = new URL('/api/v1', page).href;
const password = randomBytes(12).toString('base64url');

/** Somebody with a session of their own. */
class Person {
  cookie = '';

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async ask(method, path, body) {
    const answer = await fetch(base + path, {
      method,
      headers: {
        'X-Rathaus': '1',
        ...(this.cookie ? { Cookie: this.cookie } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    const set = answer.headers.getSetCookie()[0];
    if (set) this.cookie = set.split(';')[0] ?? '';
    return text ? JSON.parse(text) : undefined;
  }

  say(room, text) {
    return this.ask('POST', `/chat/rooms/${room}/messages`, { client_id: randomUUID(), text });
  }
}

const mayor = new Person();
await mayor.ask('POST', '/auth/setup', {
  token,
  town_name: 'Musterstadt',
  name: 'Barbara Brandt',
  email: 'barbara.brandt@musterstadt.example',
  password,
});

const names = {
  jonas: ['Jonas Kühn', 'admin'],
  fatma: ['Fatma Yıldız', 'member'],
  karl: ['Karl-Heinz Oberhuber', 'member'],
  lena: ['Lena Straßburger', 'member'],
  tobias: ['Tobias Weiß', 'member'],
  gerda: ['Gerda Pfeiffer', 'auditor'],
};
/** @type {Record<string, Person>} */
const people = { barbara: mayor };
/** @type {Record<string, string>} */
const ids = { barbara: (await mayor.ask('GET', '/auth/session')).me.id };
for (const [key, [name, role]] of Object.entries(names)) {
  const email = `${key}@musterstadt.example`;
  const invitation = await mayor.ask('POST', '/auth/invitations', { name, email, role });
  const person = new Person();
  const state = await person.ask('POST', '/auth/invitations/accept', {
    token: invitation.url.split('#')[1],
    name,
    password,
  });
  people[key] = person;
  ids[key] = state.me.id;
}

const everybody = Object.values(ids).filter((id) => id !== ids.barbara);
const hall = await mayor.ask('POST', '/chat/rooms', {
  kind: 'public',
  name: 'Rathaus',
  topic: 'Was alle angeht',
  members: everybody,
});
await mayor.say(hall.id, 'Guten Morgen zusammen. Ab heute schreiben wir hier statt in Rundmails.');
await people.fatma.say(hall.id, 'Endlich. Die Ausweise für die Bürgersprechstunde liegen im **Zimmer 104**.');
await people.karl.say(hall.id, 'Der Bauhof ist ab 7 Uhr besetzt, heute wird der Winterdienst umgerüstet.');
await people.lena.say(hall.id, 'Heute Abend tagt der Ausschuss für Bau und Umwelt:\n\n1. Haushaltssatzung\n2. Straßenbeleuchtung in der Hauptstraße\n3. Verschiedenes');
await people.jonas.say(hall.id, 'Die Technik im Sitzungssaal ist geprüft. Bei Fragen: Durchwahl 17.');

const depot = await people.karl.ask('POST', '/chat/rooms', {
  kind: 'private',
  name: 'Bauhof',
  topic: 'Einsatzplanung und Fuhrpark',
  members: [ids.tobias, ids.barbara, ids.jonas],
});
await people.karl.say(depot.id, 'Unimog 2 ist zurück aus der Werkstatt.');
await people.tobias.say(depot.id, 'Fahre gleich zur Lindenallee, da liegt ein Ast auf dem Gehweg.');
await people.karl.say(depot.id, `[@Barbara Brandt](person:${ids.barbara}) die Rechnung für die Winterreifen liegt zur Freigabe bei dir.`);

const council = await people.lena.ask('POST', '/chat/rooms', {
  kind: 'private',
  name: 'Gemeinderat Vorbereitung',
  topic: 'Tagesordnung und Vorlagen',
  members: [ids.barbara, ids.fatma],
});
await people.lena.say(council.id, 'Die Vorlage zur Satzung ist fertig. Mag jemand gegenlesen?');

const direct = await people.fatma.ask('POST', '/chat/direct', { user_id: ids.barbara });
await people.fatma.say(direct.id, 'Hast du kurz Zeit? Es geht um die Urlaubsvertretung im Bürgerbüro.');

/** @type {[string, string, string[]][]} */
const groups = [
  ['Amtsleitung', 'Wer ein Amt leitet', ['barbara', 'karl', 'lena']],
  ['Bauhof', 'Straßen, Grün und Winterdienst', ['karl', 'tobias']],
  ['Bürgerbüro', 'Meldewesen und Ausweise', ['fatma', 'gerda']],
  ['Krisenstab', 'Wird bei Hochwasser und Sturm gerufen', ['barbara', 'jonas', 'karl', 'fatma']],
];
/** @type {Record<string, string>} */
const groupIds = {};
for (const [name, description, members] of groups) {
  const group = await mayor.ask('POST', '/admin/groups', { name, description });
  groupIds[name] = group.id;
  for (const member of members) await mayor.ask('PUT', `/admin/groups/${group.id}/members/${ids[member]}`);
}
await people.fatma.say(hall.id, `[@Bauhof](group:${groupIds.Bauhof}) vor dem Bürgerbüro ist eine Gehwegplatte locker.`);

await mayor.ask('POST', '/meet/meetings', { title: 'Amtsleiterrunde', name: 'amtsleiterrunde', access: 'town' });
await mayor.ask('POST', '/meet/meetings', {
  title: 'Bürgersprechstunde',
  name: 'buergersprechstunde',
  access: 'link',
  guests: true,
});
await people.lena.ask('POST', '/meet/meetings', { title: 'Ausschuss für Bau und Umwelt', access: 'town' });

await mayor.ask('POST', '/pads', { class: 'organisation', title: 'Protokoll der Amtsleiterrunde' });
await people.lena.ask('POST', '/pads', { class: 'organisation', title: 'Ideen für den Weihnachtsmarkt' });

console.log(`\nExample content is in place. Everybody signs in with the password ${password}\n`);
console.log('  barbara.brandt@musterstadt.example   (administers)');
for (const [key, [name, role]] of Object.entries(names)) {
  console.log(`  ${`${key}@musterstadt.example`.padEnd(36)} ${name}, ${role}`);
}
