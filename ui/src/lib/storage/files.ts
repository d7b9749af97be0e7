import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { reading } from './reading.js';

/** A file that waits in this browser. The reader validates what is about it. */
export interface KeptFile {
  readonly owner: string;
  readonly file: File;
  readonly about: unknown;
}

interface Schema extends DBSchema {
  files: { key: string; value: KeptFile };
}

/** What all of them may take of this device. */
export const most = { count: 100, bytes: 200 * 1024 * 1024 } as const;

/** A database of its own: the others have versions that older tabs hold on to. */
const databaseName = 'rathaus-files';

/** Files that wait in this browser, within bounds. */
class KeptFiles {
  #opened: Promise<IDBPDatabase<Schema>> | null = null;

  get #db(): Promise<IDBPDatabase<Schema>> {
    const forget = () => {
      this.#opened = null;
    };
    this.#opened ??= openDB<Schema>(databaseName, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('files');
      },
      blocking(_current, _blocked, event) {
        forget();
        (event.target as IDBDatabase).close();
      },
      terminated: forget,
    });
    this.#opened.catch(forget);
    return this.#opened;
  }

  /** Keeps a file; false when there is no room for it, or the browser keeps nothing. */
  async put(key: string, kept: KeptFile): Promise<boolean> {
    try {
      const tx = (await this.#db).transaction('files', 'readwrite');
      tx.done.catch(() => undefined);
      const others = await Promise.all(
        (await tx.store.getAllKeys()).filter((one) => one !== key).map((one) => tx.store.get(one)),
      );
      const bytes = others.reduce((sum, one) => sum + (one?.file.size ?? 0), kept.file.size);
      const fits = others.length < most.count && bytes <= most.bytes;
      if (fits) await tx.store.put(kept, key);
      await tx.done;
      return fits;
    } catch {
      // A private window, a full disk: it lives as long as the page.
      return false;
    }
  }

  async get(key: string): Promise<KeptFile | undefined> {
    const kept = await reading(await this.#db, 'files').get(key);
    return kept?.file instanceof File ? kept : undefined;
  }

  /** The keys of somebody's files. */
  async keys(owner: string): Promise<readonly string[]> {
    const files = reading(await this.#db, 'files');
    const keys = await files.getAllKeys();
    const all = await Promise.all(keys.map(async (key) => ({ key, kept: await files.get(key) })));
    return all.filter(({ kept }) => kept?.owner === owner).map(({ key }) => key);
  }

  async delete(key: string): Promise<void> {
    await (await this.#db).delete('files', key);
  }

  async clear(): Promise<void> {
    await (await this.#db).clear('files');
  }
}

export const keptFiles = new KeptFiles();
