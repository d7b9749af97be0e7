import * as Y from 'yjs';
import type { Bytes } from '../crypto/bytes.js';

export interface SnapshotPolicy {
  readonly updates: number;
  readonly bytes: number;
  /** How long others wait for the author of the crossing update, in milliseconds. */
  readonly patienceMs: number;
}

export const defaultPolicy: SnapshotPolicy = { updates: 200, bytes: 64 * 1024, patienceMs: 5_000 };

export interface SnapshotDutyOptions {
  readonly policy: SnapshotPolicy;
  /** Makes and offers a snapshot; resolves with what the newest one covers then. */
  offer(): Promise<number>;
}

/**
 * Decides who makes the next snapshot: the author of the update that crosses the limit does it at
 * once. Should that client vanish, the others follow after a random pause, and the server takes
 * the first.
 */
export class SnapshotDuty {
  #latest = 0;
  #bytes = 0;
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #options: SnapshotDutyOptions;

  constructor(options: SnapshotDutyOptions) {
    this.#options = options;
  }

  /** Takes over the server's account at joining. */
  reset(latest: number, tailBytes: number): void {
    this.#latest = latest;
    this.#bytes = tailBytes;
    this.#rest();
  }

  /** Counts an update of the log; `mine` when this client wrote it. */
  count(seq: number, size: number, mine: boolean): void {
    this.#bytes += size;
    if (!this.#due(seq)) {
      return;
    }
    if (mine) {
      this.#rest();
      void this.#make();
    } else {
      this.#timer ??= setTimeout(() => void this.#make(), this.#pause());
    }
  }

  taken(covers: number): void {
    if (covers > this.#latest) {
      this.#latest = covers;
      this.#bytes = 0;
      this.#rest();
    }
  }

  stop(): void {
    this.#rest();
  }

  #due(seq: number): boolean {
    return seq - this.#latest >= this.#options.policy.updates || this.#bytes >= this.#options.policy.bytes;
  }

  #pause(): number {
    return this.#options.policy.patienceMs * (1 + Math.random());
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #make(): Promise<void> {
    this.#timer = undefined;
    if (this.#running) {
      return;
    }
    this.#running = true;
    try {
      this.taken(await this.#options.offer());
    } catch {
      // The log still holds everything; the next update over the limit tries again.
    } finally {
      this.#running = false;
    }
  }
}

/**
 * Encodes the document for a snapshot, or returns null if it is not fit for one: parts are
 * missing, or what was encoded does not read back as the same state.
 */
export function encodeVerified(doc: Y.Doc): Bytes | null {
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
    return null;
  }
  const state = new Uint8Array(Y.encodeStateAsUpdate(doc));
  const proof = new Y.Doc();
  try {
    Y.applyUpdate(proof, state);
    return sameState(proof, doc) ? state : null;
  } finally {
    proof.destroy();
  }
}

function sameState(a: Y.Doc, b: Y.Doc): boolean {
  const left = Y.encodeStateVector(a);
  const right = Y.decodeStateVector(Y.encodeStateVector(b));
  const own = Y.decodeStateVector(left);
  return own.size === right.size && [...own].every(([client, clock]) => right.get(client) === clock);
}
