import { call } from '../../lib/api/index.js';
import type { Message, Topics } from './wire.js';

/** What the list needs of the world outside; tests give their own. */
export interface TopicsDeps {
  readonly list: (query: { cursor?: string; open: boolean }) => Promise<Topics>;
}

/** Where the latest activity of a topic stands. */
export const lastOf = (topic: Message): number => topic.thread?.last_seq ?? topic.seq;

/** The topics of a forum, the latest activity first, kept up to date by what the room tells. */
export class TopicList {
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<unknown>(null);
  items = $state.raw<readonly Message[]>([]);
  /** There are more, from here on. */
  next = $state('');
  /** Only those that are not solved. */
  open = $state(false);
  #deps: TopicsDeps;

  constructor(deps: TopicsDeps) {
    this.#deps = deps;
  }

  async load(): Promise<void> {
    try {
      const { items, next } = await this.#deps.list({ open: this.open });
      [this.items, this.next, this.phase] = [items, next, 'ready'];
    } catch (cause) {
      this.error = cause;
      if (this.phase === 'loading') this.phase = 'failed';
    }
  }

  async more(): Promise<void> {
    const { items, next } = await this.#deps.list({ cursor: this.next, open: this.open });
    const known = new Set(this.items.map((topic) => topic.id));
    this.items = [...this.items, ...items.filter((topic) => !known.has(topic.id))];
    this.next = next;
  }

  async show(open: boolean): Promise<void> {
    this.open = open;
    await this.load();
  }

  /** A message came or changed. What is no topic is none of our business. */
  heard(message: Message): void {
    const known = this.items.find((topic) => topic.id === message.id);
    if (known && known.rev >= message.rev) return;
    const others = this.items.filter((topic) => topic.id !== message.id);
    const stays = message.title && !message.deleted_at && !(this.open && message.solved_at);
    if (!stays) this.items = known ? others : this.items;
    // What lies below what is loaded comes with the next stretch.
    else if (!known && this.next !== '' && lastOf(message) < lastOf(this.items.at(-1) ?? message)) return;
    else this.items = [message, ...others].sort((a, b) => lastOf(b) - lastOf(a));
  }
}

export const topicsOf = (room: string): TopicList =>
  new TopicList({ list: (query) => call('GET /chat/rooms/{room}/topics', { path: { room }, query }) });
