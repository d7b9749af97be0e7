import Hash from '@lucide/svelte/icons/hash';
import Lock from '@lucide/svelte/icons/lock';
import { call } from '../../lib/api/index.js';
import { emojiHabits } from '../../lib/emoji/habits.svelte.js';
import { emojiTable, withTone } from '../../lib/emoji/table.js';
import { type Key, t } from '../../lib/i18n/index.svelte.js';
import { session } from '../../lib/session.svelte.js';
import { type Option, type Source, wordAfter } from './completion.svelte.js';
import type { Desk } from './composer-keys.js';
import { personOf } from './mention.js';
import { rooms } from './rooms.svelte.js';
import { slashCommands } from './slash-commands.js';
import { wideMentions } from './wide-mentions.js';
import { type Person, titleOf } from './wire.js';

const most = 8;
const fold = (text: string) => text.toLocaleLowerCase();

/** A name fits when it, or one of its words, begins with what is typed. */
export const fits = (name: string, typed: string): boolean =>
  fold(name).startsWith(fold(typed)) ||
  fold(name)
    .split(/[\s-]+/)
    .some((word) => word.startsWith(fold(typed)));

/** Everything that is offered while somebody writes in a room. Earlier sources win. */
export const sourcesFor = (desk: () => Desk): readonly Source[] => [
  mentions(
    () => callable(desk()),
    (typed) => wideMentions(desk().open.room, typed),
  ),
  roomLinks,
  emoji,
  slash(desk),
];

/** People who can be called with an @. */
export function mentions(
  people: () => Promise<readonly Person[]> | readonly Person[],
  wide: (typed: string) => Promise<readonly Option[]> | readonly Option[] = () => [],
): Source {
  const optionsOf = (all: readonly Person[], word: string): Option[] =>
    all
      .filter((person) => fits(person.name, word.slice(1)))
      .slice(0, most)
      .map((person) => ({
        id: person.id,
        label: person.name,
        person,
        insert: `@${person.name} `,
        meant: personOf({ id: person.id, name: person.name }),
      }));
  return {
    id: 'people',
    title: 'chat.composer.people',
    word: (before) => wordAfter('@', before, '[\\p{L}\\p{N}._-]*(?: [\\p{L}\\p{N}._-]*)?'),
    find: (word) => {
      const [all, many] = [people(), wide(word.slice(1))];
      if (!(all instanceof Promise) && !(many instanceof Promise)) return [...optionsOf(all, word), ...many];
      return Promise.all([all, many]).then(([some, others]) => [...optionsOf(some, word), ...others]);
    },
  };
}

/** Rooms that a # leads to: the person's own and public ones. */
const roomLinks: Source = {
  id: 'rooms',
  title: 'write.rooms',
  word: (before) => wordAfter('#', before, '[\\p{L}\\p{N}._-]+(?: [\\p{L}\\p{N}._-]*)?'),
  find: async (word) => {
    const typed = word.slice(1);
    const mine = (rooms.all ?? []).filter((room) => room.kind !== 'direct' && fits(titleOf(room), typed));
    // Guests have the rooms into which they were brought, and know of no others.
    const { items } =
      mine.length < most && session.may('member')
        ? await call('GET /chat/public-rooms', { query: { q: typed.trim(), limit: most } })
        : { items: [] };
    const foreign = items.filter((room) => !mine.some((one) => one.id === room.id));
    return [
      ...mine.map((room) => roomOption(room.id, titleOf(room), room.kind === 'private')),
      ...foreign.map((room) => roomOption(room.id, room.name, false)),
    ];
  },
};

const roomOption = (id: string, name: string, locked: boolean): Option => ({
  id,
  label: name,
  icon: locked ? Lock : Hash,
  insert: `#${name} `,
  meant: { sign: '#', name, target: `room:${id}` },
});

/** Emoji by their names after a colon. */
const emoji: Source = {
  id: 'emoji',
  title: 'write.emoji',
  word: (before) => wordAfter(':', before, '[+\\p{L}][\\p{L}\\p{N}_+-]+'),
  find: async (word) => {
    const table = await emojiTable();
    const typed = word.slice(1).toLocaleLowerCase();
    const town = emojiHabits.town.filter((one) => one.name.includes(typed));
    return [
      ...town.map((one) => emojiOption(`:${one.name}:`, one.name, one.url)),
      ...table.find(typed, most).map((one) => {
        const shown = one.toned ? withTone(one.emoji, emojiHabits.tone) : one.emoji;
        return emojiOption(shown, one.name);
      }),
    ];
  },
};

const emojiOption = (value: string, name: string, image?: string): Option => ({
  id: value,
  label: name,
  ...(image ? { image } : { sign: value }),
  insert: `${value} `,
  run: () => emojiHabits.used(value),
});

/** Commands after a / at the very beginning. */
function slash(desk: () => Desk): Source {
  const named = (name: Key) => `/${t(name)}`;
  return {
    id: 'commands',
    title: 'write.commands',
    word: (before) => /^\/[\p{L}]*$/u.exec(before)?.[0] ?? null,
    find: (word) =>
      slashCommands
        .filter((command) => named(command.name).startsWith(fold(word)) && command.when(desk()))
        .map((command) => ({
          id: command.id,
          label: named(command.name),
          hint: t(command.label),
          icon: command.icon,
          insert: '',
          run: () => void command.run(desk()),
        })),
  };
}

const known = new Map<string, Promise<readonly Person[]>>();

/** Everybody who can be called in a room. Asked for once while somebody writes there. */
function callable({ open, me }: Desk): Promise<readonly Person[]> {
  const asked =
    known.get(open.id) ??
    call('GET /chat/rooms/{room}/members', { path: { room: open.id } }).then(({ items }) =>
      items.filter((member) => member.active),
    );
  known.set(open.id, asked);
  asked.catch(() => known.delete(open.id));
  return asked.then((people) => people.filter((person) => person.id !== me.id));
}

/** Whoever opens a room anew sees who is there now. */
export const forgetCallable = (room: string): void => void known.delete(room);
