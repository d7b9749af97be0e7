import { call } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';

/** Groups of the town whose name holds the words; an issuer's groups are the issuer's to fill. */
export async function findGroups(query: string, signal: AbortSignal) {
  const { items } = await call('GET /groups', { query: { limit: 200 }, signal });
  const words = query.trim().toLocaleLowerCase();
  return items.filter((group) => group.origin === 'local' && group.name.toLocaleLowerCase().includes(words));
}

/** Where a group comes from, in words. */
export const originOf = (group: { readonly origin: string }): string =>
  group.origin === 'local' ? t('admin.groups.local') : t('admin.groups.from', { origin: group.origin });
