import type { components } from '../../lib/api/index.js';
import { call } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { live } from '../../lib/realtime/index.js';
import { Resource } from '../../lib/resource.svelte.js';
import { type Pad, titleOf } from './pad.js';

/** A pad as lists show it. */
export interface ListedPad {
  readonly id: string;
  readonly title: string;
  readonly confidential: boolean;
  /** The title is sealed and this browser has no key. */
  readonly locked: boolean;
  readonly mine: boolean;
  readonly shared: boolean;
  readonly updatedAt: string;
}

export type PadFilter = 'all' | 'mine' | 'shared';

type Gone = components['schemas']['PadsPadGone'];
type Touched = components['schemas']['PadsTouched'];

/** How often the list is read while no socket tells what changes, in milliseconds. */
const refreshEvery = 8_000;
/** How long what was renamed here stands against older words from the server, in milliseconds. */
const renamedFor = 8_000;

/** The column of pads: everything this person may open, narrowed by filter and words. */
export class PadList {
  words = $state('');
  filter = $state<PadFilter>('all');
  all = new Resource((signal) => this.#read(signal));
  #renamed = new Map<string, { readonly title: string; readonly at: number }>();
  #heard = 0;
  #order: Promise<void> = Promise.resolve();
  #ended = false;
  shown = $derived(narrow(this.all.data ?? [], this.filter, this.words));

  load(): () => void {
    return this.all.load();
  }

  /** The list, and once more if something was told while it was read. */
  async #read(signal: AbortSignal): Promise<ListedPad[]> {
    const heard = this.#heard;
    const pads = await listPads(signal);
    return heard === this.#heard ? pads : listPads(signal);
  }

  /** Keeps the list as it is on the server; call the result to stop. */
  follow(): () => void {
    this.#ended = false;
    const reread = () => void this.#reread().catch(() => undefined);
    const polled = () => {
      if (live.state !== 'open' && document.visibilityState === 'visible') reread();
    };
    const timer = setInterval(polled, refreshEvery);
    addEventListener('focus', polled);
    const ends = [
      live.onMe('pad_listed', (data) => this.#hear(async () => this.#put(await toListed(data as Pad)))),
      live.onMe('pad_unlisted', (data) => this.#hear(async () => this.removed((data as Gone).pad_id))),
      live.onMe('pads_touched', (data) => this.#hear(async () => this.#touch(data as Touched))),
      live.onMe('pads_changed', reread),
      // What happened while nobody could tell.
      live.onState((state) => state === 'open' && reread()),
      () => clearInterval(timer),
      () => removeEventListener('focus', polled),
    ];
    return () => {
      this.#ended = true;
      for (const end of ends) end();
    };
  }

  /** Events change the list in their order, although a sealed title takes a moment to open. */
  #hear(change: () => Promise<void>): void {
    this.#heard += 1;
    this.#order = this.#order.then(change).catch(() => undefined);
  }

  /** Without a connection the list stays as it was. */
  async #reread(): Promise<void> {
    await this.#order;
    if (this.#ended || this.all.data === null || this.all.busy) return;
    const pads = await this.#read(new AbortController().signal);
    if (!this.#ended) this.all.update(() => pads.map((pad) => this.#current(pad)));
  }

  #put(pad: ListedPad): void {
    this.all.update((pads) => latestFirst([this.#current(pad), ...pads.filter((one) => one.id !== pad.id)]));
  }

  #touch({ pads: touched }: Touched): void {
    const times = new Map((touched ?? []).map((one) => [one.pad_id, one.updated_at]));
    this.all.update((pads) =>
      latestFirst(pads.map((pad) => ({ ...pad, updatedAt: times.get(pad.id) ?? pad.updatedAt }))),
    );
  }

  /** What was renamed here a moment ago may be saved a moment later. */
  #current(pad: ListedPad): ListedPad {
    const renamed = this.#renamed.get(pad.id);
    return renamed && Date.now() - renamed.at < renamedFor ? { ...pad, title: renamed.title } : pad;
  }

  /** Somebody renamed a pad that is open here. */
  renamed(id: string, title: string): void {
    this.#renamed.set(id, { title: shownTitle(title), at: Date.now() });
    this.all.update((pads) =>
      pads.map((pad) => (pad.id === id ? { ...pad, title: shownTitle(title) } : pad)),
    );
  }

  removed(id: string): void {
    this.all.update((pads) => pads.filter((pad) => pad.id !== id));
  }
}

function latestFirst(pads: readonly ListedPad[]): ListedPad[] {
  return pads.toSorted(
    (a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt) || b.id.localeCompare(a.id),
  );
}

/** What a list calls a pad. */
export function shownTitle(title: string | null): string {
  if (title === null) return t('pads.locked');
  return title.trim() === '' ? t('pads.untitled') : title;
}

/** The pads last opened by this person. */
export async function recentPads(limit: number, signal?: AbortSignal): Promise<ListedPad[]> {
  const answer = await call('GET /pads', { query: { recent: true, limit }, ...(signal ? { signal } : {}) });
  return Promise.all((answer.items ?? []).map(toListed));
}

/** Finds pads by title. Sealed titles are compared in this browser. */
export async function findPads(query: string, signal: AbortSignal): Promise<ListedPad[]> {
  if (query.trim() === '') return recentPads(6, signal);
  return narrow(await listPads(signal), 'all', query).slice(0, 8);
}

async function listPads(signal: AbortSignal): Promise<ListedPad[]> {
  const pads: Pad[] = [];
  let cursor = '';
  do {
    const page = await call('GET /pads', { query: { limit: 200, cursor }, signal });
    pads.push(...(page.items ?? []));
    cursor = page.next;
  } while (cursor !== '' && pads.length < 1_000);
  return Promise.all(pads.map(toListed));
}

async function toListed(pad: Pad): Promise<ListedPad> {
  const title = await titleOf(pad);
  return {
    id: pad.id,
    title: shownTitle(title),
    confidential: pad.class === 'confidential',
    locked: title === null,
    mine: pad.right === 'own',
    shared: pad.shared,
    updatedAt: pad.updated_at,
  };
}

function narrow(pads: readonly ListedPad[], filter: PadFilter, words: string): ListedPad[] {
  const wanted = fold(words)
    .split(/\s+/)
    .filter((word) => word !== '');
  return pads.filter((pad) => {
    if (filter === 'mine' && !pad.mine) return false;
    if (filter === 'shared' && pad.mine) return false;
    const title = fold(pad.title);
    return wanted.every((word) => title.includes(word));
  });
}

function fold(words: string): string {
  return words.normalize('NFKC').toLocaleLowerCase('de').replaceAll('ß', 'ss');
}
