import { places, tables } from 'virtual:messages';
import type { Compiled } from './format.js';

/** The languages that texts are written in. */
export type Side = keyof typeof tables;

/** Every group of texts there is. */
export const groups: readonly string[] = Object.keys(tables.de);

/** The group with the text of a key, unless the first page has it: fault.chat.full is worded with chat. */
export function groupOf(key: string): string | undefined {
  const [area = '', second = '', third] = key.split('.');
  return places[area === 'fault' && third !== undefined ? second : area];
}

/** The texts that have come so far, in each language. A group that failed to come may be asked for again. */
export class Tables {
  readonly #texts: Record<Side, Record<string, Compiled>> = { de: {}, en: {} };
  readonly #come = new Set<string>();
  readonly #coming = new Map<string, Promise<void>>();

  text(side: Side, key: string): Compiled | undefined {
    return this.#texts[side][key];
  }

  has(side: Side, group: string): boolean {
    return this.#come.has(`${side} ${group}`);
  }

  /** Fetches a group once. */
  async fetch(side: Side, group: string): Promise<void> {
    const name = `${side} ${group}`;
    const load = tables[side][group];
    if (!load || this.#come.has(name)) return;
    const coming = this.#coming.get(name) ?? this.#take(side, name, load);
    this.#coming.set(name, coming);
    await coming.finally(() => this.#coming.delete(name));
  }

  async #take(
    side: Side,
    name: string,
    load: () => Promise<{ default: Readonly<Record<string, Compiled>> }>,
  ) {
    Object.assign(this.#texts[side], (await load()).default);
    this.#come.add(name);
  }
}
