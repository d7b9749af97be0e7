import type { DBSchema, IDBPDatabase } from 'idb';
import { expect, it } from 'vitest';
import { reading } from './reading.js';

interface Schema extends DBSchema {
  drafts: { key: string; value: string };
}

// An unhandled rejection fails the run.
it('a read that is broken off by a wipe rejects once, where somebody waits for it', async () => {
  const wiped = new DOMException('Force close delete origin', 'AbortError');
  const store = { get: () => Promise.reject(wiped) };
  const db = { transaction: () => ({ done: Promise.reject(wiped), store }) };
  await expect(reading(db as unknown as IDBPDatabase<Schema>, 'drafts').get('chat:1')).rejects.toThrow(
    'Force close',
  );
});
