/** Something that is loaded from the server, in one of its states. */
export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'ready'; readonly data: T };

/**
 * Loads one thing and keeps it:
 *
 *     const people = new Resource(() => call('GET /people', { query: { q } }));
 *     $effect(() => people.load());
 *
 * A later load() wins over an earlier one; while it runs the old data stays visible.
 */
export class Resource<T> {
  now = $state.raw<Loaded<T>>({ state: 'loading' });
  busy = $state(false);
  #fetch: (signal: AbortSignal) => Promise<T>;
  #running: AbortController | null = null;

  constructor(fetch: (signal: AbortSignal) => Promise<T>) {
    this.#fetch = fetch;
  }

  get data(): T | null {
    return this.now.state === 'ready' ? this.now.data : null;
  }

  /** Loads (again); call the result to abandon it. */
  load(): () => void {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.busy = true;
    this.#fetch(running.signal).then(
      (data) => this.#settle(running, { state: 'ready', data }),
      (error: unknown) => this.#settle(running, { state: 'failed', error }),
    );
    return () => running.abort();
  }

  /** Changes what is shown without asking the server, after an event or an own change. */
  update(change: (data: T) => T): void {
    if (this.now.state === 'ready') this.now = { state: 'ready', data: change(this.now.data) };
  }

  #settle(running: AbortController, next: Loaded<T>): void {
    if (running.signal.aborted || this.#running !== running) return;
    this.busy = false;
    this.now = next;
  }
}
