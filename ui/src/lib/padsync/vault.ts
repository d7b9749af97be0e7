import type { Bytes } from '../crypto/bytes.js';

/** A sealed frame that the server has not acknowledged yet. */
export interface PendingFrame {
  readonly id: string;
  readonly frame: Bytes;
}

/**
 * What this device keeps of pads: frames on their way, and a copy of the document for opening it
 * offline. Everything in it is sealed as it would be on the wire.
 */
export interface PadVault {
  pending(pad: string): Promise<PendingFrame[]>;
  keep(pad: string, pending: PendingFrame): Promise<void>;
  drop(pad: string, ids: readonly string[]): Promise<void>;
  copy(pad: string): Promise<Bytes | null>;
  setCopy(pad: string, frame: Bytes | null): Promise<void>;
}

/** A vault for tests and for browsers that forbid storage. */
export class MemoryVault implements PadVault {
  readonly #pending = new Map<string, Map<string, Bytes>>();
  readonly #copies = new Map<string, Bytes>();

  async pending(pad: string): Promise<PendingFrame[]> {
    return [...(this.#pending.get(pad) ?? [])].map(([id, frame]) => ({ id, frame }));
  }

  async keep(pad: string, pending: PendingFrame): Promise<void> {
    const frames = this.#pending.get(pad) ?? new Map<string, Bytes>();
    this.#pending.set(pad, frames.set(pending.id, pending.frame));
  }

  async drop(pad: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      this.#pending.get(pad)?.delete(id);
    }
  }

  async copy(pad: string): Promise<Bytes | null> {
    return this.#copies.get(pad) ?? null;
  }

  async setCopy(pad: string, frame: Bytes | null): Promise<void> {
    if (frame === null) {
      this.#copies.delete(pad);
    } else {
      this.#copies.set(pad, frame);
    }
  }
}
