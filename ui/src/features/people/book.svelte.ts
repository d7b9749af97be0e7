import { call } from '../../lib/api/index.js';
import type { Colleague } from './find.js';

const page = 50;

/** The people whom a search finds, by name, fetched page by page as somebody reads on. */
export class Book {
  query = $state('');
  people = $state.raw<readonly Colleague[]>([]);
  /** What the people on show were found by. */
  asked = $state<string | null>(null);
  /** Why nothing came, until the next try. */
  error = $state.raw<unknown>(null);
  #next = $state('');
  #running: AbortController | null = null;

  /** There are more people than those on show. */
  get more(): boolean {
    return this.#next !== '';
  }

  /** Asks anew; what is on show stays until the answer is there. Call the result to abandon it. */
  ask(): () => void {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    void this.#fetch(running, this.query.trim(), '').finally(() => this.#done(running));
    return () => running.abort();
  }

  /** Fetches the next page, once. */
  async readOn(): Promise<void> {
    if (!this.more || this.#running || this.asked === null) return;
    const running = new AbortController();
    this.#running = running;
    await this.#fetch(running, this.asked, this.#next).finally(() => this.#done(running));
  }

  async #fetch(running: AbortController, q: string, cursor: string): Promise<void> {
    try {
      const { items, next } = await call('GET /people', {
        query: { q, limit: page, cursor },
        signal: running.signal,
      });
      if (running.signal.aborted) return;
      this.people = cursor === '' ? items : [...this.people, ...items];
      this.asked = q;
      this.#next = next;
      this.error = null;
    } catch (error) {
      if (!running.signal.aborted) this.error = error;
    }
  }

  #done(running: AbortController): void {
    if (this.#running === running) this.#running = null;
  }
}
