import { SvelteMap } from 'svelte/reactivity';
import { call } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { session } from '../../lib/session.svelte.js';
import { type Names, namesOf } from './mention.js';
import { rooms } from './rooms.svelte.js';
import { type CalledGroup, type Person, titleOf } from './wire.js';

/** Names of rooms that the person is not in: null while unknown, or when they may not know it. */
const others = new SvelteMap<string, string | null>();
let whose: string | undefined;

/** The name of a room as far as the person may know it. */
export function roomName(id: string): string | null {
  const mine = rooms.find(id);
  if (mine) return titleOf(mine);
  return others.get(id) ?? null;
}

function ask(id: string): void {
  if (whose !== session.me?.id) others.clear();
  whose = session.me?.id;
  if (others.has(id)) return;
  others.set(id, null);
  call('GET /chat/rooms/{room}', { path: { room: id } }).then(
    (room) => others.set(id, titleOf(room)),
    () => undefined,
  );
}

/** Asks for the names of the rooms that a text leads to and that are not known yet. */
export function askForRooms(text: string): void {
  for (const [, id] of text.matchAll(/\(room:([0-9a-f-]{36})\)/g)) if (id && !rooms.find(id)) ask(id);
}

/** Names of everything that a message may name, in the words of the person who looks. */
export function namesFor(people: readonly Person[], groups: readonly CalledGroup[] = []): Names {
  const person = namesOf(people);
  return (target) => {
    const [kind, id = ''] = target.split(':');
    switch (kind) {
      case 'room':
        return roomName(id) ?? t('write.hiddenRoom');
      case 'group':
        return groups.find((group) => group.id === id)?.name || null;
      case 'all':
        return t('talk.call.all');
      case 'here':
        return t('talk.call.here');
      default:
        return person(target);
    }
  };
}
