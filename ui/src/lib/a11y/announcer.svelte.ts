export type Urgency = 'polite' | 'assertive';

/** The one voice of the portal for screen readers; the shell shows its two live regions. */
class Announcer {
  polite = $state('');
  assertive = $state('');
  #clear: ReturnType<typeof setTimeout> | undefined;

  say(text: string, urgency: Urgency): void {
    // The same sentence twice is spoken twice only if the region changes.
    this[urgency] = this[urgency] === text ? `${text}\u00a0` : text;
    clearTimeout(this.#clear);
    this.#clear = setTimeout(() => {
      this.polite = '';
      this.assertive = '';
    }, 8_000);
  }
}

export const announcer = new Announcer();

/** Speaks text to screen readers. Summarise: one sentence for many events. */
export function announce(text: string, urgency: Urgency = 'polite'): void {
  announcer.say(text, urgency);
}
