import { call } from '../../lib/api/index.js';
import { session } from '../../lib/session.svelte.js';

/** Somebody who can be written to. */
export interface Found {
  readonly id: string;
  readonly name: string;
  readonly hint?: string | undefined;
}

/** People of the town by name, without oneself. */
export async function findPeople(query: string, signal: AbortSignal): Promise<Found[]> {
  const { items } = await call('GET /people', { query: { q: query, limit: 12 }, signal });
  return items
    .filter((person) => person.id !== session.me?.id)
    .map((person) => ({ id: person.id, name: person.name, hint: person.unit || person.title || undefined }));
}
