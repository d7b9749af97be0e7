import { call } from '../../lib/api/index.js';
import { live } from '../../lib/realtime/index.js';
import type { OpenRoom } from './open-room.svelte.js';
import { refreshed } from './reference.js';
import type { Following, Message, ThreadPage } from './wire.js';

/** What an open thread needs of the world outside; tests give their own. */
export interface OpenThreadDeps {
  readonly page: (room: string, root: string, before?: number) => Promise<ThreadPage>;
  readonly follow: (room: string, root: string, following: boolean) => Promise<Following>;
  readonly onFollowing: (listener: (now: Following) => void) => () => void;
}

/** The replies to one message, latest page first, live as long as the room is. Knows no DOM. */
export class OpenThread {
  readonly id: string;
  root = $state.raw<Message | null>(null);
  lines = $state.raw<readonly Message[]>([]);
  /** There are older replies than those loaded. */
  before = $state(false);
  following = $state(false);
  fetching = $state(false);
  error = $state.raw<unknown>(null);
  #open: OpenRoom;
  #deps: OpenThreadDeps;
  /** What came while a page was on its way. */
  #heard: Message[] | null = null;

  constructor(open: OpenRoom, root: string, deps: OpenThreadDeps = world) {
    this.id = root;
    this.#open = open;
    this.#deps = deps;
  }

  /** Listens; call the result to stop. */
  follow(): () => void {
    const unwatch = this.#open.watch((message) => this.heard(message));
    const unfollow = this.#deps.onFollowing((now) => {
      if (now.message_id === this.id) this.following = now.following;
    });
    return () => {
      unwatch();
      unfollow();
    };
  }

  /** The latest replies (again). */
  async load(): Promise<void> {
    await this.#fetch(async () => {
      const page = await this.#deps.page(this.#open.id, this.id);
      this.root = page.root;
      this.lines = page.messages;
      this.before = page.before;
      this.following = page.following;
    });
  }

  async loadBefore(): Promise<void> {
    const first = this.lines[0];
    if (!first || !this.before) return;
    await this.#fetch(async () => {
      const page = await this.#deps.page(this.#open.id, this.id, first.seq);
      const known = new Set(this.lines.map((line) => line.id));
      this.lines = [...page.messages.filter((line) => !known.has(line.id)), ...this.lines];
      this.before = page.before;
    });
  }

  /** A new or changed message of the room. */
  heard(message: Message): void {
    this.#heard?.push(message);
    if (message.id === this.id && (this.root?.rev ?? 0) < message.rev) this.root = message;
    if (this.root) this.root = refreshed(this.root, message);
    this.lines = this.lines.map((line) => refreshed(line, message));
    if (message.thread_id !== this.id) return;
    const at = this.lines.findIndex((line) => line.id === message.id);
    const old = this.lines[at];
    if (old) {
      if (old.rev < message.rev) this.lines = this.lines.with(at, message);
    } else if (message.seq > (this.lines.at(-1)?.seq ?? 0)) {
      this.lines = [...this.lines, message];
    }
  }

  async setFollowing(following: boolean): Promise<void> {
    const now = await this.#deps.follow(this.#open.id, this.id, following);
    this.following = now.following;
  }

  async #fetch(load: () => Promise<void>): Promise<void> {
    if (this.fetching) return;
    this.fetching = true;
    this.#heard = [];
    try {
      await load();
      this.error = null;
    } catch (cause) {
      this.error = cause;
    } finally {
      this.fetching = false;
      const heard = this.#heard;
      this.#heard = null;
      for (const message of heard) this.heard(message);
    }
  }
}

const world: OpenThreadDeps = {
  page: (room, message, before) =>
    call('GET /chat/rooms/{room}/messages/{message}/thread', {
      path: { room, message },
      query: before === undefined ? {} : { before },
    }),
  follow: (room, message, following) =>
    call('PUT /chat/rooms/{room}/messages/{message}/following', {
      path: { room, message },
      body: { following },
    }),
  onFollowing: (listener) => live.onMe('following', (data) => listener(data as Following)),
};
