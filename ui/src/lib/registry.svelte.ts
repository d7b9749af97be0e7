/** A list to which features add themselves at start-up, so that nobody imports a feature. */
export class Registry<T extends { readonly id: string; readonly order?: number }> {
  items = $state.raw<readonly T[]>([]);

  /** Adds an entry; the same id replaces the earlier one. Call the result to take it out. */
  add(item: T): () => void {
    const others = this.items.filter((other) => other.id !== item.id);
    this.items = [...others, item].sort((a, b) => (a.order ?? 50) - (b.order ?? 50));
    return () => {
      this.items = this.items.filter((other) => other !== item);
    };
  }
}
