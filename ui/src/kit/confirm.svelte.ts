export interface Question {
  readonly title: string;
  readonly text?: string;
  /** The verb on the button: "Raum löschen". */
  readonly action: string;
  readonly cancel?: string;
  readonly danger?: boolean;
}

class Confirmations {
  asked = $state.raw<Question | null>(null);
  #answer: ((yes: boolean) => void) | null = null;

  ask(question: Question): Promise<boolean> {
    this.#answer?.(false);
    this.asked = question;
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  answer(yes: boolean): void {
    this.#answer?.(yes);
    this.#answer = null;
    this.asked = null;
  }
}

export const confirmations = new Confirmations();

/** Asks before something that cannot be undone. Resolves true when the person agrees. */
export function confirm(question: Question): Promise<boolean> {
  return confirmations.ask(question);
}
