import type { Person, Speaking } from './wire.js';

/** Who is in the call. Takes the server's events in any order and keeps the newest state of everybody. */
export class People {
  all = $state.raw<readonly Person[]>([]);
  speaking = $state.raw<readonly string[]>([]);
  dominant = $state('');
  #spoke = new Map<string, number>();
  #gone = new Set<string>();

  /** A fresh list from the server replaces everything. */
  reset(people: readonly Person[]): void {
    this.#gone.clear();
    this.all = [...people].sort(byEntering);
  }

  /** Somebody came or changed. Older states are ignored; true when the person is new. */
  put(person: Person): boolean {
    if (this.#gone.has(person.id)) return false;
    const known = this.find(person.id);
    if (known && known.version >= person.version) return false;
    this.all = [...this.all.filter((other) => other.id !== person.id), person].sort(byEntering);
    return known === undefined;
  }

  /** Somebody is gone; returns who it was. */
  remove(id: string): Person | undefined {
    const person = this.find(id);
    this.#gone.add(id);
    this.#spoke.delete(id);
    this.all = this.all.filter((other) => other.id !== id);
    this.speaking = this.speaking.filter((other) => other !== id);
    return person;
  }

  find(id: string): Person | undefined {
    return this.all.find((person) => person.id === id);
  }

  hear({ active, dominant }: Speaking, now: number): void {
    for (const id of active) this.#spoke.set(id, now);
    this.speaking = active;
    this.dominant = dominant;
  }

  /** When this person last spoke, 0 for never. */
  spoke(id: string): number {
    return this.#spoke.get(id) ?? 0;
  }
}

function byEntering(a: Person, b: Person): number {
  return a.entered_at === b.entered_at ? a.id.localeCompare(b.id) : a.entered_at.localeCompare(b.entered_at);
}
