import type { Message, Person, Poll } from '../wire.js';
import { people } from './made-up.js';

/** Messages of every kind that there is, made up for the gallery. */
const [ada, bernd, long] = people;
const start = Date.parse('2026-01-05T07:00:00Z');
const at = (seq: number) => new Date(start + seq * 600_000).toISOString();
const far = '2099-12-31T12:00:00Z';
const tooLong =
  'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsentwurfsbesprechungsprotokollanlage';

const one = (name: string, seq: number, rest: Partial<Message>): Message => ({
  id: `made-up-${name}-${seq}`,
  client_id: `made-up-${name}-${seq}`,
  seq,
  rev: seq,
  kind: 'text',
  author: people[seq % people.length] ?? ada,
  text: '',
  data: {},
  created_at: at(seq),
  ...rest,
});

const numbered = (name: string, all: ReadonlyArray<Partial<Message>>): Message[] =>
  all.map((rest, index) => one(name, index + 1, rest));

const crowd = (count: number): Person[] =>
  Array.from({ length: count }, (_, index) => ({ id: `made-up-${index}`, name: `Person ${index + 1}` }));

function poll(
  question: string,
  votes: ReadonlyArray<readonly [string, number]>,
  rest: Partial<Poll> = {},
): Poll {
  const options = votes.map(([text, count], index) => ({
    id: String(index + 1),
    text,
    votes: count,
    ...(rest.anonymous ? {} : { people: crowd(count) }),
  }));
  const voters = Math.max(0, ...votes.map(([, count]) => count));
  return { question, options, multiple: false, anonymous: false, hidden: false, voters, ...rest };
}

const days = ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag'] as const;

/** Open and secret, with one answer and with many, running, over, and far too much. */
export const polls: readonly Message[] = numbered('poll', [
  {
    poll: poll('Wann ist die Sitzung?', [
      ['Dienstag', 4],
      ['Mittwoch', 2],
      ['Donnerstag', 0],
    ]),
  },
  {
    poll: poll(
      'Welche Räume gehen?',
      [
        ['Saal', 12],
        ['Foyer', 7],
      ],
      { multiple: true, closes_at: far },
    ),
  },
  {
    poll: poll(
      'Soll die Sitzung kürzer sein?',
      [
        ['Ja', 0],
        ['Nein', 0],
      ],
      { anonymous: true, hidden: true, voters: 2 },
    ),
  },
  {
    poll: poll(
      'Farbe der Fassade',
      [
        ['Ocker', 8],
        ['Weiß', 3],
      ],
      { anonymous: true, closed_at: at(5) },
    ),
  },
  {
    poll: poll(
      `Was tun mit ${tooLong}?`,
      Array.from(
        { length: 20 },
        (_, index) => [`${days[index % 5]}: ${index % 3 ? 'vertagen' : tooLong}`, index * 37] as const,
      ),
      { multiple: true, closes_at: far },
    ),
  },
]);

type File = NonNullable<Message['files']>[number];
const file = (
  kind: File['kind'],
  name: string,
  type: string,
  size: number,
  rest: Partial<File> = {},
): File => ({
  // The sign of the portal stands in for pictures: the rest of the address becomes its query.
  id: kind === 'image' ? `../../../favicon.svg?${name}` : `made-up-${name}`,
  name,
  kind,
  type,
  size,
  ...rest,
});
const picture = (name: string, width = 800, height = 600) =>
  file('image', name, 'image/jpeg', 2_300_000, { width, height, thumb: true });

/** Cards of every kind of file, and too many of them. */
export const files: readonly Message[] = numbered('file', [
  { text: 'Vom Rundgang:', files: [picture('Marktplatz.jpg')] },
  { files: [picture('1.jpg'), picture('2.jpg', 400, 900), picture('3.jpg', 1600, 300)] },
  { files: [file('pdf', 'Haushaltsplan 2026.pdf', 'application/pdf', 18_400_000)] },
  { files: [file('other', 'Straßenliste.ods', 'application/vnd.oasis.opendocument.spreadsheet', 48_000)] },
  { files: [file('audio', 'Glocken.ogg', 'audio/ogg', 900_000, { duration_ms: 95_000 })] },
  {
    files: [
      file('voice', 'Sprachnachricht', 'audio/webm', 120_000, {
        duration_ms: 62_000,
        waveform: Array.from(
          { length: 64 },
          (_, index) => 8 + Math.round(80 * Math.abs(Math.sin(index / 5))),
        ),
      }),
    ],
  },
  { files: [file('other', `${tooLong}.docx`, 'application/octet-stream', 1)] },
  { text: 'Alles auf einmal', files: Array.from({ length: 10 }, (_, index) => picture(`Bild ${index}.jpg`)) },
]);

const quote = (author: Person, text: string, deleted = false) => ({
  id: 'made-up',
  seq: 1,
  author,
  text,
  deleted,
});

/** What refers to other words: quotes, what was passed on, threads and their rows. */
export const references: readonly Message[] = numbered('reference', [
  {
    text: 'Wer bringt die Leitern mit?',
    thread: { replies: 3, last_seq: 4, last_at: at(4), people: [ada, bernd] },
  },
  { text: 'Ich.', thread_id: 'made-up-reference-1', root: quote(bernd, 'Wer bringt die Leitern mit?') },
  { text: 'Das geht.', quote: quote(ada, 'Schaffen wir es bis Freitag?') },
  { text: 'Wozu denn?', quote: quote(long, '', true) },
  { text: `${tooLong} `.repeat(3), quote: quote(long, `${tooLong} `.repeat(4)) },
  {
    text: 'Bitte beachten.',
    forward: { author: ada, at: at(1), room_id: 'made-up', room_name: 'Bekanntmachungen' },
  },
  { text: 'Aus einem privaten Raum.', forward: { author: long, at: at(1) } },
  { title: 'Wie melde ich eine Laterne?', text: 'Mit Nummer und Straße.', solved_at: at(9) },
  {
    text: 'Viel besprochen',
    thread: { replies: 1284, last_seq: 9, last_at: at(9), people: [long, ada, bernd, ...crowd(2)] },
  },
]);

const signs = ['👍', '✅', '🎉', '❤️', '👀', '🚧', '☕', '🌳', '🚒', '📎', '🙏', '😀', '🤔', '💡', '🔧', '🧯'];

/** What stands around the words: reactions, pins, marks, and what is left of words. */
export const marks: readonly Message[] = numbered('mark', [
  {
    text: 'Mit Reaktionen',
    reactions: [
      { emoji: '👍', people: [ada, bernd] },
      { emoji: ':wappen:', people: [long] },
    ],
  },
  {
    text: 'Mit viel zu vielen',
    reactions: signs.map((emoji, index) => ({ emoji, people: crowd(index * 13 + 1) })),
  },
  { text: 'Angeheftet', pinned: { by: long, at: at(3) } },
  { text: 'Geändert, und man sieht wie', edited_at: at(4), versions: 2 },
  { text: 'Ohne Benachrichtigung gesendet', silent: true },
  { text: 'Verschwindet von selbst', expires_at: far },
  { deleted_at: at(7) },
  { deleted_at: at(8), expires_at: at(8) },
  { text: `Gäste tragen ein Zeichen, auch mit dem längsten Namen.`, author: { ...long, guest: true } },
]);

/** What the house notes, each kind of it, and a call. */
export const entries: readonly Message[] = numbered('entry', [
  { kind: 'created' },
  { kind: 'joined' },
  { kind: 'added', people: [bernd, long] },
  { kind: 'added', people: crowd(5), data: { count: 214 } },
  { kind: 'removed', people: [long] },
  { kind: 'left' },
  { kind: 'renamed', data: { name: tooLong } },
  { kind: 'role', people: [bernd], data: { role: 'moderator' } },
  { kind: 'expiry', data: { seconds: 604_800 } },
  { kind: 'expiry', data: { seconds: 0 } },
  { kind: 'archived' },
  { kind: 'reopened' },
  { kind: 'call', data: { state: 'ended', meeting_id: 'made-up', ended_at: at(13) } },
]);

/** What is announced, of which those who announce it see how many have read it. */
export const announced: readonly Message[] = numbered('announced', [
  { author: ada, text: 'Freitag ist das Rathaus geschlossen.' },
  { author: ada, text: 'Am Montag kommt der neue Drucker.' },
]);
