import { session } from '../../../lib/session.svelte.js';
import { type KeptFile, keptFiles } from '../../../lib/storage/files.js';
import type { FileFacts, Measured } from './facts.js';

/** What is known of a file on its way, besides its bytes. */
export interface Way {
  readonly kind: FileFacts['kind'];
  readonly measured: Measured;
  readonly voice: boolean;
  /** Position and other metadata of a picture stay in it. */
  readonly keep: boolean;
  /** Where the server takes it in, once it has said so. */
  readonly url: string | null;
}

/** A file on its way that was kept in this browser. */
export interface Recovered {
  readonly key: string;
  readonly file: File;
  readonly way: Way;
}

/**
 * Files of messages that have not gone out, kept until they have: they survive a reload and a crash. Each
 * person of this browser has their own, and signing out forgets them.
 */
export const depot = {
  /** False when it cannot be kept: there is no room, or the browser refuses. */
  keep(key: string, file: File, way: Way): Promise<boolean> {
    return keptFiles.put(key, { owner: session.me?.id ?? '', file, about: way });
  },

  /** What the server has said of it since. */
  async note(key: string, change: Partial<Way>): Promise<void> {
    const kept = recoveredOf(key, await keptFiles.get(key));
    if (kept) await depot.keep(key, kept.file, { ...kept.way, ...change });
  },

  async find(key: string): Promise<Recovered | null> {
    return recoveredOf(key, await keptFiles.get(key).catch(() => undefined));
  },

  /** What is kept for this person. */
  keys(): Promise<readonly string[]> {
    return keptFiles.keys(session.me?.id ?? '');
  },

  drop(key: string): Promise<void> {
    return keptFiles.delete(key);
  },
};

function recoveredOf(key: string, kept: KeptFile | undefined): Recovered | null {
  if (!kept || kept.owner !== session.me?.id) return null;
  const way = kept.about as Way;
  if (typeof way !== 'object' || way === null || typeof way.kind !== 'string') return null;
  return { key, file: kept.file, way };
}
