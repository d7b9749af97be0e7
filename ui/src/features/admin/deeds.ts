import { toasts } from '../../kit/toast.svelte.js';
import { faultText } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';

/**
 * Does one thing for many and says in words how it went: how many succeeded,
 * and why the others did not.
 */
export async function forEach<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
  done: (count: number) => string,
): Promise<void> {
  const refused: unknown[] = [];
  for (const item of items) await act(item).catch((error: unknown) => refused.push(error));
  const count = items.length - refused.length;
  if (count > 0) toasts.show(done(count), { tone: 'good' });
  if (refused.length > 0)
    toasts.show(t('admin.partly', { failed: refused.length, reason: faultText(refused[0]) }), {
      tone: 'bad',
    });
}

/** Does one thing, says that it is done, or why it is not. Resolves true when it is. */
export async function once(act: () => Promise<unknown>, done: () => string): Promise<boolean> {
  try {
    await act();
    toasts.show(done(), { tone: 'good' });
    return true;
  } catch (error) {
    toasts.show(faultText(error), { tone: 'bad' });
    return false;
  }
}

interface PageOf<T> {
  readonly items: readonly T[];
  readonly next: string;
}

/** As many as a table can show at once with comfort; the address of the rest is the search. */
const most = 2000;

/** Loads all pages of a list. */
export async function everything<T>(page: (cursor: string) => Promise<PageOf<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor = '';
  do {
    const { items, next } = await page(cursor);
    all.push(...items);
    cursor = next;
  } while (cursor !== '' && all.length < most);
  return all;
}

/** Copies an address and says so. */
export async function copyLink(address: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(address);
    toasts.show(t('admin.copied'), { tone: 'good' });
  } catch {
    toasts.show(t('admin.copyFailed'), { tone: 'bad' });
  }
}
