import type { Bytes } from '../crypto/bytes.js';

/** An update as the log holds it. */
export interface LoggedFrame {
  readonly seq: number;
  readonly frame: Bytes;
}

/** What a client that stands at some seq must apply to come closer to the head. */
export interface CatchUp {
  /** The last seq of the pad when this was read. */
  readonly head: number;
  /** A snapshot to apply first, if the client is too far behind for the log alone. */
  readonly snapshot: LoggedFrame | null;
  /** Updates in order. They may stop before the head; the client then asks again. */
  readonly updates: readonly LoggedFrame[];
  /** The seq that the newest snapshot covers, 0 if there is none. */
  readonly latestSnapshot: number;
  /** The size of the log after the newest snapshot, in bytes. */
  readonly tailBytes: number;
}

/** Thrown by a transport. Final errors will not go away by trying again. */
export class TransportError extends Error {
  override name = 'TransportError';
  readonly code: string;
  readonly final: boolean;

  constructor(code: string, options: { final: boolean; cause?: unknown }) {
    super(code, { cause: options.cause });
    this.code = code;
    this.final = options.final;
  }
}

/** What a transport tells the session. */
export interface TransportHandlers {
  /** The last seq the session has applied without a gap, -1 if it has nothing at all. */
  position(): number;
  /** The connection stands, or stands again. */
  joined(catchUp: CatchUp): void;
  left(): void;
  update(seq: number, frame: Bytes): void;
  awareness(frame: Bytes): void;
  snapshotTaken(covers: number): void;
  /** Access ended or the pad is gone; nothing more will come. */
  closed(code: string): void;
}

/** How frames travel: over the socket, by HTTP polling, or in memory in tests. */
export interface PadTransport {
  start(handlers: TransportHandlers): void;
  stop(): void;
  /** Stores frames in order; resolves with their seqs once they are durable. */
  append(frames: readonly Bytes[]): Promise<readonly number[]>;
  /** Reads the log. With olderThan, a snapshot that covers less than that is used. */
  fetch(after: number, options?: { olderThan?: number }): Promise<CatchUp>;
  /** Offers a snapshot; resolves with what the newest snapshot covers then. */
  snapshot(frame: Bytes, shadow: string | null): Promise<number>;
  /** Sends a frame that may be lost. */
  awareness(frame: Bytes): void;
}
