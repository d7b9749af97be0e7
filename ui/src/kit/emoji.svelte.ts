import type { Pick } from './picking.svelte.js';

interface Question {
  /** What was pressed: the picker opens beside it. */
  readonly anchor: HTMLElement;
  readonly answer: (pick: Pick | null) => void;
}

class EmojiQuestion {
  asked = $state.raw<Question | null>(null);

  ask(anchor: HTMLElement): Promise<Pick | null> {
    this.answer(null);
    return new Promise((answer) => {
      this.asked = { anchor, answer };
    });
  }

  answer(pick: Pick | null): void {
    const asked = this.asked;
    this.asked = null;
    asked?.answer(pick);
  }
}

export const emojiQuestion = new EmojiQuestion();

/** Lets the person pick an emoji beside an element. Resolves null when they don't. */
export function pickEmoji(anchor: HTMLElement): Promise<Pick | null> {
  return emojiQuestion.ask(anchor);
}
