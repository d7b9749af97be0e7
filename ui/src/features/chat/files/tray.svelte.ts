import { toasts } from '../../../kit/toast.svelte.js';
import { t } from '../../../lib/i18n/index.svelte.js';
import type { Composer } from '../composer.svelte.js';
import type { FileFacts } from './facts.js';
import type { Recorder } from './recorder.svelte.js';
import { type Origin, Sending } from './sending.svelte.js';

/** Files of one message. */
const most = 20;
const piece = 'files';

/** What was taken back from a message that could not be sent: the server has it already. */
interface Kept {
  readonly key: string;
  readonly facts: FileFacts;
}

/** The files that go out with what is being written. They begin their way at once. */
export class FileTray {
  items = $state.raw<readonly Sending[]>([]);
  kept = $state.raw<readonly Kept[]>([]);
  /** A voice message that is being recorded. */
  recorder = $state.raw<Recorder | null>(null);
  #composer: Composer;

  constructor(composer: Composer) {
    this.#composer = composer;
  }

  get empty(): boolean {
    return this.items.length + this.kept.length === 0;
  }

  add(files: Iterable<File>, origin: Origin = {}): void {
    const all = [...files];
    const room = most - this.items.length - this.kept.length;
    if (all.length > room) toasts.show(t('files.tooMany', { max: most }), { tone: 'bad' });
    const added = all.slice(0, room).map((file) => new Sending(file, origin, () => this.#tell()));
    this.items = [...this.items, ...added];
    this.#tell();
    for (const one of added) void one.start();
  }

  /** Puts files back that are at the server already. */
  restore(files: readonly FileFacts[]): void {
    this.kept = [...this.kept, ...files.map((facts) => ({ key: facts.id, facts }))];
    this.#tell();
  }

  remove(item: Sending): void {
    this.items = this.items.filter((one) => one !== item);
    void item.cancel();
    this.#tell();
  }

  drop(id: string): void {
    this.kept = this.kept.filter((one) => one.facts.id !== id);
    this.#tell();
  }

  /** Takes files back that are still on their way. */
  adopt(items: readonly Sending[]): void {
    for (const item of items) {
      item.unstore();
      item.watch(() => this.#tell());
    }
    this.items = [...this.items, ...items];
    this.#tell();
  }

  /** They went out with a message, or wait in the outbox with it. */
  taken(): void {
    const waits = this.items.some((item) => item.state !== 'done');
    if (!waits) for (const item of this.items) item.release();
    this.items = [];
    this.kept = [];
  }

  #tell(): void {
    if (this.empty) return this.#composer.detach(piece);
    const files = [...this.kept.map((one) => one.facts), ...this.items.map((item) => item.facts)];
    const waits = this.items.some((item) => item.state !== 'done');
    const stuck = this.items.some((item) => item.state === 'failed');
    this.#composer.attach(piece, {
      body: { files: (waits ? this.kept.map((one) => one.facts) : files).map((file) => file.id) },
      shown: { files },
      enough: true,
      waits,
      ...(waits && !stuck ? { uploads: this.items } : {}),
      taken: () => this.taken(),
    });
  }

  /** Whether the composer still knows of them; it forgets them when it sends. */
  get held(): boolean {
    return piece in this.#composer.pieces;
  }
}

const trays = new WeakMap<Composer, FileTray>();

export function trayOf(composer: Composer): FileTray {
  const tray = trays.get(composer) ?? new FileTray(composer);
  trays.set(composer, tray);
  return tray;
}
