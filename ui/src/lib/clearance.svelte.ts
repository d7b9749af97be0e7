/** What stands at the foot of the window and must not be covered: the bottom bar, a place to write. */
class Clearance {
  /** Pixels from the foot of the window up to the highest of them. */
  foot = $state(0);
  #kept = new Set<HTMLElement>();

  keep(element: HTMLElement): () => void {
    this.#kept.add(element);
    const measure = () => this.#measure();
    const size = new ResizeObserver(measure);
    size.observe(element);
    addEventListener('resize', measure);
    return () => {
      size.disconnect();
      removeEventListener('resize', measure);
      this.#kept.delete(element);
      this.#measure();
    };
  }

  #measure(): void {
    const heights = [...this.#kept].map((element) => {
      const { top, height } = element.getBoundingClientRect();
      return height > 0 ? innerHeight - top : 0;
    });
    this.foot = Math.max(0, ...heights);
  }
}

export const clearance = new Clearance();

/** An attachment for what floating things must leave free at the foot of the window. */
export const keptClear = (element: HTMLElement): (() => void) => clearance.keep(element);
