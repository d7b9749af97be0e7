import { call, FaultError } from '../../lib/api/index.js';
import { type Follower, type LinkState, live } from '../../lib/realtime/index.js';
import { session } from '../../lib/session.svelte.js';
import { isPreview, type Outbox, type Outgoing, outbox, preview } from './outbox.svelte.js';
import { type Rooms, rooms } from './rooms.svelte.js';
import { type Row, rowsOf } from './rows.js';
import { Timeline } from './timeline.svelte.js';
import {
  counts,
  type Message,
  type Page,
  type Parcel,
  type Person,
  type Room,
  type RoomFacts,
  type State,
  type Typing,
  topicOf,
} from './wire.js';

/** What an open room needs of the world outside; tests give their own. */
export interface OpenRoomDeps {
  readonly me: () => string;
  readonly rooms: Pick<Rooms, 'put' | 'heard' | 'facts' | 'find'>;
  readonly outbox: Pick<Outbox, 'of' | 'post' | 'arrived' | 'change'>;
  readonly join: (topic: string, follower: Follower) => () => void;
  readonly whileFallback: (poll: () => Promise<void>) => () => void;
  readonly state: () => LinkState;
  readonly ask: <T>(room: string, op: string, data: object) => Promise<T>;
  readonly room: (room: string) => Promise<Room>;
  readonly changes: (room: string, after: number) => Promise<State>;
  readonly page: (
    room: string,
    query: { before?: number; after?: number; around?: number; limit?: number },
  ) => Promise<Page>;
  readonly read: (room: string, seq: number) => Promise<unknown>;
  readonly unread: (room: string, seq: number) => Promise<unknown>;
  /** The person looks at the page at this moment. */
  readonly looking: () => boolean;
  /** Says aloud what came. */
  readonly tell: (message: Message) => void;
}

type Phase = 'loading' | 'ready' | 'failed' | 'gone';

/** Where somebody stopped reading: a row, and how far it was above the upper edge. */
export interface Place {
  readonly key: string;
  readonly above: number;
}

const readDelay = 600;
const typingFor = 5_000;
const typingEvery = 3_000;
/** So many messages of a room that is not on the screen stay in memory. */
const keptLines = 150;

/** One room that is open on the screen: its history, what is new, who writes. Knows no DOM. */
export class OpenRoom {
  readonly id: string;
  readonly timeline = new Timeline();
  phase = $state<Phase>('loading');
  error = $state.raw<unknown>(null);
  room = $state.raw<Room | null>(null);
  /** The line above what is new stands after this place. */
  newAfter = $state<number | null>(null);
  /** How often everything was loaded afresh: who shows a part of the room loads it again. */
  resets = $state(0);
  typing = $state.raw<readonly Person[]>([]);
  /** Grows with everything that changes about the room itself: who is in it, what they may do. */
  changes = $state(0);
  /** Counts what the person said here. */
  said = $state(0);
  /** In slow mode: when the person may write again. */
  waitsUntil = $state(0);
  /** Older or newer messages are being fetched. */
  fetching = $state<'before' | 'after' | 'around' | null>(null);
  #underWay: Promise<void> | null = null;
  /** What was missed while the room was not open is here. */
  settled = $state(false);
  /** Where the person stopped reading, unless it was the end. */
  place: Place | null = null;
  #deps: OpenRoomDeps;
  /** On the screen; a room that is only kept ready reads nothing. */
  #shown = false;
  #atEnd = true;
  /** The person wants it unread, so looking does not read it. */
  #held = false;
  #reading: ReturnType<typeof setTimeout> | undefined;
  #hushes = new Map<string, ReturnType<typeof setTimeout>>();
  #typed = 0;
  #listeners = new Set<(message: Message) => void>();
  /** Called when something may have arrived. */
  #arrivals: Array<() => void> = [];

  constructor(id: string, deps: OpenRoomDeps = world) {
    this.id = id;
    this.#deps = deps;
  }

  rows: readonly Row[] = $derived.by(() =>
    rowsOf({
      lines: this.timeline.lines,
      outgoing: this.#deps.outbox.of(this.id),
      me: this.#deps.me(),
      newAfter: this.newAfter,
      complete: this.phase === 'ready' && !this.timeline.before,
      present: !this.timeline.after,
    }),
  );

  /** How many messages of others wait below the new line, as far as they are loaded. */
  fresh = $derived.by(() => {
    const from = this.newAfter;
    if (from === null) return 0;
    const me = this.#deps.me();
    return this.timeline.lines.filter(
      (line) => line.seq > from && line.author.id !== me && counts(line) && !line.deleted_at,
    ).length;
  });

  /** Joins the room; call the result to leave. */
  open(): () => void {
    this.#shown = true;
    if (this.phase === 'ready') this.#resume();
    const leave = this.#deps.join(topicOf(this.id), {
      after: () => this.timeline.head,
      joined: (answer) => this.take(answer as State),
      event: (name, data) => this.#event(name, data),
      closed: (code) => this.#closed(code),
    });
    const unpoll = this.#deps.whileFallback(() => this.poll());
    if (this.#deps.state() === 'fallback') void this.poll().catch(() => undefined);
    return () => {
      leave();
      unpoll();
      clearTimeout(this.#reading);
      for (const person of this.#hushes.keys()) this.#hush(person);
      this.#shown = false;
      if (this.place === null) this.timeline.shorten(keptLines);
    };
  }

  /** Loads the newest messages, so that opening the room shows them at once. */
  async prepare(): Promise<void> {
    if (this.phase === 'loading') await this.poll();
  }

  /** The room was open before: what it knows is shown at once, and what was missed comes with the join. */
  #resume(): void {
    const known = this.#deps.rooms.find(this.id) ?? this.room;
    this.settled = false;
    this.#held = false;
    this.newAfter = known && known.unread > 0 ? known.read_seq : null;
    this.#atEnd = this.newAfter === null && this.place === null;
  }

  /** What was missed: the answer to the join, or to a poll. */
  take(state: State): void {
    const first = this.phase !== 'ready';
    this.timeline.takeState(state);
    if (state.reset && !first) this.resets += 1;
    for (const message of state.messages) for (const listener of this.#listeners) listener(message);
    this.#know(state.room);
    if (state.room.unread > 0 && (first || !this.#deps.looking()) && this.newAfter === null) {
      this.newAfter = state.room.read_seq;
      // The view goes to the line above what is new, and says when it sees the end.
      if (first) this.#atEnd = false;
    }
    this.phase = 'ready';
    this.error = null;
    this.settled = true;
    this.#settle();
    this.#read();
  }

  /** The same over HTTP. */
  async poll(): Promise<void> {
    try {
      this.take(await this.#deps.changes(this.id, this.timeline.head));
    } catch (cause) {
      if (cause instanceof FaultError && (cause.status === 404 || cause.status === 403))
        this.#closed(cause.code);
      else if (this.phase === 'loading') this.#fail(cause);
    }
  }

  /** Tries again after a failure. */
  retry(): void {
    this.phase = 'loading';
    void this.poll();
  }

  async loadBefore(): Promise<void> {
    const first = this.timeline.lines[0];
    if (!this.timeline.before || !first) return;
    await this.#fetch('before', async () => {
      this.timeline.takePage(await this.#deps.page(this.id, { before: first.seq }), 'before');
    });
  }

  async loadAfter(): Promise<void> {
    const last = this.timeline.lines.at(-1);
    if (!this.timeline.after || !last) return;
    await this.#fetch('after', async () => {
      this.timeline.takePage(await this.#deps.page(this.id, { after: last.seq }), 'after');
    });
  }

  /** Makes sure that the message at a place is loaded and returns the key of its row. */
  async goTo(seq: number): Promise<string | null> {
    if (!this.#at(seq)) {
      await this.#fetch('around', async () => {
        this.timeline.replace(await this.#deps.page(this.id, { around: seq }));
      });
    }
    const hit = this.#at(seq) ?? this.timeline.lines.find((line) => line.seq > seq);
    return hit ? keyOf(hit) : null;
  }

  /** Back to the newest messages. */
  async toPresent(): Promise<void> {
    if (!this.timeline.after) return;
    await this.#fetch('around', async () => {
      this.timeline.replace(await this.#deps.page(this.id, {}));
    });
  }

  async send(parcel: Parcel): Promise<void> {
    if (!parcel.body.thread_id) {
      this.newAfter = null;
      this.#held = false;
      await this.toPresent();
    }
    await this.#deps.outbox.post(this.id, parcel);
    if (!parcel.body.thread_id) this.said += 1;
  }

  /** The person looks at the end, or does not any more. */
  set atEnd(atEnd: boolean) {
    this.#atEnd = atEnd;
    this.#read();
  }

  /** The person came back to the page. */
  looked(): void {
    this.#read();
  }

  /** The message at a place and all after it wait again, until the person comes back to the room. */
  async markUnread(seq: number): Promise<void> {
    this.#held = true;
    clearTimeout(this.#reading);
    try {
      await this.#deps.unread(this.id, seq);
      this.newAfter = seq - 1;
    } catch (cause) {
      this.#held = false;
      throw cause;
    }
  }

  /** The person is typing; others are told now and then. */
  typed(): void {
    if (this.#deps.state() !== 'open' || Date.now() - this.#typed < typingEvery) return;
    this.#typed = Date.now();
    this.#deps.ask(this.id, 'typing', {}).catch(() => undefined);
  }

  /** The last thing the person said here that can still be changed, also when it is only on its way. */
  lastSaid(me: Person, thread: string | null = null): Message | undefined {
    const here = (entry: Outgoing) => entry.state !== 'failed' && (entry.body.thread_id ?? null) === thread;
    const outgoing = this.#deps.outbox.of(this.id).findLast(here);
    const arrived = this.timeline.lines.some((line) => line.client_id === outgoing?.clientId);
    return outgoing && !arrived ? preview(outgoing, me, []) : this.timeline.lastOf(me.id, thread);
  }

  async edit(message: Message, text: string, confirmed = false): Promise<void> {
    if (isPreview(message) && (await this.#deps.outbox.change(message.id, text))) return;
    const { id } = isPreview(message) ? await this.#arrival(message.id) : message;
    const body = { text, ...(confirmed ? { confirm_many: true } : {}) };
    if (this.#deps.state() === 'open')
      this.heard(await this.#deps.ask<Message>(this.id, 'edit', { id, ...body }));
    else
      this.heard(
        await call('PATCH /chat/rooms/{room}/messages/{message}', {
          path: { room: this.id, message: id },
          body,
        }),
      );
  }

  /** The message with this client id, once it has appeared. */
  #arrival(clientId: string): Promise<Message> {
    return new Promise((resolve) => {
      const look = () => {
        const here = this.timeline.lines.find((line) => line.client_id === clientId);
        if (here) resolve(here);
        else this.#arrivals.push(look);
      };
      look();
    });
  }

  async remove(message: Message): Promise<void> {
    const { id } = message;
    if (this.#deps.state() === 'open') this.heard(await this.#deps.ask<Message>(this.id, 'delete', { id }));
    else
      this.heard(
        await call('DELETE /chat/rooms/{room}/messages/{message}', { path: { room: this.id, message: id } }),
      );
  }

  async join(): Promise<void> {
    this.#changed(await call('POST /chat/rooms/{room}/join', { path: { room: this.id } }));
  }

  /** A message as it is now: by an event, or as the answer to what the person did. */
  heard(message: Message): void {
    this.timeline.heard(message);
    for (const listener of this.#listeners) listener(message);
  }

  /** Hears of every new and changed message of the room; call the result to stop. */
  watch(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks anew what the room is and what the person may do in it. */
  async refresh(): Promise<void> {
    this.#changed(await this.#deps.room(this.id));
  }

  #changed(room: Room): void {
    this.#know(room);
    this.changes++;
  }

  #know(room: Room): void {
    this.room = room;
    this.waitsUntil = room.wait_seconds > 0 ? Date.now() + room.wait_seconds * 1000 : 0;
    this.#deps.rooms.put(room);
  }

  #event(name: string, data: unknown): void {
    switch (name) {
      case 'message':
        return this.#heard(data as Message);
      case 'changed':
        return this.heard(data as Message);
      case 'room':
        return this.#facts(data as RoomFacts);
      case 'typing':
        return this.#types((data as Typing).person);
    }
  }

  #heard(message: Message): void {
    this.heard(message);
    this.#deps.rooms.heard(this.id, message);
    this.#hush(message.author.id);
    this.#settle();
    if (message.author.id === this.#deps.me()) return this.#said(message);
    if (counts(message) && this.newAfter === null && !this.#deps.looking()) this.newAfter = message.seq - 1;
    if (counts(message)) this.#deps.tell(message);
    this.#read();
  }

  /** In slow mode, who has written waits. */
  #said(message: Message): void {
    const { slow_seconds: slow = 0, can_moderate: free = false } = this.room ?? {};
    if (slow > 0 && !free && message.kind === 'text') this.waitsUntil = Date.now() + slow * 1000;
  }

  #facts(facts: RoomFacts): void {
    this.#deps.rooms.facts(facts);
    this.changes++;
    const { room } = this;
    if (!room) return;
    const {
      name,
      topic,
      description,
      color,
      emoji,
      slow_seconds,
      call: running,
      members,
      expire_after,
    } = facts;
    this.room = {
      ...room,
      name,
      topic,
      description,
      color,
      emoji,
      slow_seconds,
      members,
      call: running,
      expire_after,
    };
    // Somebody came, went or called: everybody hears it, and nobody has to ask.
    const lively = (members !== room.members && room.kind !== 'group') || running !== room.call;
    if (lively && (facts.archived_at ?? '') === (room.archived_at ?? '')) return;
    // A role or the whole room may have changed, and with it what the person may do.
    this.#deps.room(this.id).then(
      (fresh) => this.#changed(fresh),
      () => undefined,
    );
  }

  #types(person: Person): void {
    if (person.id === this.#deps.me()) return;
    this.#hush(person.id);
    this.typing = [...this.typing, person];
    this.#hushes.set(
      person.id,
      setTimeout(() => this.#hush(person.id), typingFor),
    );
  }

  #hush(person: string): void {
    clearTimeout(this.#hushes.get(person));
    if (this.typing.some((one) => one.id === person))
      this.typing = this.typing.filter((one) => one.id !== person);
  }

  /** Outgoing messages that have arrived are outgoing no more. */
  #settle(): void {
    this.#deps.outbox.arrived(new Set(this.timeline.lines.map((line) => line.client_id ?? '')));
    for (const look of this.#arrivals.splice(0)) look();
  }

  /** Moves the reading cursor when the person sees the end. */
  #read(): void {
    clearTimeout(this.#reading);
    if (this.#held) return;
    const seq = this.timeline.lines.at(-1)?.seq ?? 0;
    const known = this.#deps.rooms.find(this.id) ?? this.room;
    if (!known || known.role === 'none' || seq <= known.read_seq) return;
    if (!this.#shown || !this.#atEnd || this.timeline.after || !this.#deps.looking()) return;
    this.#reading = setTimeout(() => {
      this.#deps.read(this.id, Math.max(seq, this.timeline.lines.at(-1)?.seq ?? 0)).catch(() => undefined);
    }, readDelay);
  }

  #closed(code: string): void {
    if (this.phase === 'ready' || code !== 'offline') this.phase = 'gone';
  }

  #fail(cause: unknown): void {
    this.error = cause;
    this.phase = 'failed';
  }

  /** One at a time. Where somebody wants to go waits for what is under way; more is asked for again as they scroll. */
  async #fetch(what: 'before' | 'after' | 'around', load: () => Promise<void>): Promise<void> {
    while (this.#underWay) {
      if (what !== 'around') return;
      await this.#underWay.catch(() => undefined);
    }
    this.fetching = what;
    this.#underWay = load();
    try {
      await this.#underWay;
    } finally {
      this.#underWay = null;
      this.fetching = null;
    }
  }

  #at(seq: number): Message | undefined {
    return this.timeline.lines.find((line) => line.seq === seq);
  }
}

/** The key of a message's row. */
export const keyOf = (message: Message): string =>
  (message.kind === 'text' && message.client_id) || message.id;

/** Who tells what came; the page sets it to the announcer. */
let teller: (message: Message) => void = () => undefined;

export function tellWith(tell: (message: Message) => void): void {
  teller = tell;
}

const world: OpenRoomDeps = {
  me: () => session.me?.id ?? '',
  rooms,
  outbox,
  join: (topic, follower) => live.join(topic, follower),
  whileFallback: (poll) => live.whileFallback(poll),
  state: () => live.state,
  ask: (room, op, data) => live.ask(topicOf(room), op, data),
  room: (room) => call('GET /chat/rooms/{room}', { path: { room } }),
  changes: (room, after) => call('GET /chat/rooms/{room}/changes', { path: { room }, query: { after } }),
  page: (room, query) => call('GET /chat/rooms/{room}/messages', { path: { room }, query }),
  read: (room, seq) =>
    live.state === 'open'
      ? live.ask(topicOf(room), 'read', { seq })
      : call('POST /chat/rooms/{room}/read', { path: { room }, body: { seq } }),
  unread: (room, seq) => call('POST /chat/rooms/{room}/unread', { path: { room }, body: { seq } }),
  looking: () => document.visibilityState === 'visible' && document.hasFocus(),
  tell: (message) => teller(message),
};
