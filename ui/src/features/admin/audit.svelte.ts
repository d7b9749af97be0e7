import { toasts } from '../../kit/toast.svelte.js';
import { call, faultText } from '../../lib/api/index.js';
import type { Output } from '../../lib/api/operations.js';
import { language, t } from '../../lib/i18n/index.svelte.js';
import { Resource } from '../../lib/resource.svelte.js';

export type Entry = Output<'GET /admin/audit'>['items'][number];

export const areas = ['auth', 'user', 'group', 'guest_link', 'room', 'pad', 'meeting'] as const;
export type Area = (typeof areas)[number];
export const spans = ['day', 'week', 'month', 'all'] as const;
export type Span = (typeof spans)[number];

const days: Record<Span, number> = { day: 1, week: 7, month: 30, all: 0 };

/** The audit log by area and span, page by page. */
export class AuditLog {
  area = $state<Area | 'all'>('all');
  span = $state<Span>('week');
  more = $state(false);
  readonly entries = new Resource((signal) => this.#page('', signal));

  async loadMore(): Promise<void> {
    const shown = this.entries.data;
    if (!shown?.next) return;
    this.more = true;
    try {
      const next = await this.#page(shown.next);
      this.entries.update((now) => ({ ...next, items: [...now.items, ...next.items] }));
    } catch (error) {
      toasts.show(faultText(error), { tone: 'bad' });
    } finally {
      this.more = false;
    }
  }

  #page(cursor: string, signal?: AbortSignal) {
    const since = days[this.span]
      ? new Date(Date.now() - days[this.span] * 86_400_000).toISOString()
      : undefined;
    const query = {
      limit: 100,
      cursor,
      action: this.area === 'all' ? '' : this.area,
      ...(since ? { since } : {}),
    };
    return call('GET /admin/audit', { query, ...(signal ? { signal } : {}) });
  }
}

/** What happened, in words; an action that this version does not know stands as it is. */
export const whatOf = (entry: Entry): string =>
  language.find(`admin.audit.actions.${entry.action}`) ?? entry.action;

/** Who did it. */
export function whoOf(entry: Entry): string {
  if (entry.actor_name) return entry.actor_name;
  if (entry.actor_id === 'system') return t('admin.audit.system');
  return entry.actor_id.startsWith('guest-') ? t('admin.role.guest') : t('admin.audit.stranger');
}

/** A value of the details in words, where it is one that the house has words for. */
const wordOf = (value: unknown): string =>
  language.find(`admin.role.${String(value)}`) ??
  language.find(`admin.audit.reasons.${String(value)}`) ??
  String(value);

/** Details in short: "Mitglied → Administration", "falsches Passwort". */
export function detailOf(entry: Entry): string {
  const { from, to, ...rest } = entry.detail ?? {};
  const parts = Object.values(rest)
    .filter((value) => typeof value !== 'object')
    .map(wordOf);
  if (from !== undefined && to !== undefined) parts.unshift(`${wordOf(from)} → ${wordOf(to)}`);
  return parts.join(', ');
}
