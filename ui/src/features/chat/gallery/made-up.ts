import { room as roomFixture } from '../fixtures.js';
import { OpenRoom, type OpenRoomDeps } from '../open-room.svelte.js';
import type { Outgoing } from '../outbox.svelte.js';
import type { Message, Page, Person, Room } from '../wire.js';

/** Rooms of the gallery: made-up people and messages, and no server behind them. */
export const people: readonly [Person, Person, Person] = [
  { id: '00000000-0000-7000-8000-0000000000a1', name: 'Ada Ahorn' },
  { id: '00000000-0000-7000-8000-0000000000b2', name: 'Bernd Buche' },
  {
    id: '00000000-0000-7000-8000-0000000000c3',
    name: 'Dr. Cäcilie-Annemarie von und zu Linden-Eschenbach-Hohenfels, Bürgermeisterin',
  },
];
const texts: readonly string[] = [
  'Guten Morgen.',
  'Die Bauhofsitzung ist am Dienstag im Rathaus, wie immer um **neun**. Bringt bitte die Listen mit.',
  'Ja',
  'Straßenbeleuchtung in der Hauptstraße ist defekt:\n\n- Laterne 14\n- Laterne 15\n- Laterne 22, flackert',
  '> Haushaltssatzung und Gebühren der Gemeinde\n\nLiegt im Umlauf.',
  '```sql\nselect name, strasse\nfrom laternen\nwhere defekt;\n```',
  '| Amt | Raum | Telefon |\n| --- | --- | --- |\n| Bauhof | 2 | 112 |\n| Kasse | 14 | 113 |',
  '- [x] Stühle\n- [ ] Tische\n- [ ] Beamer',
  'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsentwurfsbesprechungsprotokollanlage '.repeat(
    2,
  ),
];
const start = Date.parse('2026-01-05T07:00:00Z');
const pageSize = 200;

function said(seq: number): Message {
  const author = people[Math.floor(seq / 3) % people.length] ?? { id: '', name: '' };
  return {
    id: `made-up-${seq}`,
    seq,
    rev: seq,
    kind: 'text',
    author,
    text: `${texts[(seq * 7) % texts.length]}${seq % 5 === 0 ? ` (${seq})` : ''}`,
    data: {},
    created_at: new Date(start + seq * 240_000).toISOString(),
  };
}

function stretch(from: number, to: number, most: number): Page {
  const first = Math.max(1, from);
  const last = Math.min(most, to);
  const messages = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => said(first + at));
  return { messages, before: first > 1, after: last < most, head: most };
}

const roomOf = (most: number, rest: Partial<Room> = {}): Room =>
  roomFixture({
    id: `made-up-${most}`,
    last_seq: most,
    read_seq: most,
    topic: 'Straßen, Plätze und was sonst anliegt',
    ...rest,
  });

/** A room with so many messages that answers like the server, a moment later. */
export function madeUpRoom(most: number, outgoing: readonly Outgoing[] = []): OpenRoom {
  const room = roomOf(most);
  const open = new OpenRoom(room.id, depsOf(room, most, outgoing));
  const { messages, before } = stretch(most - pageSize + 1, most, most);
  open.take({ room, head: most, reset: true, more: before, messages });
  return open;
}

/** A room with just these messages. */
export function madeUpTalk(id: string, messages: readonly Message[], rest: Partial<Room> = {}): OpenRoom {
  const head = messages.at(-1)?.seq ?? 0;
  const room = roomOf(head, { id, ...rest });
  const open = new OpenRoom(id, depsOf(room, head, []));
  open.take({ room, head, reset: true, more: false, messages: [...messages] });
  return open;
}

function depsOf(room: Room, most: number, outgoing: readonly Outgoing[]): OpenRoomDeps {
  return {
    me: () => people[0]?.id ?? '',
    rooms: { put: () => undefined, heard: () => undefined, facts: () => undefined, find: () => undefined },
    outbox: {
      of: () => outgoing,
      post: async () => undefined,
      arrived: () => undefined,
      change: async () => false,
    },
    join: () => () => undefined,
    whileFallback: () => () => undefined,
    state: () => 'waiting',
    ask: () => Promise.reject(new Error('nobody is asked in the gallery')),
    room: async () => room,
    changes: () => Promise.reject(new Error('nobody is asked in the gallery')),
    page: async (_, { before, after, around }) => {
      await new Promise((resolve) => setTimeout(resolve, 120));
      if (before !== undefined) return stretch(before - pageSize, before - 1, most);
      if (after !== undefined) return stretch(after + 1, after + pageSize, most);
      if (around !== undefined) return stretch(around - pageSize / 2, around + pageSize / 2, most);
      return stretch(most - pageSize + 1, most, most);
    },
    read: async () => undefined,
    unread: async () => undefined,
    looking: () => true,
    tell: () => undefined,
  };
}
