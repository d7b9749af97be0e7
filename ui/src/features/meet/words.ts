import { list, t } from '../../lib/i18n/index.svelte.js';
import { roomCalls } from '../../lib/meeting.svelte.js';
import type { Person, Summary } from './wire.js';

/** What a meeting is called. The call of a room is called as the person knows the room: after the other one of two. */
export function titleOf(meeting: Pick<Summary, 'title' | 'access' | 'room_id'>): string {
  const room = meeting.room_id ? roomCalls.nameOf(meeting.room_id) : '';
  if (room || meeting.title) return room || meeting.title;
  return meeting.access === 'room' ? t('meet.roomCall') : t('meet.untitled');
}

/** Who is in it, in words. */
export function peopleOf(meeting: Pick<Summary, 'participants' | 'people'>): string {
  const more = meeting.participants - meeting.people.length;
  if (meeting.people.length === 0) return t('meet.people', { count: meeting.participants });
  if (more <= 0) return list(meeting.people);
  return t('meet.peopleMore', { names: meeting.people.join(', '), more });
}

export function nameOf(person: Person, me: string): string {
  return person.id === me ? t('meet.stage.you', { name: person.name }) : person.name;
}

/** The last part of an address: takes "name", "/meet/name" and whole links. */
export function addressIn(text: string): string | null {
  const name = text
    .trim()
    .toLowerCase()
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .split('/')
    .at(-1);
  return name && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name.length >= 3 ? name : null;
}
