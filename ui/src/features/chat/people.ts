import { call } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { session } from '../../lib/session.svelte.js';
import { findOffices } from './offices.svelte.js';

/** Somebody who can be written to. */
export interface Found {
  readonly id: string;
  readonly name: string;
  readonly hint?: string | undefined;
  /** A group or an office, not a person. */
  readonly square?: boolean;
}

/** People of the town by name, without oneself; its guests only where they can be brought in. */
export async function findPeople(query: string, signal: AbortSignal, guests = false): Promise<Found[]> {
  const { items } = await call('GET /people', { query: { q: query, limit: 12, guests }, signal });
  return items
    .filter((person) => person.id !== session.me?.id)
    .map(({ id, name, unit, title, guest }) => ({
      id,
      name,
      hint: guest ? t('rooms.role.guest') : unit || title || undefined,
    }));
}

/** A whole group among what can be chosen: its id carries this mark, because people and groups share a list. */
const groupMark = 'group:';

/** Who can be brought into a room: people of the town, its guests, and groups of the directory, by name. */
export async function findPeopleAndGroups(query: string, signal: AbortSignal): Promise<Found[]> {
  const wanted = query.trim().toLocaleLowerCase();
  const [people, { items: groups }] = await Promise.all([
    findPeople(query, signal, true),
    call('GET /groups', { signal }),
  ]);
  const fitting = groups.filter((group) => wanted !== '' && group.name.toLocaleLowerCase().includes(wanted));
  return [
    ...fitting
      .slice(0, 4)
      .map(({ id, name }) => ({ id: groupMark + id, name, hint: t('rooms.people.group'), square: true })),
    ...people,
  ];
}

/** The same for an office. */
const officeMark = 'office:';

/** Whom one can write to: offices of the town, and its people. */
export async function findPeopleAndOffices(query: string, signal: AbortSignal): Promise<Found[]> {
  const [found, people] = await Promise.all([findOffices(query, signal), findPeople(query, signal)]);
  return [
    ...found
      .slice(0, 8)
      .map(({ id, name }) => ({ id: officeMark + id, name, hint: t('chat.office.word'), square: true })),
    ...people,
  ];
}

/** The office among what was chosen. */
export const officeIn = (chosen: readonly Found[]): string | undefined =>
  chosen.find((one) => one.id.startsWith(officeMark))?.id.slice(officeMark.length);

/** Divides what was chosen into people and groups. */
export function divide(chosen: readonly Found[]): { people: string[]; groups: string[] } {
  const ids = chosen.map((one) => one.id);
  return {
    people: ids.filter((id) => !id.startsWith(groupMark)),
    groups: ids.filter((id) => id.startsWith(groupMark)).map((id) => id.slice(groupMark.length)),
  };
}
