/** The chosen rows of a table, by key. */
export class Selection {
  #keys = $state.raw<ReadonlySet<string>>(new Set());

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  all(keys: readonly string[]): boolean {
    return keys.length > 0 && keys.every((key) => this.has(key));
  }

  /** Some, but not all. */
  some(keys: readonly string[]): boolean {
    return !this.all(keys) && keys.some((key) => this.has(key));
  }

  toggle(key: string): void {
    const next = new Set(this.#keys);
    if (!next.delete(key)) next.add(key);
    this.#keys = next;
  }

  toggleAll(keys: readonly string[]): void {
    this.#keys = this.all(keys) ? new Set() : new Set(keys);
  }

  clear(): void {
    this.#keys = new Set();
  }
}
