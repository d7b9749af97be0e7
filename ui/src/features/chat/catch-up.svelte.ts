import { call } from '../../lib/api/index.js';
import { session } from '../../lib/session.svelte.js';
import { outbox } from './outbox.svelte.js';
import { rooms } from './rooms.svelte.js';
import { counts, type Message, type Room } from './wire.js';

export interface CatchUpDeps {
  readonly me: () => string;
  /** The rooms that count, with what is unread. */
  readonly loud: () => readonly Room[];
  readonly find: (room: string) => Room | undefined;
  readonly page: (room: string, after: number, limit: number) => Promise<readonly Message[]>;
  readonly read: (room: string, seq: number) => Promise<unknown>;
  readonly send: (room: string, text: string) => Promise<void>;
}

/** Who is called by name comes first, then who was written to directly, then by time. */
const byNeed = (a: Room, b: Room): number =>
  Math.sign(b.mentions) - Math.sign(a.mentions) ||
  Number(b.kind === 'direct') - Number(a.kind === 'direct') ||
  b.last_at.localeCompare(a.last_at);

const most = 30;

/** Everything unread, room by room. A room stays in its place once it is here, so that nothing jumps. */
export class CatchUp {
  /** Ids of the rooms, in the order in which they are gone through. */
  order = $state.raw<readonly string[]>([]);
  at = $state(0);
  /** What is unread in the room at hand; null while it is fetched. */
  messages = $state.raw<readonly Message[] | null>(null);
  failed = $state.raw<unknown>(null);
  #deps: CatchUpDeps;
  #round = 0;

  constructor(deps: CatchUpDeps = world) {
    this.#deps = deps;
    this.order = [...deps.loud()]
      .filter((room) => room.unread > 0)
      .sort(byNeed)
      .map((room) => room.id);
  }

  room = $derived.by(() => {
    const id = this.order[this.at];
    return id === undefined ? undefined : this.#deps.find(id);
  });

  /** How many rooms still have something unread. */
  left = $derived.by(() => this.#deps.loud().filter((room) => room.unread > 0).length);

  /** Unread messages of the room that are not shown here. */
  hidden = $derived.by(() => Math.max(0, (this.room?.unread ?? 0) - (this.messages?.length ?? 0)));

  /** Rooms in which something came meanwhile go to the end. */
  update(): void {
    const fresh = this.#deps.loud().filter((room) => room.unread > 0 && !this.order.includes(room.id));
    if (fresh.length > 0) this.order = [...this.order, ...fresh.sort(byNeed).map((room) => room.id)];
  }

  /** Fetches what is unread in the room at hand. */
  async load(): Promise<void> {
    const { room } = this;
    const round = ++this.#round;
    this.failed = null;
    if (!room) {
      this.messages = [];
      return;
    }
    try {
      const all = await this.#deps.page(room.id, room.read_seq, most);
      if (round !== this.#round) return;
      const me = this.#deps.me();
      this.messages = all.filter((one) => counts(one) && !one.deleted_at && one.author.id !== me);
    } catch (cause) {
      if (round === this.#round) this.failed = cause;
    }
  }

  /** Goes to another room; false if there is none there. */
  go(by: 1 | -1): boolean {
    const next = this.at + by;
    if (next < 0 || next >= this.order.length) return false;
    this.at = next;
    this.messages = null;
    void this.load();
    return true;
  }

  /** Everything in the room at hand is read; on to the next one that waits. */
  async markRead(): Promise<void> {
    const { room } = this;
    if (!room) return;
    await this.#deps.read(room.id, room.last_seq);
    this.#leave(room.id);
  }

  /** Answers in the room at hand, which reads it too. */
  async answer(text: string): Promise<void> {
    const { room } = this;
    if (!room || text.trim() === '') return;
    await this.#deps.send(room.id, text);
  }

  #leave(room: string): void {
    const waits = (id: string) => id !== room && (this.#deps.find(id)?.unread ?? 0) > 0;
    const after = this.order.findIndex((id, index) => index > this.at && waits(id));
    const next = after >= 0 ? after : this.order.findIndex(waits);
    this.messages = null;
    this.at = next >= 0 ? next : this.order.length;
    void this.load();
  }
}

const world: CatchUpDeps = {
  me: () => session.me?.id ?? '',
  loud: () => rooms.loud,
  find: (room) => rooms.find(room),
  page: async (room, after, limit) =>
    (await call('GET /chat/rooms/{room}/messages', { path: { room }, query: { after, limit } })).messages,
  read: (room, seq) => call('POST /chat/rooms/{room}/read', { path: { room }, body: { seq } }),
  send: (room, text) => outbox.post(room, { body: { text }, shown: {} }),
};
