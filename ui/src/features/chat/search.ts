import Hash from '@lucide/svelte/icons/hash';
import Landmark from '@lucide/svelte/icons/landmark';
import Lock from '@lucide/svelte/icons/lock';
import Users from '@lucide/svelte/icons/users';
import { toasts } from '../../kit/toast.svelte.js';
import { call, faultText } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { roomCalls } from '../../lib/meeting.svelte.js';
import type { PaletteItem } from '../../lib/palette.js';
import { href, router } from '../../lib/router/index.js';
import { session } from '../../lib/session.svelte.js';
import { findOffices, writeToOffice } from './offices.svelte.js';
import { findPeople } from './people.js';
import { rooms } from './rooms.svelte.js';
import { type Room, titleOf } from './wire.js';

const most = 8;

/** Rooms of the person first, then public ones that people of the town can join. An empty query gives the recent ones. */
export async function searchRooms(query: string, signal: AbortSignal): Promise<PaletteItem[]> {
  const wanted = query.trim().toLocaleLowerCase();
  const mine = (rooms.all ?? [])
    .filter((room) => room.kind !== 'direct' || wanted === '')
    .filter((room) => titleOf(room).toLocaleLowerCase().includes(wanted))
    .slice(0, most);
  if (wanted === '') return mine.slice(0, 5).map(lineOf);
  if (!session.may('member')) return mine.map(lineOf);
  const { items } = await call('GET /chat/public-rooms', { query: { q: query, limit: most }, signal });
  const others = items.filter((room) => !mine.some((one) => one.id === room.id));
  return [
    ...mine.map(lineOf),
    ...others.map((room) => ({
      id: room.id,
      label: room.name,
      hint: t('chat.palette.public'),
      icon: Hash,
      href: href('room', { room: room.id }),
    })),
  ].slice(0, most);
}

function lineOf(room: Room): PaletteItem {
  return {
    id: room.id,
    label: titleOf(room),
    hint: room.topic || undefined,
    href: href('room', { room: room.id }),
    ...(room.partner ? { person: room.partner } : { icon: iconOf(room) }),
  };
}

function iconOf(room: Room) {
  if (room.kind === 'office') return Landmark;
  if (room.kind === 'group') return Users;
  return room.kind === 'private' ? Lock : Hash;
}

/** "Nachricht an Ada Berg", "Nachricht an Tiefbauamt": people and offices. */
export async function searchPeople(query: string, signal: AbortSignal): Promise<PaletteItem[]> {
  if (query.trim() === '') return [];
  const [found, people] = await Promise.all([findOffices(query, signal), findPeople(query, signal)]);
  const lines = found.slice(0, most).map(({ id, name }) => ({
    id,
    label: t('chat.palette.to', { name }),
    hint: t('chat.office.word'),
    icon: Landmark,
    run: () => void writeToOffice(id),
  }));
  const others = people.map((person) => ({
    id: person.id,
    label: t('chat.palette.to', { name: person.name }),
    hint: person.hint,
    person,
    run: () => void writeTo(person.id),
  }));
  return [...lines, ...others];
}

/** The room of two with a person, who need not have one yet. */
async function roomWith(person: string): Promise<Room> {
  const known = rooms.all?.find((room) => room.partner?.id === person);
  const room = known ?? (await call('POST /chat/direct', { body: { user_id: person } }));
  rooms.put(room);
  return room;
}

/** Goes to the room of two with a person. */
export async function writeTo(person: string): Promise<void> {
  try {
    router.go(href('room', { room: (await roomWith(person)).id }));
  } catch (cause) {
    toasts.show(faultText(cause), { tone: 'bad' });
  }
}

/** Calls a person: starts the call of the room of two, or enters the one that runs. */
export async function callUp(person: string): Promise<void> {
  try {
    await roomCalls.begin({ id: (await roomWith(person)).id, name: '' });
  } catch (cause) {
    toasts.show(faultText(cause), { tone: 'bad' });
  }
}

/** Goes to the room of just these people, who need not have one yet. */
export async function writeToAll(people: readonly string[]): Promise<void> {
  const [only] = people;
  if (people.length === 1 && only) return writeTo(only);
  try {
    const room = await call('POST /chat/direct', { body: { user_ids: [...people] } });
    rooms.put(room);
    router.go(href('room', { room: room.id }));
  } catch (cause) {
    toasts.show(faultText(cause), { tone: 'bad' });
  }
}
