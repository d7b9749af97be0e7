import { Completion, type Option } from './completion.svelte.js';
import { draftKey, drafts } from './drafts.svelte.js';
import { fromComposer, type Meant, type Names, namesOf, toComposer } from './mention.js';
import type { Place } from './place.js';
import type { Extras, Message, Parcel, Upload } from './wire.js';

interface Draft {
  readonly text: string;
  readonly meant: readonly Meant[];
}

/** Something that goes out with the text: what is quoted, files, a poll, how it is sent. */
export interface Piece {
  readonly body: Extras;
  /** How it looks until the server has answered. */
  readonly shown?: Partial<Message>;
  /** What stands below the text of the message. */
  readonly words?: string;
  readonly place?: Place;
  /** It is worth sending without a word. */
  readonly enough?: boolean;
  /** It is not ready yet, such as a file on its way. */
  readonly waits?: boolean;
  /** What it waits for, if the message can wait elsewhere: in the outbox. */
  readonly uploads?: readonly Upload[];
  /** It goes out now, and belongs to the message from here on. */
  readonly taken?: () => void;
}

export interface DraftStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Hears what was written elsewhere. */
  watch?(key: string, listener: (draft: Draft) => void): () => void;
}

const keepAfter = 400;

/** What is being written in a room: the text, who is called in it, and what it is about. Knows no DOM. */
export class Composer {
  text = $state('');
  caret = $state(0);
  /** Who and what was chosen from the list after an @ or a #. */
  meant = $state.raw<readonly Meant[]>([]);
  /** The message that is being changed. */
  editing = $state.raw<Message | null>(null);
  /** Who is meant by a fixed name in this room, also when nobody chose them from the list. */
  standing: () => readonly Meant[] = () => [];
  /** In the message that is being changed such a name stands as a mere word; it stays one. */
  #words = false;
  /** What is offered for the word that is being typed. */
  readonly completion = new Completion();
  /** The change of a message is on its way. */
  saving = $state(false);
  /** The person wants to send as soon as everything is ready. */
  wanted = $state(false);
  /** What goes out with the text, by what it is. */
  pieces = $state.raw<Readonly<Record<string, Piece>>>({});
  #key: string;
  #store: DraftStore;
  #saving: ReturnType<typeof setTimeout> | undefined;
  /** Something was written that is not kept yet. */
  #changed = false;

  /** The message whose thread this writes in; null: the room itself. */
  readonly thread: string | null;

  constructor(room: string, me: string, store: DraftStore = drafts, thread: string | null = null) {
    this.#key = draftKey(me, room, thread ?? '');
    this.#store = store;
    this.thread = thread;
  }

  get empty(): boolean {
    return this.text.trim() === '' && !Object.values(this.pieces).some((piece) => piece.enough);
  }

  /** There is something to send, and nothing that has to be waited for. */
  get ready(): boolean {
    return !this.empty && !Object.values(this.pieces).some((piece) => piece.waits);
  }

  /** There is something to send, and what it waits for follows by itself. */
  get sendable(): boolean {
    return !this.empty && !Object.values(this.pieces).some((piece) => piece.waits && !piece.uploads);
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
    this.meant = draft.meant;
    this.caret = draft.text.length;
  }

  /** Takes over what the person writes on another device; call the result to stop. */
  follow(): () => void {
    const stop = this.#store.watch?.(this.#key, (draft) => {
      if (this.editing) return;
      clearTimeout(this.#saving);
      this.text = draft.text;
      this.meant = draft.meant;
      this.caret = draft.text.length;
    });
    return () => stop?.();
  }

  write(text: string, caret: number): void {
    this.text = text;
    this.caret = caret;
    this.completion.update(text, caret);
    this.#save();
  }

  /** The caret went elsewhere. */
  moved(caret: number): void {
    if (caret === this.caret) return;
    this.caret = caret;
    this.completion.update(this.text, caret);
  }

  /** Takes something that is offered. */
  choose(option?: Option): void {
    const taken = this.completion.take(this.text, option);
    if (!taken) return;
    const { meant, run } = taken.option;
    if (meant) this.meant = [...this.meant.filter((one) => one.target !== meant.target), meant];
    this.text = taken.text;
    this.caret = taken.caret;
    this.#save();
    run?.();
  }

  /** Starts to change a message. What was being written waits as a draft. */
  edit(message: Message, names: Names = namesOf(message.people ?? [])): void {
    this.#flush();
    const { text, meant } = toComposer(message.text, names);
    this.editing = message;
    this.#words = fromComposer(text, meant, this.standing()) !== fromComposer(text, meant);
    this.text = text;
    this.meant = meant;
    this.caret = text.length;
  }

  /** Stops changing a message and takes up the draft again. */
  async stopEditing(): Promise<void> {
    this.editing = null;
    this.text = '';
    this.meant = [];
    await this.restore();
  }

  /** The message as it would go out now. */
  get parcel(): Parcel {
    const pieces = Object.values(this.pieces);
    const uploads = pieces.flatMap((piece) => piece.uploads ?? []);
    const text = [this.outgoing, ...pieces.map((piece) => piece.words)].filter(Boolean).join('\n\n');
    const place = this.thread === null ? {} : { thread_id: this.thread };
    return {
      body: Object.assign({ text, ...place }, ...pieces.map((piece) => piece.body)),
      shown: Object.assign({ ...place }, ...pieces.map((piece) => piece.shown)),
      ...(uploads.length > 0 ? { uploads } : {}),
    };
  }

  /** The message as it goes out. The composer is empty afterwards. */
  take(): Parcel {
    const { parcel } = this;
    for (const piece of Object.values(this.pieces)) piece.taken?.();
    this.text = '';
    this.meant = [];
    this.pieces = {};
    this.wanted = false;
    this.caret = 0;
    this.#changed = true;
    this.#flush();
    return parcel;
  }

  get outgoing(): string {
    const words = this.editing !== null && this.#words;
    return fromComposer(this.text, this.meant, words ? [] : this.standing());
  }

  #save(): void {
    this.#changed = true;
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#flush(), keepAfter);
  }

  #flush(): void {
    clearTimeout(this.#saving);
    // What was only looked at must not count as written now.
    if (this.editing || !this.#changed) return;
    this.#changed = false;
    const draft: Draft = { text: this.text, meant: this.meant };
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
  const { text, meant } = value as Record<string, unknown>;
  return typeof text === 'string' && Array.isArray(meant);
}
