import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { Bytes } from '../crypto/bytes.js';
import type { PadVault, PendingFrame } from './vault.js';

interface PadsSchema extends DBSchema {
  pending: {
    key: number;
    value: { order?: number; pad: string; id: string; frame: Bytes };
    indexes: { pad: string; frame: [string, string] };
  };
  copies: { key: string; value: Bytes };
}

const databaseName = 'rathaus-pads';

/** The vault in IndexedDB, shared by all tabs of one browser. */
export class IdbVault implements PadVault {
  readonly #db: IDBPDatabase<PadsSchema>;

  private constructor(db: IDBPDatabase<PadsSchema>) {
    this.#db = db;
  }

  static async open(): Promise<IdbVault> {
    const db = await openDB<PadsSchema>(databaseName, 1, {
      upgrade(fresh) {
        const pending = fresh.createObjectStore('pending', { keyPath: 'order', autoIncrement: true });
        pending.createIndex('pad', 'pad');
        pending.createIndex('frame', ['pad', 'id'], { unique: true });
        fresh.createObjectStore('copies');
      },
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
      },
    });
    return new IdbVault(db);
  }

  async pending(pad: string): Promise<PendingFrame[]> {
    const rows = await this.#db.getAllFromIndex('pending', 'pad', pad);
    return rows.map(({ id, frame }) => ({ id, frame }));
  }

  async keep(pad: string, { id, frame }: PendingFrame): Promise<void> {
    await this.#db.add('pending', { pad, id, frame });
  }

  async drop(pad: string, ids: readonly string[]): Promise<void> {
    const tx = this.#db.transaction('pending', 'readwrite');
    for (const id of ids) {
      const key = await tx.store.index('frame').getKey([pad, id]);
      if (key !== undefined) {
        await tx.store.delete(key);
      }
    }
    await tx.done;
  }

  async copy(pad: string): Promise<Bytes | null> {
    return (await this.#db.get('copies', pad)) ?? null;
  }

  async setCopy(pad: string, frame: Bytes | null): Promise<void> {
    if (frame === null) {
      await this.#db.delete('copies', pad);
    } else {
      await this.#db.put('copies', frame, pad);
    }
  }
}

/** Removes everything pads have kept on this device, for signing out on shared computers. */
export function wipeVault(): Promise<void> {
  return deleteDB(databaseName);
}
