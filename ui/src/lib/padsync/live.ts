import { call, FaultError } from '../api/index.js';
import { type Bytes, fromBase64, toBase64 } from '../crypto/bytes.js';
import { live } from '../realtime/index.js';
import {
  type CatchUp,
  type LoggedFrame,
  type PadTransport,
  TransportError,
  type TransportHandlers,
} from './transport.js';

const kinds = { update: 1, awareness: 3 } as const;
const pollEvery = 2_000;

/** Refusals that another attempt may not meet again; every other one is final. */
const passing: ReadonlySet<string> = new Set([
  'offline',
  'internal',
  'unavailable',
  'storage_unavailable',
  'rate_limited',
  'unauthenticated',
  'not_signed_in',
  'not_joined',
  'resync',
  'pads.log_busy',
  'pads.log_full',
]);

/** A frame as JSON answers carry it. */
interface RawFrame {
  readonly seq: number;
  readonly frame: string;
}

interface RawCatchUp {
  readonly head: number;
  readonly snapshot?: RawFrame | undefined;
  readonly updates: readonly RawFrame[] | null;
  readonly latest_snapshot: number;
  readonly tail_bytes: number;
}

export interface LiveTransportOptions {
  readonly pad: string;
  /** Somebody changed the title. */
  readonly title: (title: string, frame: Bytes | null) => void;
}

/** Follows a pad over the tab's socket, and over plain HTTP where sockets are refused. */
export class LiveTransport implements PadTransport {
  readonly #pad: string;
  readonly #options: LiveTransportOptions;
  #handlers: TransportHandlers | null = null;
  #leave: Array<() => void> = [];
  #poll: ReturnType<typeof setInterval> | undefined;
  #polling = false;

  constructor(options: LiveTransportOptions) {
    this.#pad = options.pad;
    this.#options = options;
  }

  get #topic(): string {
    return `pad:${this.#pad}`;
  }

  start(handlers: TransportHandlers): void {
    this.#handlers = handlers;
    const leaveTopic = live.join(this.#topic, {
      ownOrder: true,
      after: () => handlers.position(),
      joined: (answer) => this.#joined(answer),
      binary: (kind, payload, seq) => {
        if (kind === kinds.update) handlers.update(seq, payload);
        else if (kind === kinds.awareness) handlers.awareness(payload);
      },
      event: (name, data) => this.#event(name, data),
      closed: (code) => handlers.closed(code),
    });
    this.#leave = [leaveTopic, live.onState(() => this.#linkChanged())];
    this.#linkChanged();
  }

  stop(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
    this.#handlers = null;
    for (const leave of this.#leave.splice(0)) leave();
  }

  async append(frames: readonly Bytes[]): Promise<readonly number[]> {
    return this.#attempt(async () => {
      if (live.state !== 'fallback') {
        const stored = frames.map((frame) =>
          live.askBinary<{ seq: number }>(this.#topic, kinds.update, frame),
        );
        return (await Promise.all(stored)).map(({ seq }) => seq);
      }
      const body = { frames: frames.map(toBase64) };
      return (await call('POST /pads/{pad}/log', { path: { pad: this.#pad }, body })).seqs ?? [];
    });
  }

  async fetch(after: number, options: { olderThan?: number } = {}): Promise<CatchUp> {
    const query = {
      after,
      ...(options.olderThan === undefined ? {} : { older_than: options.olderThan }),
    };
    return this.#attempt(async () =>
      readCatchUp(await call('GET /pads/{pad}/log', { path: { pad: this.#pad }, query })),
    );
  }

  async snapshot(frame: Bytes, shadow: string | null): Promise<number> {
    const body = { frame: toBase64(frame), ...(shadow === null ? {} : { shadow }) };
    return this.#attempt(
      async () => (await call('POST /pads/{pad}/snapshots', { path: { pad: this.#pad }, body })).covers,
    );
  }

  awareness(frame: Bytes): void {
    if (live.state === 'open') {
      live.askBinary(this.#topic, kinds.awareness, frame).catch(() => undefined);
    }
  }

  #joined(answer: unknown): void {
    if (isRecord(answer) && isRecord(answer.log)) {
      this.#handlers?.joined(readCatchUp(answer.log as unknown as RawCatchUp));
    }
  }

  #event(name: string, data: unknown): void {
    if (!isRecord(data)) return;
    if (name === 'snapshot' && typeof data.covers === 'number') this.#handlers?.snapshotTaken(data.covers);
    if (name === 'title' && typeof data.title === 'string') {
      const frame = typeof data.title_frame === 'string' ? fromBase64(data.title_frame) : null;
      this.#options.title(data.title, frame);
    }
  }

  #linkChanged(): void {
    if (live.state === 'fallback') {
      this.#poll ??= setInterval(() => void this.#look(true), pollEvery);
      void this.#look(false);
      return;
    }
    clearInterval(this.#poll);
    this.#poll = undefined;
    if (live.state !== 'open') this.#handlers?.left();
  }

  // Each look is a small join: it brings what is new and says that the server can be reached.
  async #look(onlyIfSeen: boolean): Promise<void> {
    const handlers = this.#handlers;
    if (handlers === null || this.#polling || (onlyIfSeen && document.visibilityState !== 'visible')) return;
    this.#polling = true;
    try {
      const catchUp = await this.fetch(handlers.position());
      if (live.state === 'fallback' && this.#handlers === handlers) handlers.joined(catchUp);
    } catch (error) {
      if (error instanceof TransportError && error.final) handlers.closed(error.code);
      else handlers.left();
    } finally {
      this.#polling = false;
    }
  }

  async #attempt<T>(what: () => Promise<T>): Promise<T> {
    try {
      return await what();
    } catch (cause) {
      const code = cause instanceof FaultError ? cause.code : 'internal';
      throw new TransportError(code, { final: !passing.has(code), cause });
    }
  }
}

function readCatchUp(raw: RawCatchUp): CatchUp {
  return {
    head: raw.head,
    snapshot: raw.snapshot ? readFrame(raw.snapshot) : null,
    updates: (raw.updates ?? []).map(readFrame),
    latestSnapshot: raw.latest_snapshot,
    tailBytes: raw.tail_bytes,
  };
}

function readFrame({ seq, frame }: RawFrame): LoggedFrame {
  return { seq, frame: fromBase64(frame) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
