import type { LucideIcon } from '@lucide/svelte';
import type { Key } from '../../lib/i18n/index.svelte.js';
import type { Meant } from './mention.js';
import type { Person } from './wire.js';

/** One thing that is offered for the word that is being typed. */
export interface Option {
  readonly id: string;
  readonly label: string;
  /** A quiet second part. */
  readonly hint?: string | undefined;
  readonly person?: Person;
  readonly icon?: LucideIcon;
  /** A sign of its own, such as an emoji, or the address of a small picture. */
  readonly sign?: string;
  readonly image?: string;
  /** What takes the place of the typed word. */
  readonly insert: string;
  /** Who or what that is. */
  readonly meant?: Meant;
  /** Done once the word is replaced. */
  readonly run?: () => void;
}

/** Offers something for words that begin with a sign. */
export interface Source {
  readonly id: string;
  /** What is offered, for the screen reader. */
  readonly title: Key;
  /** The word right before the caret that this source completes, sign included; null: nothing. */
  readonly word: (before: string) => string | null;
  readonly find: (word: string) => readonly Option[] | Promise<readonly Option[]>;
}

const most = 8;

/** The list above the composer: what fits the word that is being typed. Knows no DOM. */
export class Completion {
  options = $state.raw<readonly Option[]>([]);
  /** Which of them Enter takes. */
  at = $state(0);
  source = $state.raw<Source | null>(null);
  #sources: readonly Source[];
  #from = 0;
  #to = 0;
  /** The list was closed with Escape, or something was taken, for the word that begins here. */
  #closed: { readonly from: number; readonly sign: string } | null = null;
  #turn = 0;

  constructor(sources: readonly Source[] = []) {
    this.#sources = sources;
  }

  open = $derived.by(() => this.options.length > 0);

  /** What may be offered from now on. */
  use(sources: readonly Source[]): void {
    this.#sources = sources;
    this.#show([], null);
  }

  /** The text or the caret changed. */
  update(text: string, caret: number): void {
    const before = text.slice(0, caret);
    const closed = this.#closed;
    if (closed && text[closed.from] !== closed.sign) this.#closed = null;
    for (const source of this.#sources) {
      const word = source.word(before);
      if (word === null) continue;
      this.#from = caret - word.length;
      this.#to = caret;
      if (this.#closed?.from === this.#from) break;
      return this.#find(source, word);
    }
    this.#show([], null);
  }

  #find(source: Source, word: string): void {
    const turn = ++this.#turn;
    const found = source.find(word);
    if (!(found instanceof Promise)) return this.#show(found, source);
    // Until the answer is here, the old list of the same kind stays, so that nothing flickers.
    if (this.source?.id !== source.id) this.#show([], null, turn);
    found.then(
      (options) => turn === this.#turn && this.#show(options, source, turn),
      () => turn === this.#turn && this.#show([], null, turn),
    );
  }

  #show(options: readonly Option[], source: Source | null, turn = this.#turn + 1): void {
    this.#turn = turn;
    this.options = options.slice(0, most);
    this.source = source;
    this.at = 0;
  }

  move(by: number): void {
    this.at = (this.at + by + this.options.length) % Math.max(1, this.options.length);
  }

  /** Takes something: returns the new text and caret, or null when there is nothing to take. */
  take(text: string, option = this.options[this.at]): { text: string; caret: number; option: Option } | null {
    if (!option || this.options.length === 0) return null;
    const [before, after] = [text.slice(0, this.#from), text.slice(this.#to)];
    const rest = option.insert.endsWith(' ') ? after.replace(/^ /, '') : after;
    const taken = before + option.insert + rest;
    // A command leaves nothing behind, so that the next one is offered again.
    this.dismiss(taken);
    return { text: taken, caret: before.length + option.insert.length, option };
  }

  /** Closes the list without taking anything. */
  dismiss(text: string): void {
    this.#closed = { from: this.#from, sign: text[this.#from] ?? '' };
    this.#show([], null);
  }
}

/** The word that begins with sign right before the caret, after a space or at the start of a line. */
export function wordAfter(sign: string, before: string, pattern: string): string | null {
  return new RegExp(`(?:^|[\\s(])(${sign}${pattern})$`, 'u').exec(before)?.[1] ?? null;
}
