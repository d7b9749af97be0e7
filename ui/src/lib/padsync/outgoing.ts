import type { Bytes } from '../crypto/bytes.js';
import { encodeBatch } from './batch.js';
import { decodeFrame, idText } from './frame.js';
import type { Sealer } from './sealer.js';
import { TransportError } from './transport.js';
import type { PadVault, PendingFrame } from './vault.js';

export interface OutgoingOptions {
  readonly pad: string;
  readonly sealer: Sealer;
  readonly vault: PadVault;
  append(frames: readonly Bytes[]): Promise<readonly number[]>;
  /** Called for each frame the server has stored durably. */
  stored(seq: number, size: number): void;
  /** Called whenever something about `waiting` or `refused` changed. */
  changed(): void;
  readonly batchMs: number;
  readonly retryMs: number;
}

/** Yjs updates that wait for sealing are cut into frames of about this size. */
const frameTarget = 128 * 1024;
const maxFramesInFlight = 16;
const maxBytesInFlight = 512 * 1024;

/**
 * Brings local edits to the server: gathers keystrokes for a moment, seals them, keeps them on
 * this device, sends them in order and repeats the same frame until it is acknowledged.
 */
export class Outgoing {
  /** The code of the refusal that stopped the sending, null while all is well. */
  refused: string | null = null;
  /** False once this device failed to keep a frame; it then lives in memory only. */
  durable = true;
  readonly #options: OutgoingOptions;
  #unsealed: Uint8Array[] = [];
  #pending: PendingFrame[] = [];
  #batchTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #sealing: Promise<void> = Promise.resolve();
  #sealingCount = 0;
  #sending = false;
  #online = false;
  #failures = 0;

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  /** How many parcels of edits the server has not acknowledged. */
  get waiting(): number {
    return this.#pending.length + this.#sealingCount + (this.#unsealed.length > 0 ? 1 : 0);
  }

  /** True while an edit exists only in the memory of this tab. */
  get unkept(): boolean {
    return this.#unsealed.length > 0 || this.#sealingCount > 0 || (!this.durable && this.#pending.length > 0);
  }

  /** Takes over frames that an earlier visit or another tab could not deliver. */
  adopt(frames: readonly PendingFrame[]): void {
    this.#pending.push(...frames);
    this.#send();
  }

  add(update: Uint8Array): void {
    this.#unsealed.push(update);
    this.#batchTimer ??= setTimeout(() => void this.flush(), this.#options.batchMs);
    this.#options.changed();
  }

  /** Seals and keeps what was gathered; resolves once it is kept on this device. */
  flush(): Promise<void> {
    clearTimeout(this.#batchTimer);
    this.#batchTimer = undefined;
    const updates = this.#unsealed;
    this.#unsealed = [];
    if (updates.length > 0) {
      this.#sealingCount += 1;
      this.#sealing = this.#sealing.then(() => this.#seal(updates));
    }
    return this.#sealing;
  }

  online(): void {
    this.#online = true;
    this.#failures = 0;
    this.#send();
  }

  offline(): void {
    this.#online = false;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
  }

  async stop(): Promise<void> {
    await this.flush();
    this.offline();
  }

  async #seal(updates: readonly Uint8Array[]): Promise<void> {
    for (const part of intoParts(updates)) {
      const frame = await this.#options.sealer.seal('update', encodeBatch(part));
      const pending = { id: idText(decodeFrame(frame).id), frame };
      await this.#keep(pending);
      this.#pending.push(pending);
    }
    this.#sealingCount -= 1;
    this.#options.changed();
    this.#send();
  }

  async #keep(pending: PendingFrame): Promise<void> {
    try {
      await this.#options.vault.keep(this.#options.pad, pending);
    } catch {
      this.durable = false;
    }
  }

  #send(): void {
    if (!this.#online || this.#sending || this.#pending.length === 0 || this.#retryTimer !== undefined) {
      return;
    }
    if (this.refused !== null) {
      return;
    }
    this.#sending = true;
    void this.#deliver(this.#window()).finally(() => {
      this.#sending = false;
      this.#options.changed();
      this.#send();
    });
  }

  async #deliver(window: readonly PendingFrame[]): Promise<void> {
    try {
      const seqs = await this.#options.append(window.map(({ frame }) => frame));
      this.#failures = 0;
      await this.#acknowledged(window, seqs);
    } catch (error) {
      this.#failed(error);
    }
  }

  async #acknowledged(window: readonly PendingFrame[], seqs: readonly number[]): Promise<void> {
    const done = new Set(window.map(({ id }) => id));
    this.#pending = this.#pending.filter(({ id }) => !done.has(id));
    window.forEach(({ frame }, at) => {
      const seq = seqs[at];
      if (seq !== undefined) {
        this.#options.stored(seq, frame.length);
      }
    });
    try {
      await this.#options.vault.drop(this.#options.pad, [...done]);
    } catch {
      // A frame that stays in the vault is sent once more at the next visit, which changes nothing.
      this.durable = false;
    }
  }

  #failed(error: unknown): void {
    if (error instanceof TransportError && error.final) {
      this.refused = error.code;
      return;
    }
    this.#failures += 1;
    const wait = Math.min(this.#options.retryMs * 2 ** this.#failures, 30_000);
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      this.#send();
    }, wait);
  }

  #window(): readonly PendingFrame[] {
    let bytes = 0;
    const end = this.#pending.findIndex(({ frame }, at) => {
      bytes += frame.length;
      return at >= maxFramesInFlight || (at > 0 && bytes > maxBytesInFlight);
    });
    return end < 0 ? this.#pending.slice() : this.#pending.slice(0, end);
  }
}

function intoParts(updates: readonly Uint8Array[]): Uint8Array[][] {
  const parts: Uint8Array[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const update of updates) {
    if (size + update.length > frameTarget) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(update);
    size += update.length;
  }
  return parts;
}
