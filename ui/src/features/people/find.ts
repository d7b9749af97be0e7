import { call } from '../../lib/api/index.js';
import type { Output } from '../../lib/api/operations.js';
import type { PaletteItem } from '../../lib/palette.js';
import { href } from '../../lib/router/index.js';
import { session } from '../../lib/session.svelte.js';

/** A person as the list shows them. */
export type Colleague = Output<'GET /people'>['items'][number];
/** All that the address book says about a person. */
export type Card = Output<'GET /people/{person}'>;

/** What stands below a name: who the person is, or where and under which number when figures are asked for. */
export function about(person: Colleague, query = ''): string {
  const parts = /\d/.test(query)
    ? [person.unit || person.title, person.room, person.phone]
    : [person.title, person.unit];
  return parts.filter(Boolean).join(' · ');
}

/** Digits and + only, as telephones want them; null when there is nothing to dial. */
export function dial(phone: string): string | null {
  const number = phone.replace('(0)', '').replace(/(?!^\+)\D/g, '');
  return /\d/.test(number) ? number : null;
}

/** Cards for the palette, with what one most often looks for: the number. */
export async function findCards(query: string, signal: AbortSignal): Promise<PaletteItem[]> {
  if (query.trim() === '') return [];
  const { items } = await call('GET /people', { query: { q: query, limit: 4 }, signal });
  return items.map((person) => ({
    id: `card-${person.id}`,
    label: person.name,
    hint: [person.unit || person.title, person.phone].filter(Boolean).join(' · ') || undefined,
    person,
    href: href('person', { person: person.id }),
  }));
}

/** Who can stand in for the person: everybody else. */
export async function findDeputies(query: string, signal: AbortSignal) {
  const { items } = await call('GET /people', { query: { q: query, limit: 12 }, signal });
  return items
    .filter((person) => person.id !== session.me?.id)
    .map((person) => ({ id: person.id, name: person.name, hint: person.unit || person.title || undefined }));
}
