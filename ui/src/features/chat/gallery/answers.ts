import type { Answers } from '../../../lib/gallery-states.js';
import type {
  DraftRef,
  Later,
  Message,
  MyThread,
  Report,
  RoomLink,
  RoomMember,
  SavedMessage,
} from '../wire.js';
import { references } from './kinds.js';
import { people } from './made-up.js';

const [ada, bernd, long] = people;
const room = 'made-up-lists';
const begin = Date.parse('2026-01-05T07:00:00Z');
const at = (n: number) => new Date(begin + n * 3_600_000).toISOString();
const tooLong =
  'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsentwurfsbesprechungsprotokollanlage';
const words = [
  'Die Bauhofsitzung ist am **Dienstag** im Rathaus.',
  'Ja',
  '- Laterne 14\n- Laterne 15',
  `${tooLong} `.repeat(4),
];
const author = (n: number) => people[n % people.length] ?? ada;
const pick = <T>(from: readonly [T, ...T[]], n: number): T => from[n % from.length] ?? from[0];

const message = (n: number, rest: Partial<Message> = {}): Message => ({
  id: `made-up-${n}`,
  seq: n + 1,
  rev: n + 1,
  kind: 'text',
  author: author(n),
  text: words[n % words.length] ?? '',
  data: {},
  created_at: at(n),
  ...rest,
});

const many = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const thread = (n: number) => ({
  replies: n * 31 + 1,
  last_seq: n + 2,
  last_at: at(n + 1),
  people: [ada, long],
});

export const unread = (count: number): Message[] => many(count, (n) => message(n));

const saved = (n: number): SavedMessage => ({
  room_id: room,
  message_id: `made-up-${n}`,
  seq: n + 1,
  saved_at: at(n),
  due: n === 1,
  ...(n % 2 === 1 ? { remind_at: '2099-01-05T07:00:00Z' } : {}),
  room_name: n % 4 === 3 ? tooLong : 'Bauhof',
  message: message(n),
});

const later = (n: number): Later => ({
  id: `made-up-${n}`,
  room_id: room,
  send_at: '2099-01-05T07:00:00Z',
  room_name: n % 4 === 3 ? tooLong : n === 1 ? '' : 'Bauhof',
  ...(n === 1 ? { problem: 'chat.room_not_found' } : {}),
  message: { client_id: `made-up-${n}`, text: words[n % words.length] ?? '' },
});

const myThread = (n: number): MyThread => ({
  room_id: room,
  root: message(n, { thread: thread(n) }),
  last: message(n + 1),
  unread: n % 2 === 0 ? n * 9 : 0,
});

const topic = (n: number): Message =>
  message(n, {
    title: n % 4 === 3 ? `${tooLong}: was tun?` : 'Wie melde ich eine defekte Laterne?',
    ...(n % 2 === 1 ? { solved_at: at(n) } : {}),
    ...(n > 0 ? { thread: thread(n) } : {}),
  });

const report = (n: number): Report => ({
  id: `made-up-${n}`,
  room_id: room,
  room_name: 'Bauhof',
  message_id: `made-up-${n}`,
  seq: n + 1,
  author: author(n + 1),
  text: n === 1 ? '' : (words[n % words.length] ?? ''),
  deleted: n === 1,
  reporter: author(n + 2),
  audience: n % 2 === 0 ? 'room' : 'town',
  reason: pick(['offensive', 'private', 'spam', 'other'], n),
  note: n === 0 ? 'Das steht so im Protokoll, gehört aber nicht hierher.' : '',
  created_at: at(n),
});

const link = (n: number): RoomLink => ({
  id: `made-up-${n}`,
  right: pick(['write', 'read', 'join'], n),
  name: n % 4 === 3 ? tooLong : n === 1 ? '' : 'Planungsbüro Ahorn',
  by: ada,
  max_uses: n % 2 === 0 ? 25 : 0,
  uses: n * 3,
  expires_at: '2099-01-05T07:00:00Z',
  created_at: at(n),
});

const member = (n: number): RoomMember => ({
  ...(n < people.length ? author(n) : { id: `made-up-${n}`, name: `Person ${n}` }),
  role: pick(['owner', 'moderator', 'member', 'guest'], n),
  active: n !== 5,
  ...(n % 4 === 3 ? { guest: true } : {}),
  ...(n === 2 ? { silenced_until: '2099-01-05T07:00:00Z' } : {}),
});

export const draft = (n: number): DraftRef => ({
  room_id: `made-up-draft-${n}`,
  begins: words[n % words.length] ?? '',
  written_at: at(n),
});

/** What the server would answer; some things are never empty. */
export const answers: Answers = {
  '/chat/saved': (count) => ({ items: many(count, saved) }),
  '/chat/later': (count) => ({ items: many(count, later) }),
  '/chat/threads': (count) => ({ items: many(count, myThread), next: count > 20 ? 'more' : '' }),
  [`/chat/rooms/${room}/topics`]: (count) => ({ items: many(count, topic), next: '', head: count }),
  [`/chat/rooms/${room}/reports`]: (count) => ({ items: many(count, report) }),
  [`/chat/rooms/${room}/links`]: (count) => ({ items: many(count, link) }),
  [`/chat/rooms/${room}/members`]: (count) => ({ items: many(Math.max(1, count), member) }),
  '/chat/rooms/made-up-announced/receipts': () => ({
    items: [
      { person_id: bernd.id, read_seq: references.length },
      { person_id: long.id, read_seq: 1 },
    ],
  }),
  // The sign of the portal stands in for a picture: the rest of the address becomes its query.
  '/chat/emoji': () => ({ items: [{ id: '../../../../favicon.svg?', code: 'wappen' }] }),
};
