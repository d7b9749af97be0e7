import { list, t } from '../../lib/i18n/index.svelte.js';
import type { Person, Summary } from './wire.js';

/** What a meeting is called. */
export function titleOf(meeting: Pick<Summary, 'title' | 'access'>): string {
  if (meeting.title !== '') return meeting.title;
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
