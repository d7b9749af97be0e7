import { call } from '../../lib/api/index.js';
import { type Beginning, type Filter, type Having, having } from '../../lib/filters.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { session } from '../../lib/session.svelte.js';

const most = 6;

const havingWords: Readonly<Record<Having, () => string>> = {
  file: () => t('find.has.file'),
  image: () => t('find.has.image'),
  video: () => t('find.has.video'),
  voice: () => t('find.has.voice'),
  pdf: () => t('find.has.pdf'),
  link: () => t('find.has.link'),
  poll: () => t('find.has.poll'),
  code: () => t('find.has.code'),
};

export const wordOf = (one: Having): string => havingWords[one]();

/** What a filter may become that is being typed. */
export async function complete(begun: Beginning, signal: AbortSignal): Promise<Filter[]> {
  if (begun.kind === 'has') {
    const typed = begun.typed.toLocaleLowerCase();
    return having
      .map((value) => ({ kind: 'has' as const, value, name: wordOf(value) }))
      .filter((one) => one.name.toLocaleLowerCase().startsWith(typed) || one.value.startsWith(typed));
  }
  if (begun.kind === 'from') {
    if (!session.may('member')) return [];
    const { items } = await call('GET /people', { query: { q: begun.typed, limit: most }, signal });
    return items.map((one) => ({ kind: 'from', value: one.id, name: one.name }));
  }
  const { rooms } = await call('GET /chat/rooms', { signal });
  const typed = begun.typed.toLocaleLowerCase();
  return rooms
    .map((room) => ({ kind: 'in' as const, value: room.id, name: room.partner?.name ?? room.name }))
    .filter((one) => one.name.toLocaleLowerCase().includes(typed))
    .slice(0, most);
}
