import { base } from '../../lib/api/client.js';

/** Somebody with whom a pad can be shared. */
export interface Subject {
  readonly kind: 'person' | 'group';
  readonly id: string;
  readonly name: string;
  readonly hint?: string | undefined;
}

/** Finds people and, where they may be listed, groups by name. */
export async function findSubjects(query: string, signal: AbortSignal): Promise<readonly Subject[]> {
  const [people, groups] = await Promise.all([
    list('people', query, signal).then((rows) => rows.map((row) => subject('person', row))),
    list('groups', query, signal).then((rows) => rows.map((row) => subject('group', row))),
  ]);
  // Groups come all at once; they are narrowed here.
  const wanted = query.trim().toLocaleLowerCase();
  const fitting = groups.filter((group) => group?.name.toLocaleLowerCase().includes(wanted)).slice(0, 8);
  return [...fitting, ...people].filter((one) => one !== null);
}

async function list(what: string, query: string, signal: AbortSignal): Promise<readonly unknown[]> {
  const answer = await fetch(`${base}/${what}?${new URLSearchParams({ q: query })}`, { signal });
  const body: unknown = answer.ok ? await answer.json() : null;
  const items = isRecord(body) ? body.items : null;
  return Array.isArray(items) ? items : [];
}

function subject(kind: Subject['kind'], row: unknown): Subject | null {
  if (!isRecord(row) || typeof row.id !== 'string' || typeof row.name !== 'string') return null;
  const hint = [row.unit, row.title].find((text) => typeof text === 'string' && text !== '');
  return { kind, id: row.id, name: row.name, hint: typeof hint === 'string' ? hint : undefined };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
