import { type Bytes, copy } from '../crypto/bytes.js';
import { decodeFrame, idText } from './frame.js';
import type { CatchUp, LoggedFrame, PadTransport, TransportHandlers } from './transport.js';
import { TransportError } from './transport.js';

/** What can go wrong between a client and the log, as probabilities from 0 to 1. */
export interface Weather {
  /** An event never arrives although the connection stands. */
  lose: number;
  /** An event arrives twice. */
  repeat: number;
  /** The append is stored but its answer is lost. */
  loseAnswer: number;
  /** The append does not reach the log. */
  loseQuestion: number;
  /** The longest delay of an event in milliseconds; different delays change the order. */
  delayMs: number;
}

export const calm: Weather = { lose: 0, repeat: 0, loseAnswer: 0, loseQuestion: 0, delayMs: 0 };

/** A pad's log in memory with the rules of the server, for tests and for trying out the editor. */
export class MemoryPad {
  readonly acknowledged = new Set<string>();
  snapshotsTaken = 0;
  #head = 0;
  #log: LoggedFrame[] = [];
  #snapshots: LoggedFrame[] = [];
  readonly #seqOf = new Map<string, number>();
  readonly #links = new Set<MemoryTransport>();
  readonly #random: () => number;
  readonly #page: number;

  constructor(options: { random?: () => number; page?: number } = {}) {
    this.#random = options.random ?? Math.random;
    this.#page = options.page ?? 50;
  }

  get head(): number {
    return this.#head;
  }

  get logLength(): number {
    return this.#log.length;
  }

  get newestSnapshot(): number {
    return this.#snapshots.at(-1)?.seq ?? 0;
  }

  /** Replaces the newest snapshot's bytes, as a broken disk or a bad client would. */
  spoilSnapshot(spoil: (frame: Bytes) => Bytes): void {
    const newest = this.#snapshots.pop();
    if (newest !== undefined) {
      this.#snapshots.push({ seq: newest.seq, frame: spoil(newest.frame) });
    }
  }

  /** Everything the log holds, for looking for plain text in it. */
  bytes(): readonly Bytes[] {
    return [...this.#log, ...this.#snapshots].map(({ frame }) => frame);
  }

  transport(weather: Weather = calm): MemoryTransport {
    return new MemoryTransport(this, this.#links, weather, this.#random);
  }

  read(after: number, olderThan = Number.POSITIVE_INFINITY): CatchUp {
    const newest = this.#snapshots.findLast(({ seq }) => seq < olderThan) ?? null;
    const snapshot = newest !== null && newest.seq > after ? newest : null;
    const from = Math.max(after, snapshot?.seq ?? 0);
    const latest = this.newestSnapshot;
    return {
      head: this.#head,
      snapshot,
      updates: this.#log.filter(({ seq }) => seq > from).slice(0, this.#page),
      latestSnapshot: latest,
      tailBytes: this.#log
        .filter(({ seq }) => seq > latest)
        .reduce((sum, { frame }) => sum + frame.length, 0),
    };
  }

  store(frame: Bytes, from: MemoryTransport): number {
    const id = idText(decodeFrame(frame).id);
    const known = this.#seqOf.get(id);
    if (known !== undefined) {
      return known;
    }
    this.#head += 1;
    const entry = { seq: this.#head, frame: copy(frame) };
    this.#log.push(entry);
    this.#seqOf.set(id, entry.seq);
    for (const link of this.#links) {
      if (link !== from) {
        link.deliver((handlers) => handlers.update(entry.seq, entry.frame));
      }
    }
    return entry.seq;
  }

  storeSnapshot(frame: Bytes): number {
    const { covers } = decodeFrame(frame);
    if (covers <= this.newestSnapshot || covers > this.#head) {
      return this.newestSnapshot;
    }
    this.#snapshots = [...this.#snapshots, { seq: covers, frame: copy(frame) }].slice(-2);
    this.snapshotsTaken += 1;
    const [older, newer] = this.#snapshots;
    if (older !== undefined && newer !== undefined) {
      this.#log = this.#log.filter(({ seq }) => seq > older.seq);
    }
    for (const link of this.#links) {
      link.deliver((handlers) => handlers.snapshotTaken(covers));
    }
    return covers;
  }

  pass(frame: Bytes, from: MemoryTransport): void {
    for (const link of this.#links) {
      if (link !== from) {
        link.deliver((handlers) => handlers.awareness(frame));
      }
    }
  }
}

/** A connection to a MemoryPad whose weather a test can change at any time. */
export class MemoryTransport implements PadTransport {
  weather: Weather;
  /** When set, every append is refused with this code for good. */
  refuse: string | null = null;
  readonly #pad: MemoryPad;
  readonly #links: Set<MemoryTransport>;
  readonly #random: () => number;
  #handlers: TransportHandlers | null = null;
  #connected = false;

  constructor(pad: MemoryPad, links: Set<MemoryTransport>, weather: Weather, random: () => number) {
    this.#pad = pad;
    this.#links = links;
    this.weather = weather;
    this.#random = random;
  }

  start(handlers: TransportHandlers): void {
    this.#handlers = handlers;
    this.connect();
  }

  stop(): void {
    this.#links.delete(this);
    this.#connected = false;
    this.#handlers = null;
  }

  connect(): void {
    if (this.#handlers !== null && !this.#connected) {
      this.#connected = true;
      this.#links.add(this);
      this.#handlers.joined(this.#pad.read(this.#handlers.position()));
    }
  }

  disconnect(): void {
    if (this.#connected) {
      this.#connected = false;
      this.#links.delete(this);
      this.#handlers?.left();
    }
  }

  close(code: string): void {
    this.#handlers?.closed(code);
  }

  async append(frames: readonly Bytes[]): Promise<readonly number[]> {
    await this.#travel();
    if (this.refuse !== null) {
      throw new TransportError(this.refuse, { final: true });
    }
    this.#mayFail(this.weather.loseQuestion);
    const seqs = frames.map((frame) => this.#pad.store(frame, this));
    await this.#travel();
    this.#mayFail(this.weather.loseAnswer);
    for (const frame of frames) {
      this.#pad.acknowledged.add(idText(decodeFrame(frame).id));
    }
    return seqs;
  }

  async fetch(after: number, options?: { olderThan?: number }): Promise<CatchUp> {
    await this.#travel();
    this.#mayFail(this.weather.loseAnswer);
    return this.#pad.read(after, options?.olderThan);
  }

  async snapshot(frame: Bytes): Promise<number> {
    await this.#travel();
    this.#mayFail(0);
    return this.#pad.storeSnapshot(frame);
  }

  awareness(frame: Bytes): void {
    if (this.#connected) {
      this.#pad.pass(frame, this);
    }
  }

  deliver(event: (handlers: TransportHandlers) => void): void {
    const times = this.#random() < this.weather.lose ? 0 : this.#random() < this.weather.repeat ? 2 : 1;
    for (let time = 0; time < times; time++) {
      setTimeout(() => {
        if (this.#connected && this.#handlers !== null) {
          event(this.#handlers);
        }
      }, this.#random() * this.weather.delayMs);
    }
  }

  #mayFail(probability: number): void {
    if (!this.#connected || this.#random() < probability) {
      throw new TransportError('unavailable', { final: false });
    }
  }

  #travel(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#random() * this.weather.delayMs));
  }
}
