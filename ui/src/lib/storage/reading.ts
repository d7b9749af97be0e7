import type { DBSchema, IDBPDatabase, StoreNames } from 'idb';

/**
 * An area to read from. A read that the browser breaks off, because signing out wipes everything, rejects; the end of its
 * transaction, which nobody waits for, does not.
 */
export function reading<S extends DBSchema, N extends StoreNames<S>>(db: IDBPDatabase<S>, name: N) {
  const transaction = db.transaction(name);
  transaction.done.catch(() => undefined);
  return transaction.store;
}
