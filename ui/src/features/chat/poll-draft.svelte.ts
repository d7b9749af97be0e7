import type { Composer } from './composer.svelte.js';
import type { NewPoll, Poll } from './wire.js';

export const mostOptions = 20;

/** A poll that is being written. Knows no DOM. */
export class PollDraft {
  question = $state('');
  options = $state<string[]>(['', '']);
  multiple = $state(false);
  anonymous = $state(false);
  /** As an input of the kind datetime-local gives it; empty: no end. */
  ends = $state('');

  filled = $derived.by(() => this.options.map((option) => option.trim()).filter(Boolean));

  get problem(): 'question' | 'options' | 'ends' | null {
    if (this.question.trim() === '') return 'question';
    if (
      this.filled.length < 2 ||
      new Set(this.filled.map((one) => one.toLowerCase())).size < this.filled.length
    )
      return 'options';
    if (this.ends !== '' && !(Date.parse(this.ends) > Date.now())) return 'ends';
    return null;
  }

  write(at: number, text: string): void {
    this.options[at] = text;
  }

  add(): void {
    if (this.options.length < mostOptions) this.options.push('');
  }

  remove(at: number): void {
    this.options.splice(at, 1);
  }

  /** Puts the poll beside the text of a composer. */
  attachTo(composer: Composer): void {
    const [question, multiple, anonymous] = [this.question.trim(), this.multiple, this.anonymous];
    const closes = this.ends === '' ? {} : { closes_at: new Date(this.ends).toISOString() };
    const poll: NewPoll = { question, options: this.filled, multiple, anonymous, ...closes };
    const options = this.filled.map((text, at) => ({ id: String(at + 1), text, votes: 0 }));
    const shown: Poll = { question, options, multiple, anonymous, voters: 0, hidden: anonymous, ...closes };
    composer.attach('poll', { body: { poll }, shown: { poll: shown }, enough: true });
  }
}
