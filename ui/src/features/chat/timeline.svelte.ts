import { refreshed } from './reference.js';
import type { Message, Page, State } from './wire.js';

/** So many changes of messages that are not loaded are kept; a page asked for later has older ones anyway. */
const mostUnseen = 500;

/** One stretch of a room's history: contiguous, in order of place. */
export class Timeline {
  lines = $state.raw<readonly Message[]>([]);
  /** There is more above, and below, than what is loaded. */
  before = $state(false);
  after = $state(false);
  /** The last change that is included or known of: the cursor of the topic. -1: nothing yet. */
  head = -1;
  /**
   * Changes of messages that are not loaded. A page that was read before such a change may arrive
   * after it, so they are laid over it.
   */
  #unseen = new Map<string, Message>();

  /** The answer to a join or a poll. */
  takeState(state: State): void {
    this.head = Math.max(this.head, state.head);
    if (state.reset) {
      this.#unseen.clear();
      this.lines = state.messages;
      this.before = state.more;
      this.after = false;
      this.head = state.head;
      return;
    }
    // What changed comes in order of change; what is new has to be put down in order of place.
    for (const message of [...state.messages].sort((a, b) => a.seq - b.seq)) this.#place(message);
  }

  /** A new or changed message of the topic. */
  heard(message: Message): void {
    this.head = Math.max(this.head, message.rev);
    this.#place(message);
  }

  /** A page that was asked for because of what lies above or below. */
  takePage(page: Page, side: 'before' | 'after'): void {
    const known = new Set(this.lines.map((line) => line.id));
    const fresh = page.messages
      .filter((message) => !known.has(message.id))
      .map((message) => this.#latest(message));
    if (side === 'before') {
      this.lines = [...fresh, ...this.lines];
      this.before = page.before;
    } else {
      this.lines = [...this.lines, ...fresh];
      this.after = page.after;
    }
  }

  /** A page from somewhere else replaces everything. */
  replace(page: Page): void {
    this.lines = page.messages.map((message) => this.#latest(message));
    this.before = page.before;
    this.after = page.after;
  }

  /** Forgets all but the newest messages; they can be asked for again. */
  shorten(most: number): void {
    if (this.after || this.lines.length <= most) return;
    this.lines = this.lines.slice(-most);
    this.before = true;
  }

  find(id: string): Message | undefined {
    return this.lines.find((line) => line.id === id);
  }

  /** The last text of a person that can still be edited. */
  lastOf(person: string, thread: string | null = null): Message | undefined {
    return this.lines.findLast(
      (line) =>
        line.author.id === person &&
        line.kind === 'text' &&
        !line.deleted_at &&
        !line.forward &&
        line.text !== '' &&
        (line.thread_id ?? null) === thread,
    );
  }

  #latest(message: Message): Message {
    const newer = this.#unseen.get(message.id);
    this.#unseen.delete(message.id);
    let line = newer && newer.rev > message.rev ? newer : message;
    // What it refers to may have changed while the page was on its way.
    for (const id of [line.quote?.id, line.root?.id]) {
      const other = id === undefined ? undefined : (this.#unseen.get(id) ?? this.find(id));
      if (other) line = refreshed(line, other);
    }
    return line;
  }

  /** Messages that refer to a changed one show it as it is now. */
  #refer(message: Message): void {
    if (!this.lines.some((line) => line.quote?.id === message.id || line.root?.id === message.id)) return;
    this.lines = this.lines.map((line) => refreshed(line, message));
  }

  #place(message: Message): void {
    this.#refer(message);
    const at = this.lines.findIndex((line) => line.id === message.id);
    const old = this.lines[at];
    if (old) {
      if (old.rev < message.rev) this.lines = this.lines.with(at, message);
      return;
    }
    const last = this.lines.at(-1);
    if (!this.after && (!last || message.seq > last.seq)) this.lines = [...this.lines, message];
    else this.#keep(message);
  }

  #keep(message: Message): void {
    this.#unseen.delete(message.id);
    this.#unseen.set(message.id, message);
    const [oldest] = this.#unseen.keys();
    if (oldest !== undefined && this.#unseen.size > mostUnseen) this.#unseen.delete(oldest);
  }
}
