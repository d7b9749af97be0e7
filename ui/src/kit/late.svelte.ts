/**
 * A component that is loaded when somebody is about to need it, so that the first page need not wait
 * for what opens on a click.
 */
export class Late<C> {
  component = $state.raw<C | null>(null);
  #load: () => Promise<{ default: C }>;
  #loading: Promise<void> | null = null;

  constructor(load: () => Promise<{ default: C }>) {
    this.#load = load;
  }

  /** Loads it, once. A failure may be tried again with the next wish. */
  want(): void {
    this.#loading ??= this.#load().then(
      (module) => {
        this.component = module.default;
      },
      () => {
        this.#loading = null;
      },
    );
  }
}
