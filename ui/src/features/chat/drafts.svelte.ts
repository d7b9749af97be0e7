import { call } from '../../lib/api/index.js';
import { type LinkState, live } from '../../lib/realtime/index.js';
import { session } from '../../lib/session.svelte.js';
import { drafts as stored } from '../../lib/storage/store.js';
import type { Meant } from './mention.js';
import type { Draft, DraftRef, Personal, RoomGone } from './wire.js';

/** A draft as this browser keeps it. An empty one says that there is none any more. */
export interface Kept {
  readonly text: string;
  readonly meant: readonly Meant[];
  /** When it was written. */
  readonly at: string;
  /** The server has not got it yet. */
  readonly fresh: boolean;
}

export interface DraftsDeps {
  readonly me: () => string;
  readonly state: () => LinkState;
  readonly now: () => Date;
  readonly local: {
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown): Promise<void>;
    delete(key: string): Promise<void>;
    entries(prefix: string): Promise<Array<[string, unknown]>>;
  };
  readonly put: (room: string, thread: string, kept: Kept) => Promise<Draft>;
  readonly all: () => Promise<readonly Draft[]>;
}

const pushAfter = 900;

/**
 * What the person has not sent, in this browser and on the server. Of two versions the one written
 * later counts; without a connection the one here stays and goes out later.
 */
export class Drafts {
  /** What the server knows of, latest first. */
  refs = $state.raw<readonly DraftRef[]>([]);
  #deps: DraftsDeps;
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Who writes in a room at this moment and takes over what comes from another device. */
  #open = new Map<string, (draft: Kept) => void>();

  constructor(deps: DraftsDeps) {
    this.#deps = deps;
  }

  has(room: string): boolean {
    return this.refs.some((ref) => ref.room_id === room);
  }

  /** The draft of a composer: the latest of what is here and what the server has. */
  async get(key: string): Promise<Kept | undefined> {
    const here = keptOf(await this.#deps.local.get(key).catch(() => undefined));
    const ref = this.#refOf(key);
    const there = ref && (!here || ref.written_at > here.at) ? await this.#fetch(key) : undefined;
    const draft = there ?? here;
    return draft && draft.text.trim() !== '' ? draft : undefined;
  }

  async set(key: string, value: { readonly text: string; readonly meant: readonly Meant[] }): Promise<void> {
    const { text, meant } = value;
    await this.#keep(key, { text, meant, at: this.#deps.now().toISOString(), fresh: true });
  }

  async delete(key: string): Promise<void> {
    const here = keptOf(await this.#deps.local.get(key).catch(() => undefined));
    if (!here && !this.#refOf(key)) return;
    await this.#keep(key, { text: '', meant: [], at: this.#deps.now().toISOString(), fresh: true });
  }

  /** Hears what was written on another device while a composer is open; call the result to stop. */
  watch(key: string, listener: (draft: Kept) => void): () => void {
    this.#open.set(key, listener);
    return () => {
      if (this.#open.get(key) === listener) this.#open.delete(key);
      this.#push(key);
    };
  }

  /** A new snapshot of what the server has. */
  async take(refs: readonly DraftRef[]): Promise<void> {
    this.refs = refs;
    for (const key of this.#open.keys()) {
      const ref = this.#refOf(key);
      const here = keptOf(await this.#deps.local.get(key).catch(() => undefined));
      if (ref && ref.written_at > (here?.at ?? '')) this.#adopt(key, await this.#fetch(key));
    }
    await this.pushAll();
  }

  /** A draft was written somewhere; perhaps here. */
  async heard(draft: Draft): Promise<void> {
    const key = this.#keyOf(draft.room_id, draft.thread_id ?? '');
    const others = this.refs.filter((ref) => this.#keyOf(ref.room_id, ref.thread_id ?? '') !== key);
    const { room_id, thread_id, written_at } = draft;
    const ref = {
      room_id,
      ...(thread_id ? { thread_id } : {}),
      begins: draft.text.slice(0, 120),
      written_at,
    };
    this.refs = draft.text === '' ? others : [ref, ...others];
    const here = keptOf(await this.#deps.local.get(key).catch(() => undefined));
    if (here && here.at >= written_at) return;
    const kept = { text: draft.text, meant: draft.meant, at: written_at, fresh: false };
    await this.#deps.local.set(key, kept).catch(() => undefined);
    this.#adopt(key, kept);
  }

  /** Everything that was written without a connection goes out. */
  async pushAll(): Promise<void> {
    const prefix = `chat:${this.#deps.me()}:`;
    const all = await this.#deps.local.entries(prefix).catch(() => []);
    for (const [key, value] of all) if (keptOf(value)?.fresh) this.#push(key);
  }

  /** The room is no longer the person's: what was begun there goes with it. */
  async lost({ room_id, reason }: RoomGone): Promise<void> {
    if (reason === 'archived') return;
    this.refs = this.refs.filter((ref) => ref.room_id !== room_id);
    const all = await this.#deps.local.entries(this.#keyOf(room_id, '')).catch(() => []);
    for (const [key] of all) {
      clearTimeout(this.#timers.get(key));
      this.#timers.delete(key);
      await this.#deps.local.delete(key);
    }
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.refs = [];
  }

  #adopt(key: string, draft: Kept | undefined): void {
    if (draft) this.#open.get(key)?.(draft);
  }

  async #keep(key: string, kept: Kept): Promise<void> {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => this.#push(key), kept.text === '' ? 0 : pushAfter),
    );
    await this.#deps.local.set(key, kept);
  }

  #push(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    void this.#send(key).catch(() => undefined);
  }

  async #send(key: string): Promise<void> {
    if (this.#deps.state() === 'stopped') return;
    const here = keptOf(await this.#deps.local.get(key));
    if (!here?.fresh) return;
    const [room, thread] = partsOf(key);
    if (!room) return;
    const counts = await this.#deps.put(room, thread, here);
    const now = keptOf(await this.#deps.local.get(key));
    // Meanwhile the person may have written on.
    if (now?.at !== here.at) return;
    if (counts.text === here.text) return this.#settle(key, here);
    const kept = { text: counts.text, meant: counts.meant, at: counts.written_at, fresh: false };
    await this.#settle(key, kept);
    this.#adopt(key, kept);
  }

  async #settle(key: string, kept: Kept): Promise<void> {
    if (kept.text === '') await this.#deps.local.delete(key);
    else await this.#deps.local.set(key, { ...kept, fresh: false });
  }

  async #fetch(key: string): Promise<Kept | undefined> {
    const [room, thread] = partsOf(key);
    const all = await this.#deps.all().catch(() => []);
    const found = all.find((one) => one.room_id === room && (one.thread_id ?? '') === thread);
    if (!found) return undefined;
    const kept = { text: found.text, meant: found.meant, at: found.written_at, fresh: false };
    await this.#deps.local.set(key, kept).catch(() => undefined);
    return kept;
  }

  #refOf(key: string): DraftRef | undefined {
    return this.refs.find((ref) => this.#keyOf(ref.room_id, ref.thread_id ?? '') === key);
  }

  #keyOf(room: string, thread: string): string {
    return draftKey(this.#deps.me(), room, thread);
  }

  /** Follows what the server tells the person; call the result to stop. */
  follow(): () => void {
    const ends = [
      live.onState((state) => {
        if (state === 'stopped') this.clear();
        if (state === 'open') void this.pushAll();
      }),
      live.onMePart('chat_personal', (part) => void this.take((part as Personal).drafts)),
      live.onMe('draft', (data) => void this.heard(data as Draft)),
      live.onMe('room_removed', (data) => void this.lost(data as RoomGone)),
    ];
    return () => {
      for (const end of ends) end();
      this.clear();
    };
  }
}

/** Under which name a composer's draft is kept. */
export const draftKey = (me: string, room: string, thread = ''): string =>
  thread ? `chat:${me}:${room}:${thread}` : `chat:${me}:${room}`;

function partsOf(key: string): readonly [room: string, thread: string] {
  const [, , room = '', thread = ''] = key.split(':');
  return [room, thread];
}

/** What was kept in the browser, perhaps by an older version of the portal, which knew no times. */
function keptOf(value: unknown): Kept | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { text, meant, at = '', fresh = true } = value as Record<string, unknown>;
  if (typeof text !== 'string' || !Array.isArray(meant) || typeof at !== 'string') return undefined;
  return { text, meant, at: at || new Date(0).toISOString(), fresh: fresh === true };
}

export const drafts = new Drafts({
  me: () => session.me?.id ?? '',
  // Guests by link have no place on the server for what they have not sent.
  state: () => (session.may('account') ? live.state : 'stopped'),
  now: () => new Date(),
  local: stored,
  put: (room, thread, { text, meant, at }) =>
    call('PUT /chat/rooms/{room}/draft', {
      path: { room },
      body: {
        text,
        meant: [...meant],
        written_at: at,
        ...(thread ? { thread_id: thread } : {}),
      },
    }),
  all: async () => (await call('GET /chat/drafts')).items,
});
