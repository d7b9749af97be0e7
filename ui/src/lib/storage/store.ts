import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import { keptFiles } from './files.js';
import { reading } from './reading.js';

interface Schema extends DBSchema {
  drafts: { key: string; value: unknown };
  outbox: { key: string; value: unknown };
  keys: { key: string; value: unknown };
}

type Area = 'drafts' | 'outbox' | 'keys';

let opened: Promise<IDBPDatabase<Schema>> | null = null;

function database(): Promise<IDBPDatabase<Schema>> {
  const forget = () => {
    opened = null;
  };
  if (!opened) {
    opened = openDB<Schema>('rathaus', 1, {
      upgrade(db) {
        db.createObjectStore('drafts');
        db.createObjectStore('outbox');
        db.createObjectStore('keys');
      },
      // Signing out wipes it, and the next person of this page needs it again.
      terminated: forget,
    });
    opened.catch(forget);
  }
  return opened;
}

/** One area of the browser's database. Values are structured-cloned; the reader validates their shape. */
export class Store {
  #area: Area;

  constructor(area: Area) {
    this.#area = area;
  }

  async get(key: string): Promise<unknown> {
    return reading(await database(), this.#area).get(key);
  }

  async set(key: string, value: unknown): Promise<void> {
    await (await database()).put(this.#area, value, key);
  }

  async delete(key: string): Promise<void> {
    await (await database()).delete(this.#area, key);
  }

  /** All entries whose key starts with prefix, in key order. */
  async entries(prefix: string): Promise<Array<[string, unknown]>> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const area = reading(await database(), this.#area);
    const [keys, values] = await Promise.all([area.getAllKeys(range), area.getAll(range)]);
    return keys.map((key, at) => [String(key), values[at]]);
  }
}

export const drafts = new Store('drafts');
export const outbox = new Store('outbox');
export const keys = new Store('keys');

/** Forgets everything of the person who signed out on this device. */
export async function forgetEverything(): Promise<void> {
  const db = await database();
  // What pads keep on this device is a database of its own: lib/padsync/vault-idb.ts.
  await Promise.all([
    db.clear('drafts'),
    db.clear('outbox'),
    db.clear('keys'),
    keptFiles.clear(),
    deleteDB('rathaus-pads'),
  ]);
}
