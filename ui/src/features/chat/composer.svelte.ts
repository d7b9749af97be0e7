import { drafts } from '../../lib/storage/store.js';
import { fromComposer, queryAt, toComposer } from './mention.js';
import type { Extras, Message, Parcel, Person } from './wire.js';

interface Draft {
  readonly text: string;
  readonly people: readonly Person[];
}

/** Something that goes out with the text: what is quoted, files, a poll, how it is sent. */
export interface Piece {
  readonly body: Extras;
  /** How it looks until the server has answered. */
  readonly shown?: Partial<Message>;
  /** It is worth sending without a word. */
  readonly enough?: boolean;
  /** It is not ready yet, such as a file on its way. */
  readonly waits?: boolean;
}

export interface DraftStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

const keepAfter = 400;
const mostFound = 8;

/** What is being written in a room: the text, who is called in it, and what it is about. Knows no DOM. */
export class Composer {
  text = $state('');
  caret = $state(0);
  /** Who was chosen from the list after an @. */
  people = $state.raw<readonly Person[]>([]);
  /** The message that is being changed. */
  editing = $state.raw<Message | null>(null);
  /** Everybody who can be called in this room. */
  candidates = $state.raw<readonly Person[]>([]);
  /** Which of them Enter takes. */
  at = $state(0);
  /** The change of a message is on its way. */
  saving = $state(false);
  /** What goes out with the text, by what it is. */
  pieces = $state.raw<Readonly<Record<string, Piece>>>({});
  /** The list was closed with Escape, for this @. */
  #closed = $state<number | null>(null);
  #key: string;
  #store: DraftStore;
  #saving: ReturnType<typeof setTimeout> | undefined;

  constructor(room: string, me: string, store: DraftStore = drafts) {
    this.#key = `chat:${me}:${room}`;
    this.#store = store;
  }

  /** The word after an @ that is being typed, or null. */
  query = $derived.by(() => {
    const query = queryAt(this.text, this.caret);
    return query === null || query.from === this.#closed ? null : query;
  });

  /** People who fit what is typed after an @. */
  found: readonly Person[] = $derived.by(() => {
    const query = this.query?.query.toLocaleLowerCase() ?? null;
    if (query === null) return [];
    const fits = (name: string) =>
      name.startsWith(query) || name.split(/[\s-]+/).some((word) => word.startsWith(query));
    return this.candidates.filter((person) => fits(person.name.toLocaleLowerCase())).slice(0, mostFound);
  });

  choosing = $derived.by(() => this.query !== null && this.found.length > 0);

  get empty(): boolean {
    return this.text.trim() === '' && !Object.values(this.pieces).some((piece) => piece.enough);
  }

  /** There is something to send, and nothing that has to be waited for. */
  get ready(): boolean {
    return !this.empty && !Object.values(this.pieces).some((piece) => piece.waits);
  }

  /** Puts something beside the text; what was there under the same name goes. */
  attach(id: string, piece: Piece): void {
    this.pieces = { ...this.pieces, [id]: piece };
  }

  detach(id: string): void {
    const { [id]: _, ...rest } = this.pieces;
    this.pieces = rest;
  }

  /** Takes up the draft that was left in this browser. */
  async restore(): Promise<void> {
    const draft = await this.#store.get(this.#key).catch(() => undefined);
    if (!isDraft(draft) || this.text !== '' || this.editing) return;
    this.text = draft.text;
    this.people = draft.people;
    this.caret = draft.text.length;
  }

  write(text: string, caret: number): void {
    this.text = text;
    this.caret = caret;
    this.at = 0;
    if (this.#closed !== null && text[this.#closed] !== '@') this.#closed = null;
    this.#save();
  }

  move(by: number): void {
    this.at = (this.at + by + this.found.length) % Math.max(1, this.found.length);
  }

  /** Takes somebody from the list and returns where the caret goes. */
  choose(person: Person | undefined = this.found[this.at]): number {
    const { query } = this;
    if (!query || !person) return this.caret;
    const [before, after] = [this.text.slice(0, query.from), this.text.slice(this.caret)];
    const inserted = `@${person.name} `;
    this.people = [
      ...this.people.filter((one) => one.id !== person.id),
      { id: person.id, name: person.name },
    ];
    this.text = before + inserted + after.replace(/^ /, '');
    this.caret = before.length + inserted.length;
    this.#closed = query.from;
    this.#save();
    return this.caret;
  }

  /** Closes the list without choosing. */
  dismiss(): void {
    this.#closed = this.query?.from ?? null;
  }

  /** Starts to change a message. What was being written waits as a draft. */
  edit(message: Message): void {
    this.#flush();
    const { text, people } = toComposer(message.text, message.people ?? []);
    this.editing = message;
    this.text = text;
    this.people = people;
    this.caret = text.length;
  }

  /** Stops changing a message and takes up the draft again. */
  async stopEditing(): Promise<void> {
    this.editing = null;
    this.text = '';
    this.people = [];
    await this.restore();
  }

  /** The message as it goes out. The composer is empty afterwards. */
  take(): Parcel {
    const pieces = Object.values(this.pieces);
    const parcel = {
      body: Object.assign({ text: this.outgoing }, ...pieces.map((piece) => piece.body)),
      shown: Object.assign({}, ...pieces.map((piece) => piece.shown)),
    };
    this.text = '';
    this.people = [];
    this.pieces = {};
    this.caret = 0;
    this.#flush();
    return parcel;
  }

  get outgoing(): string {
    return fromComposer(this.text, this.people);
  }

  #save(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#flush(), keepAfter);
  }

  #flush(): void {
    clearTimeout(this.#saving);
    if (this.editing) return;
    const draft: Draft = { text: this.text, people: this.people };
    const saved = this.text.trim() === '' ? this.#store.delete(this.#key) : this.#store.set(this.#key, draft);
    // A private window may refuse; then the draft lives as long as the page.
    saved.catch(() => undefined);
  }

  /** The room is left: what is written stays. */
  leave(): void {
    this.#flush();
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const { text, people } = value as Record<string, unknown>;
  return typeof text === 'string' && Array.isArray(people);
}
