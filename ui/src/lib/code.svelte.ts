/** Colours code. The colours are classes, so the policy of the page is not touched. */
export type Highlighter = (html: string) => string;

/** Comes when the first block of code is shown; until then code has one colour, and nothing moves when it comes. */
class CodeColours {
  use = $state.raw<Highlighter | null>(null);
  #wanted = false;

  want(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    import('./highlight.js').then(
      (module) => {
        this.use = module.highlight;
      },
      () => {
        this.#wanted = false;
      },
    );
  }
}

export const codeColours = new CodeColours();
