import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Bytes } from '../crypto/bytes.js';
import { reading } from '../storage/reading.js';
import type { PadVault, PendingFrame } from './vault.js';

interface PadsSchema extends DBSchema {
  pending: {
    key: number;
    value: { order?: number; pad: string; id: string; frame: Bytes };
    indexes: { pad: string; frame: [string, string] };
  };
  copies: { key: string; value: Bytes };
}

/** Signing out deletes this database; see lib/storage/store.ts. */
const databaseName = 'rathaus-pads';

/** The vault in IndexedDB, shared by all tabs of one browser. It opens again after it was wiped. */
export class IdbVault implements PadVault {
  #opened: Promise<IDBPDatabase<PadsSchema>> | null = null;

  get #db(): Promise<IDBPDatabase<PadsSchema>> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  /** Rejects where the browser forbids storage. */
  async ready(): Promise<void> {
    await this.#db;
  }

  #open(): Promise<IDBPDatabase<PadsSchema>> {
    const forget = () => {
      this.#opened = null;
    };
    return openDB<PadsSchema>(databaseName, 1, {
      upgrade(fresh) {
        const pending = fresh.createObjectStore('pending', { keyPath: 'order', autoIncrement: true });
        pending.createIndex('pad', 'pad');
        pending.createIndex('frame', ['pad', 'id'], { unique: true });
        fresh.createObjectStore('copies');
      },
      blocking(_current, _blocked, event) {
        forget();
        (event.target as IDBDatabase).close();
      },
      terminated: forget,
    });
  }

  async pending(pad: string): Promise<PendingFrame[]> {
    const rows = await reading(await this.#db, 'pending')
      .index('pad')
      .getAll(pad);
    return rows.map(({ id, frame }) => ({ id, frame }));
  }

  async keep(pad: string, { id, frame }: PendingFrame): Promise<void> {
    await (await this.#db).add('pending', { pad, id, frame });
  }

  async drop(pad: string, ids: readonly string[]): Promise<void> {
    const tx = (await this.#db).transaction('pending', 'readwrite');
    tx.done.catch(() => undefined);
    for (const id of ids) {
      const key = await tx.store.index('frame').getKey([pad, id]);
      if (key !== undefined) {
        await tx.store.delete(key);
      }
    }
    await tx.done;
  }

  async copy(pad: string): Promise<Bytes | null> {
    return (await reading(await this.#db, 'copies').get(pad)) ?? null;
  }

  async setCopy(pad: string, frame: Bytes | null): Promise<void> {
    if (frame === null) {
      await (await this.#db).delete('copies', pad);
    } else {
      await (await this.#db).put('copies', frame, pad);
    }
  }
}
