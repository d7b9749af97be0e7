import FileText from '@lucide/svelte/icons/file-text';
import MessageSquare from '@lucide/svelte/icons/message-square';
import SearchIcon from '@lucide/svelte/icons/search';
import { call } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import type { PaletteItem } from '../../lib/palette.js';
import { href } from '../../lib/router/index.js';
import { addressOf, type Group, plain } from './hit.js';
import { zone } from './zone.js';

/** What is written in messages and pads, the best first, and the way to all of it. */
export async function searchHits(query: string, signal: AbortSignal): Promise<PaletteItem[]> {
  const wanted = query.trim();
  if (wanted.length < 2) return [];
  const all: PaletteItem = {
    id: 'find-all',
    label: t('find.all', { query: wanted }),
    icon: SearchIcon,
    href: href('search', {}, { q: wanted }),
  };
  const { groups } = await call('GET /search', { query: { q: wanted, limit: 4, zone: zone() }, signal });
  const hits = groups.flatMap(lines).slice(0, 5);
  return hits.length > 0 ? [...hits, all] : [];
}

function lines(group: Group): PaletteItem[] {
  if (group.kind !== 'message' && group.kind !== 'pad' && group.kind !== 'file') return [];
  return group.items.slice(0, group.kind === 'message' ? 4 : 1).map((hit) => ({
    id: `find-${hit.id}`,
    label: plain(hit.title) || plain(hit.excerpt),
    hint: [hit.author?.name, hit.room?.name].filter(Boolean).join(' · ') || undefined,
    icon: group.kind === 'message' ? MessageSquare : FileText,
    href: addressOf(group.kind, hit),
  }));
}
