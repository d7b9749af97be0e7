import { call, FaultError } from '../../lib/api/index.js';
import { type LinkState, live } from '../../lib/realtime/index.js';
import { session } from '../../lib/session.svelte.js';
import { outbox as stored } from '../../lib/storage/store.js';
import { askingForMany } from './many.js';
import { type Body, type Message, type Parcel, type Person, topicOf } from './wire.js';

/** A message on its way. sent: the server has it, and it appears in the room at any moment. */
export interface Outgoing extends Parcel {
  readonly clientId: string;
  readonly room: string;
  readonly at: string;
  readonly state: 'waiting' | 'failed' | 'sent';
  /** It did not get through at once. */
  readonly delayed?: boolean;
  /** Why it failed. */
  readonly error?: unknown;
}

export interface OutboxDeps {
  readonly state: () => LinkState;
  readonly onState: (listener: () => void) => () => void;
  readonly send: (entry: Outgoing) => Promise<Message>;
  readonly keep: (entry: Outgoing) => Promise<void>;
  readonly drop: (entry: Outgoing) => Promise<void>;
  readonly kept: () => Promise<readonly unknown[]>;
  readonly newId: () => string;
  readonly wait: (ms: number) => Promise<void>;
}

/** Faults that another attempt may not meet again. */
const passing: readonly string[] = [
  'offline',
  'unavailable',
  'storage_unavailable',
  'storage_busy',
  'rate_limited',
  'chat.too_fast',
];
const pause = 1_500;

/**
 * Messages that the server has not confirmed yet, of all rooms. They are kept in this browser, go in
 * order, and go once: the client id makes a repetition harmless.
 */
export class Outbox {
  entries = $state.raw<readonly Outgoing[]>([]);
  #deps: OutboxDeps;
  #recovered = false;
  #working = new Set<string>();
  #wake: Array<() => void> = [];

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  of(room: string): readonly Outgoing[] {
    return this.entries.filter((entry) => entry.room === room);
  }

  /** Works from now on, and takes up what was left over when the page was closed. Call the result to stop. */
  start(): () => void {
    this.#stateChanged();
    const stop = this.#deps.onState(() => this.#stateChanged());
    return () => {
      stop();
      this.entries = [];
    };
  }

  /** Puts a message on its way. */
  async post(room: string, { body, shown }: Parcel): Promise<void> {
    const at = new Date().toISOString();
    const entry: Outgoing = { clientId: this.#deps.newId(), room, body, shown, at, state: 'waiting' };
    this.entries = [...this.entries, entry];
    await this.#deps.keep(entry).catch(() => undefined);
    void this.#work(room);
  }

  /** Tries a failed message again. */
  again(clientId: string): void {
    const entry = this.#set(clientId, { state: 'waiting' });
    if (entry) void this.#work(entry.room);
  }

  /** Gives a failed message up; its text is the caller's to keep. */
  discard(clientId: string): void {
    const entry = this.entries.find((one) => one.clientId === clientId);
    if (entry) this.#remove(entry);
  }

  /** Changes the words of a message that has not gone out; false: it is on its way already, or has arrived. */
  async change(clientId: string, text: string): Promise<boolean> {
    const state = this.#deps.state();
    const entry = this.entries.find((one) => one.clientId === clientId);
    if (!entry || entry.state === 'sent') return false;
    // It may have left: the server would take a second attempt for the first one.
    if (entry.state === 'waiting' && (entry.delayed || state === 'open' || state === 'fallback'))
      return false;
    const changed = this.#set(clientId, { body: { ...entry.body, text } });
    if (changed) await this.#deps.keep(changed).catch(() => undefined);
    return true;
  }

  /** These have appeared in the room. */
  arrived(clientIds: ReadonlySet<string>): void {
    const left = this.entries.filter((entry) => entry.state !== 'sent' || !clientIds.has(entry.clientId));
    if (left.length < this.entries.length) this.entries = left;
  }

  #stateChanged(): void {
    const state = this.#deps.state();
    if (state === 'stopped') {
      // Somebody signed out: what follows belongs to somebody else.
      this.#recovered = false;
      this.entries = [];
    } else if ((state === 'open' || state === 'fallback') && !this.#recovered) {
      this.#recovered = true;
      void this.#recover();
    }
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #recover(): Promise<void> {
    const found: readonly unknown[] = await this.#deps.kept().catch(() => []);
    const kept = found.map(outgoingOf).filter((entry) => entry !== null);
    const known = new Set(this.entries.map((entry) => entry.clientId));
    const old = kept.filter((entry) => !known.has(entry.clientId));
    this.entries = [...old.sort((a, b) => a.at.localeCompare(b.at)), ...this.entries];
    for (const room of new Set(old.map((entry) => entry.room))) void this.#work(room);
  }

  /** Sends what waits in a room, one after the other, so that the order stays. */
  async #work(room: string): Promise<void> {
    if (this.#working.has(room)) return;
    this.#working.add(room);
    try {
      for (let next = this.#next(room); next; next = this.#next(room)) await this.#send(next);
    } finally {
      this.#working.delete(room);
    }
  }

  #next(room: string): Outgoing | undefined {
    return this.entries.find((entry) => entry.room === room && entry.state === 'waiting');
  }

  async #send(entry: Outgoing): Promise<void> {
    const state = this.#deps.state();
    if (state !== 'open' && state !== 'fallback') return this.#connection();
    try {
      await this.#deps.send(entry);
      this.#set(entry.clientId, { state: 'sent' });
      await this.#deps.drop(entry).catch(() => undefined);
    } catch (cause) {
      if (!(cause instanceof FaultError && passing.includes(cause.code))) {
        this.#set(entry.clientId, { state: 'failed', error: cause });
        return;
      }
      this.#set(entry.clientId, { delayed: true });
      await this.#deps.wait(pause);
    }
  }

  /** Waits until the state of the connection changes. */
  #connection(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #set(clientId: string, change: Partial<Outgoing>): Outgoing | undefined {
    this.entries = this.entries.map((entry) =>
      entry.clientId === clientId ? { ...entry, ...change } : entry,
    );
    return this.entries.find((entry) => entry.clientId === clientId);
  }

  #remove(entry: Outgoing): void {
    this.entries = this.entries.filter((other) => other.clientId !== entry.clientId);
    void this.#deps.drop(entry).catch(() => undefined);
  }
}

/** What was kept in the browser, perhaps by an older version of the portal, which knew only texts. */
function outgoingOf(value: unknown): Outgoing | null {
  if (typeof value !== 'object' || value === null) return null;
  const { clientId, room, at, text, body = { text }, shown } = value as Record<string, unknown>;
  if (typeof clientId !== 'string' || typeof room !== 'string' || typeof at !== 'string') return null;
  if (typeof body !== 'object' || body === null || typeof (body as Body).text !== 'string') return null;
  return { clientId, room, at, body: body as Body, shown: shown ?? {}, state: 'waiting' };
}

/** How a message that is on its way is drawn. */
export const preview = (entry: Outgoing, author: Person, people: Person[]): Message => ({
  id: entry.clientId,
  client_id: entry.clientId,
  seq: Number.MAX_SAFE_INTEGER,
  rev: 0,
  kind: 'text',
  author,
  people,
  text: entry.body.text,
  data: {},
  created_at: entry.at,
  ...entry.shown,
});

/** A message that is still on its way: nobody else has seen it. */
export const isPreview = (message: Message): boolean => message.rev === 0;

/** Each person of this browser has an outbox of their own. */
const prefix = () => `chat:${session.me?.id ?? ''}:`;

export const outbox = new Outbox({
  state: () => live.state,
  onState: (listener) => live.onState(listener),
  send: (entry) => {
    const { room } = entry;
    return askingForMany((confirmed) => {
      const body = { ...entry.body, client_id: entry.clientId, ...(confirmed ? { confirm_many: true } : {}) };
      if (live.state === 'open') return live.ask<Message>(topicOf(room), 'send', body);
      return call('POST /chat/rooms/{room}/messages', { path: { room }, body });
    });
  },
  keep: (entry) => stored.set(prefix() + entry.clientId, { ...entry, state: 'waiting' }),
  drop: (entry) => stored.delete(prefix() + entry.clientId),
  kept: async () => (await stored.entries(prefix())).map(([, value]) => value),
  newId: () => crypto.randomUUID(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});
