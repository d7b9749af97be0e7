import { call, FaultError } from '../../lib/api/index.js';
import { type LinkState, live } from '../../lib/realtime/index.js';
import { session } from '../../lib/session.svelte.js';
import { outbox as stored } from '../../lib/storage/store.js';
import { depot } from './files/depot.js';
import { askingForMany } from './many.js';
import { type Body, type Message, type Parcel, type Person, topicOf, type Upload } from './wire.js';

/** A message on its way. sent: the server has it, and it appears in the room at any moment. */
export interface Outgoing extends Omit<Parcel, 'uploads'> {
  readonly clientId: string;
  readonly room: string;
  readonly at: string;
  readonly state: 'waiting' | 'failed' | 'sent';
  /** Keys of the files that had not arrived when it was sent, in their order. */
  readonly uploads?: readonly string[];
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
  /** Goes on with a file that an earlier visit left; null: it is not here any more. */
  readonly recover: (key: string) => Promise<Upload | null>;
  /** Whether this browser still keeps the message: another tab may have sent it. */
  readonly isKept: (entry: Outgoing) => Promise<boolean>;
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
  #uploads = $state.raw<ReadonlyMap<string, readonly Upload[]>>(new Map());
  #wake: Array<() => void> = [];

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  of(room: string): readonly Outgoing[] {
    return this.entries.filter((entry) => entry.room === room);
  }

  /** The files of a message that it still waits for. */
  uploadsOf(clientId: string): readonly Upload[] {
    return this.#uploads.get(clientId) ?? [];
  }

  /** Something would be lost with the page. */
  get unkept(): boolean {
    return [...this.#uploads.values()].some((all) => all.some((one) => !one.kept));
  }

  /** Works from now on, and takes up what was left over when the page was closed. Call the result to stop. */
  start(): () => void {
    this.#stateChanged();
    const stop = this.#deps.onState(() => this.#stateChanged());
    return () => {
      stop();
      this.#forget();
    };
  }

  /** Puts a message on its way. */
  async post(room: string, { body, shown, uploads = [] }: Parcel): Promise<void> {
    const at = new Date().toISOString();
    const follows = uploads.length > 0 ? { uploads: uploads.map((one) => one.key) } : {};
    const entry: Outgoing = {
      clientId: this.#deps.newId(),
      room,
      body,
      shown,
      at,
      state: 'waiting',
      ...follows,
    };
    this.#follow(entry, uploads);
    this.entries = [...this.entries, entry];
    await this.#deps.keep(entry).catch(() => undefined);
    // The message first: a file that no message waits for is tidied away.
    await Promise.all(uploads.map((one) => one.store()));
    await this.#moved(entry.clientId);
  }

  /** Tries a failed message again. */
  again(clientId: string): void {
    const lost = this.entries.find((one) => one.clientId === clientId && !this.#hasAll(one));
    const entry = lost ? undefined : this.#set(clientId, { state: 'waiting' });
    for (const upload of this.uploadsOf(clientId)) upload.again();
    if (entry) void this.#work(entry.room);
  }

  /** Gives a failed message up; its text is the caller's to keep. */
  discard(clientId: string): void {
    const entry = this.entries.find((one) => one.clientId === clientId);
    if (!entry) return;
    for (const upload of this.uploadsOf(clientId)) void upload.cancel();
    this.#remove(entry);
  }

  /** Gives a message up that has not gone out, and its files with it; they are the caller's to send or cancel. */
  takeBack(clientId: string): readonly Upload[] {
    const uploads = this.uploadsOf(clientId);
    const entry = this.entries.find((one) => one.clientId === clientId);
    if (entry) this.#remove(entry);
    return uploads;
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
      this.#forget();
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
    for (const entry of old) await this.#recoverUploads(entry);
    this.entries = [...old.sort((a, b) => a.at.localeCompare(b.at)), ...this.entries];
    for (const entry of old) if (entry.uploads) await this.#moved(entry.clientId);
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
    return this.entries.find(
      (entry) => entry.room === room && entry.state === 'waiting' && this.#arrivedAll(entry),
    );
  }

  #arrivedAll(entry: Outgoing): boolean {
    return this.#hasAll(entry) && this.uploadsOf(entry.clientId).every((one) => one.state === 'done');
  }

  #hasAll({ clientId, uploads = [] }: Outgoing): boolean {
    return this.uploadsOf(clientId).length === uploads.length;
  }

  /** The message goes when its files have arrived. Others do not wait for it. */
  #follow(entry: Outgoing, uploads: readonly Upload[]): void {
    if (uploads.length === 0) return;
    this.#uploads = new Map([...this.#uploads, [entry.clientId, uploads]]);
    for (const upload of uploads) upload.watch(() => void this.#moved(entry.clientId));
  }

  async #moved(clientId: string): Promise<void> {
    const entry = this.entries.find((one) => one.clientId === clientId);
    const uploads = this.uploadsOf(clientId);
    if (!entry || entry.state === 'sent') return;
    const failed = uploads.find((one) => one.state === 'failed');
    const lost = !this.#hasAll(entry) || uploads.some((one) => one.state === 'gone');
    if (lost && !(await this.#deps.isKept(entry))) this.#remove(entry);
    else if (lost) this.#set(clientId, { state: 'failed', error: new FaultError('files.lost', 0) });
    else if (failed) this.#set(clientId, { state: 'failed', error: failed.error });
    else void this.#work(entry.room);
  }

  /** Files of an earlier visit go on where they were; without them the message cannot go. */
  async #recoverUploads(entry: Outgoing): Promise<void> {
    const keys = entry.uploads ?? [];
    const found = await Promise.all(keys.map((key) => this.#deps.recover(key).catch(() => null)));
    const uploads = found.filter((one) => one !== null);
    this.#follow(entry, uploads);
  }

  #forget(): void {
    for (const uploads of this.#uploads.values()) for (const one of uploads) one.release();
    this.#uploads = new Map();
    this.entries = [];
  }

  async #send(entry: Outgoing): Promise<void> {
    const state = this.#deps.state();
    if (state !== 'open' && state !== 'fallback') return this.#connection();
    try {
      await this.#deps.send(this.#whole(entry));
      this.#set(entry.clientId, { state: 'sent' });
      this.#settle(entry);
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

  /** The message with the files that have arrived since it was written. */
  #whole(entry: Outgoing): Outgoing {
    const uploads = this.uploadsOf(entry.clientId);
    if (uploads.length === 0) return entry;
    const files = [...(entry.body.files ?? []), ...uploads.map((one) => one.facts.id)];
    return { ...entry, body: { ...entry.body, files } };
  }

  /** Its files have gone out with it. */
  #settle({ clientId, shown }: Outgoing): void {
    const uploads = this.uploadsOf(clientId);
    if (uploads.length === 0) return;
    const before = (shown.files ?? []).slice(0, -uploads.length);
    this.#set(clientId, { shown: { ...shown, files: [...before, ...uploads.map((one) => one.facts)] } });
    for (const one of uploads) one.release();
    this.#drop(clientId);
  }

  #drop(clientId: string): void {
    const left = new Map(this.#uploads);
    left.delete(clientId);
    this.#uploads = left;
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
    this.#drop(entry.clientId);
    void this.#deps.drop(entry).catch(() => undefined);
  }
}

/** What was kept in the browser, perhaps by an older version of the portal, which knew only texts. */
function outgoingOf(value: unknown): Outgoing | null {
  if (typeof value !== 'object' || value === null) return null;
  const { clientId, room, at, text, body = { text }, shown, uploads } = value as Record<string, unknown>;
  if (typeof clientId !== 'string' || typeof room !== 'string' || typeof at !== 'string') return null;
  if (typeof body !== 'object' || body === null || typeof (body as Body).text !== 'string') return null;
  const keys = Array.isArray(uploads) ? { uploads: uploads.map(String) } : {};
  return { clientId, room, at, body: body as Body, shown: shown ?? {}, state: 'waiting', ...keys };
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
  drop: async (entry) => {
    await stored.delete(prefix() + entry.clientId);
    for (const key of entry.uploads ?? []) await depot.drop(key);
  },
  kept: async () => {
    const files = await depot.keys().catch(() => []);
    const all = (await stored.entries(prefix())).map(([, value]) => value);
    const wanted = new Set(all.flatMap((value) => outgoingOf(value)?.uploads ?? []));
    for (const key of files) if (!wanted.has(key)) await depot.drop(key);
    return all;
  },
  recover: async (key) => {
    const found = await depot.find(key);
    if (!found) return null;
    // Rare, and the outbox is on the first page.
    const { Sending } = await import('./files/sending.svelte.js');
    const sending = Sending.recovered(found);
    void sending.start();
    return sending;
  },
  isKept: async (entry) => (await stored.get(prefix() + entry.clientId)) !== undefined,
  newId: () => crypto.randomUUID(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});
