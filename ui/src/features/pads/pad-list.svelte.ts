import { call } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
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

/** How old the list may be while somebody looks at it, in milliseconds. */
const refreshEvery = 8_000;

/** The column of pads: everything this person may open, narrowed by filter and words. */
export class PadList {
  words = $state('');
  filter = $state<PadFilter>('all');
  all = new Resource(listPads);
  #renamed = new Map<string, { readonly title: string; readonly at: number }>();
  shown = $derived(narrow(this.all.data ?? [], this.filter, this.words));

  load(): () => void {
    return this.all.load();
  }

  /** Keeps the list as it is on the server while somebody looks at it; call the result to stop. */
  follow(): () => void {
    const ended = new AbortController();
    const refresh = () => {
      if (document.visibilityState !== 'visible' || this.all.data === null || this.all.busy) return;
      // Without a connection the list stays as it was.
      listPads(ended.signal).then(
        (pads) => !ended.signal.aborted && this.all.update(() => pads.map((pad) => this.#current(pad))),
        () => undefined,
      );
    };
    const timer = setInterval(refresh, refreshEvery);
    addEventListener('focus', refresh);
    return () => {
      ended.abort();
      clearInterval(timer);
      removeEventListener('focus', refresh);
    };
  }

  /** What was renamed here a moment ago may be saved a moment later. */
  #current(pad: ListedPad): ListedPad {
    const renamed = this.#renamed.get(pad.id);
    return renamed && Date.now() - renamed.at < refreshEvery ? { ...pad, title: renamed.title } : pad;
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
