import { SvelteMap } from 'svelte/reactivity';
import { call } from '../../lib/api/index.js';
import { clock } from '../../lib/now.svelte.js';
import { live } from '../../lib/realtime/index.js';
import { session } from '../../lib/session.svelte.js';
import type { Here, Status } from './wire.js';

const gather = 50;
const most = 100;
/** What is known is told when it changes; for people with whom one shares no room it is asked again. */
const again = 600_000;

/** What people say about themselves, as far as somebody asked. */
class Statuses {
  #known = new SvelteMap<string, Status>();
  #asked = new Map<string, number>();
  #wanted = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** What a person says now; undefined when nothing is known. */
  of(person: string): Status | undefined {
    const status = this.#known.get(person);
    if (status?.until && clock.now.getTime() >= Date.parse(status.until)) return { ...status, text: '' };
    return status;
  }

  /** Finds out about people, soon and for several at once. */
  want(people: readonly string[], now = Date.now()): void {
    if (!session.may('account')) return;
    for (const person of people) {
      if (now - (this.#asked.get(person) ?? 0) < again) continue;
      this.#asked.set(person, now);
      this.#wanted.add(person);
    }
    if (this.#wanted.size > 0) this.#timer ??= setTimeout(() => void this.#ask(), gather);
  }

  async #ask(): Promise<void> {
    this.#timer = undefined;
    const people = [...this.#wanted].slice(0, most);
    for (const person of people) this.#wanted.delete(person);
    if (this.#wanted.size > 0) this.#timer = setTimeout(() => void this.#ask(), gather);
    try {
      const { items } = await call('GET /chat/status', { query: { people } });
      for (const person of people) this.#known.delete(person);
      for (const status of items) this.#known.set(status.person_id, status);
    } catch {
      for (const person of people) this.#asked.delete(person);
    }
  }

  heard(status: Status): void {
    const before = this.#known.get(status.person_id);
    this.#known.set(status.person_id, {
      ...status,
      ...(before?.here === undefined ? {} : { here: before.here }),
    });
  }

  /** Somebody came, went, or does not tell it any more. */
  come({ person_id, here }: Here): void {
    const { here: _, ...rest } = this.#known.get(person_id) ?? { person_id, text: '' };
    this.#known.set(person_id, here === undefined ? rest : { ...rest, here });
  }

  follow(): () => void {
    const ends = [
      live.onMe('here', (data) => this.come(data as Here)),
      live.onMe('status', (data) => this.heard(data as Status)),
      live.onState((state) => {
        // What was told while there was no connection is asked for again.
        if (state === 'open' || state === 'stopped') this.#asked.clear();
        if (state === 'stopped') this.#known.clear();
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }
}

export const statuses = new Statuses();
