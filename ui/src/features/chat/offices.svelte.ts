import Landmark from '@lucide/svelte/icons/landmark';
import type { MenuItem } from '../../kit/menu.js';
import { toasts } from '../../kit/toast.svelte.js';
import { call, faultText } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { href, router } from '../../lib/router/index.js';
import { session } from '../../lib/session.svelte.js';
import { rooms } from './rooms.svelte.js';

/** A group of the town to which one writes as a whole. */
export interface Office {
  readonly id: string;
  readonly name: string;
}

/** So many stand in a menu by name; the others are found by theirs. */
const mostInMenu = 6;

/** The offices of the town, as far as a menu needs them. */
class Offices {
  all = $state.raw<readonly Office[]>([]);

  /** Asks anew; what was known stays if there is no answer. */
  async load(): Promise<void> {
    if (!session.may('member')) return;
    const { items } = await call('GET /groups', { query: { offices: true, limit: 200 } });
    this.all = items.map(({ id, name }) => ({ id, name }));
  }
}

export const offices = new Offices();

/** Offices whose name holds the words. */
export async function findOffices(query: string, signal?: AbortSignal): Promise<Office[]> {
  const wanted = query.trim().toLocaleLowerCase();
  const { items } = await call('GET /groups', {
    query: { offices: true, limit: 200 },
    ...(signal ? { signal } : {}),
  });
  return items
    .filter(({ name }) => name.toLocaleLowerCase().includes(wanted))
    .map(({ id, name }) => ({ id, name }));
}

/** Goes to the conversation with an office, which need not be there yet. */
export async function writeToOffice(office: string): Promise<void> {
  try {
    const room = await call('POST /chat/offices/{office}', { path: { office } });
    rooms.put(room);
    router.go(href('room', { room: room.id }));
  } catch (cause) {
    toasts.show(faultText(cause), { tone: 'bad' });
  }
}

/** Lines of a menu that lead to the offices; none where there is no office. */
export function officeItems(): MenuItem[] {
  const { all } = offices;
  if (all.length === 0) return [];
  const more =
    all.length > mostInMenu
      ? [
          {
            id: 'offices',
            label: t('chat.office.all'),
            icon: Landmark,
            onselect: () => router.go(href('chat', {}, { new: 'message' })),
          },
        ]
      : [];
  return [
    { separator: 'offices' },
    ...all.slice(0, mostInMenu).map(({ id, name }) => ({
      id,
      label: name,
      hint: t('chat.office.word'),
      icon: Landmark,
      onselect: () => void writeToOffice(id),
    })),
    ...more,
  ];
}
