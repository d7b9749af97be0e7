import type { Bytes } from '../crypto/bytes.js';
import { type CatchUp, TransportError } from './transport.js';

/** Own marks the place of a frame this client made itself: its content is already here. */
type Held = Bytes | 'own';

/** How incoming frames reach the document. Rejections mean that a frame could not be opened. */
export interface Applier {
  applyUpdate(frame: Bytes): Promise<void>;
  applySnapshot(frame: Bytes, covers: number): Promise<void>;
}

export interface IncomingOptions {
  readonly applier: Applier;
  fetch(after: number, options?: { olderThan?: number }): Promise<CatchUp>;
  /** Called when a gap did not close by itself in time. */
  gap(): void;
  readonly gapMs: number;
}

const maxHeld = 2_000;

/**
 * Puts what arrives into the order of the log. `seq` is the last position without a gap; it only
 * moves over frames that were applied, so that resuming from it can never skip anything.
 */
export class Incoming {
  /** Frames that could not be opened and were passed over. */
  broken = 0;
  /** Frames and snapshots that could. */
  opened = 0;
  #seq: number;
  // The newest snapshot that did not open; only older ones are asked for while behind it.
  #distrusted = Number.POSITIVE_INFINITY;
  readonly #held = new Map<number, Held>();
  readonly #options: IncomingOptions;
  #work: Promise<void> = Promise.resolve();
  #gapTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(seq: number, options: IncomingOptions) {
    this.#seq = seq;
    this.#options = options;
  }

  get seq(): number {
    return this.#seq;
  }

  get hasGap(): boolean {
    return this.#held.size > 0;
  }

  /** Takes a frame from the log, in whatever order it comes. */
  update(seq: number, frame: Bytes): Promise<void> {
    return this.#enqueue(() => this.#take(seq, frame));
  }

  /** Notes that an own frame was stored at seq. */
  own(seq: number): Promise<void> {
    return this.#enqueue(() => this.#take(seq, 'own'));
  }

  /** Applies what was missed, asking for more until the head is reached. */
  catchUp(first: CatchUp): Promise<void> {
    return this.#enqueue(async () => {
      await this.#applyPart(first);
      for (let head = first.head; this.#seq < head; ) {
        const before = this.#seq;
        const part = await this.#fetch();
        await this.#applyPart(part);
        if (this.#seq === before) {
          throw new TransportError('incomplete', { final: false });
        }
        head = part.head;
      }
      await this.#drain();
    });
  }

  stop(): void {
    clearTimeout(this.#gapTimer);
    this.#held.clear();
  }

  /** Resolves when everything that has arrived so far is applied. */
  settled(): Promise<void> {
    return this.#work;
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    const done = this.#work.then(task);
    this.#work = done.catch(() => undefined);
    return done;
  }

  async #applyPart(part: CatchUp): Promise<void> {
    if (part.snapshot !== null && part.snapshot.seq > this.#seq) {
      await this.#applySnapshot(part.snapshot.frame, part.snapshot.seq);
    }
    this.#seq = Math.max(this.#seq, 0);
    for (const { seq, frame } of part.updates) {
      await this.#take(seq, frame);
    }
  }

  // A snapshot that does not open is replaced by the one before it and the log that follows that one.
  async #applySnapshot(frame: Bytes, covers: number): Promise<void> {
    try {
      await this.#options.applier.applySnapshot(frame, covers);
      this.opened += 1;
      this.#seq = covers;
    } catch (broken) {
      if (this.#distrusted <= covers) {
        throw broken;
      }
      this.broken += 1;
      this.#distrusted = covers;
      await this.#applyPart(await this.#around(covers, broken));
    }
  }

  // Somebody may have replaced the broken snapshot meanwhile; then the older one is pruned.
  async #around(covers: number, broken: unknown): Promise<CatchUp> {
    const older = await this.#fetch();
    if (older.snapshot !== null || older.updates[0]?.seq === Math.max(this.#seq, 0) + 1) {
      return older;
    }
    const newer = await this.#options.fetch(this.#seq);
    if (newer.snapshot === null || newer.snapshot.seq <= covers) {
      throw broken;
    }
    return newer;
  }

  #fetch(): Promise<CatchUp> {
    const beyond = this.#seq >= this.#distrusted || !Number.isFinite(this.#distrusted);
    return this.#options.fetch(this.#seq, beyond ? {} : { olderThan: this.#distrusted });
  }

  async #take(seq: number, what: Held): Promise<void> {
    if (seq <= this.#seq || this.#held.get(seq) === 'own') {
      return;
    }
    if (this.#held.size >= maxHeld) {
      this.#held.clear();
    }
    this.#held.set(seq, what);
    await this.#drain();
    this.#watchGap();
  }

  async #drain(): Promise<void> {
    for (const seq of this.#held.keys()) {
      if (seq <= this.#seq) {
        this.#held.delete(seq);
      }
    }
    for (let next = this.#held.get(this.#seq + 1); next !== undefined; next = this.#held.get(this.#seq + 1)) {
      if (next !== 'own') {
        await this.#apply(next);
      }
      this.#seq += 1;
      this.#held.delete(this.#seq);
    }
  }

  // One bad frame must not keep everybody out of the pad: it is counted and passed over.
  async #apply(frame: Bytes): Promise<void> {
    try {
      await this.#options.applier.applyUpdate(frame);
      this.opened += 1;
    } catch {
      this.broken += 1;
    }
  }

  #watchGap(): void {
    clearTimeout(this.#gapTimer);
    this.#gapTimer = undefined;
    if (this.hasGap) {
      this.#gapTimer = setTimeout(() => this.#options.gap(), this.#options.gapMs);
    }
  }
}
