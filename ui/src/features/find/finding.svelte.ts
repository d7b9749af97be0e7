import { call } from '../../lib/api/index.js';
import { type Filter, idsOf, wordsWith } from '../../lib/filters.js';
import type { Group, Kind } from './hit.js';
import { zone } from './zone.js';

const pageSize = 20;

/** One search and what it has found so far. */
export class Finding {
  words = $state('');
  filters = $state.raw<readonly Filter[]>([]);
  /** null: all kinds. */
  kind = $state<Kind | null>(null);
  groups = $state.raw<readonly Group[]>([]);
  unknown = $state.raw<readonly string[]>([]);
  busy = $state(false);
  /** The search to which groups is the answer; null before the first one. */
  answered = $state<string | null>(null);
  error = $state.raw<unknown>(null);
  #running: AbortController | null = null;

  readonly text = $derived(wordsWith(this.words, this.filters));
  readonly empty = $derived(this.text === '' && this.filters.length === 0);
  readonly shown = $derived(
    this.groups.filter((group) => (this.kind === null || group.kind === this.kind) && group.items.length > 0),
  );
  readonly count = $derived(this.shown.reduce((sum, group) => sum + group.total, 0));

  /** Asks; a later question wins over an earlier one. */
  async ask(): Promise<void> {
    this.#running?.abort();
    if (this.empty) {
      [this.groups, this.unknown, this.answered, this.error, this.busy] = [[], [], null, null, false];
      return;
    }
    const running = new AbortController();
    this.#running = running;
    const text = this.text;
    this.busy = true;
    try {
      const answer = await this.#call(running.signal, this.kind, 0);
      if (running.signal.aborted) return;
      [this.groups, this.unknown, this.answered, this.error] = [answer.groups, answer.unknown, text, null];
    } catch (cause) {
      if (running.signal.aborted) return;
      [this.error, this.groups] = [cause, []];
    }
    this.busy = false;
  }

  /** Reads the next ones of a kind. */
  async more(kind: Kind): Promise<void> {
    const group = this.groups.find((one) => one.kind === kind);
    const running = this.#running;
    if (!group || !running) return;
    const answer = await this.#call(running.signal, kind, group.items.length);
    const next = answer.groups[0];
    if (running.signal.aborted || !next) return;
    this.groups = this.groups.map((one) =>
      one.kind === kind ? { ...next, items: [...one.items, ...next.items] } : one,
    );
  }

  #call(signal: AbortSignal, kind: Kind | null, offset: number) {
    return call('GET /search', {
      query: {
        q: this.text,
        ...(kind ? { kind } : {}),
        from: idsOf(this.filters, 'from'),
        in: idsOf(this.filters, 'in'),
        zone: zone(),
        offset,
        limit: pageSize,
      },
      signal,
    });
  }
}
