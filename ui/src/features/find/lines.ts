/** The found lines by keyboard: arrows walk, and an answer that comes late loses nobody's place. */
export class Lines {
  readonly #area: () => HTMLElement | undefined;
  readonly #above: () => HTMLElement | null;
  #held = -1;

  constructor(area: () => HTMLElement | undefined, above: () => HTMLElement | null) {
    this.#area = area;
    this.#above = above;
  }

  first(): void {
    this.#links()[0]?.focus();
  }

  press(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const at = this.#at();
    if (step === 0 || at < 0) return;
    const next = this.#links()[at + step];
    if (next) next.focus();
    else if (step < 0) this.#above()?.focus();
    event.preventDefault();
  }

  hold(): void {
    this.#held = this.#at();
  }

  release(event: FocusEvent): void {
    if (event.relatedTarget) this.#held = -1;
  }

  /** When an answer has taken away the line that had the focus, its neighbour gets it. */
  mend(): void {
    const lost = document.activeElement === null || document.activeElement === document.body;
    const links = this.#links();
    if (lost && this.#held >= 0) links[Math.min(this.#held, links.length - 1)]?.focus();
  }

  #links(): HTMLAnchorElement[] {
    return [...(this.#area()?.querySelectorAll<HTMLAnchorElement>('a.hit') ?? [])];
  }

  #at(): number {
    return this.#links().indexOf(document.activeElement as HTMLAnchorElement);
  }
}
