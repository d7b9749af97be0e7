import Users from '@lucide/svelte/icons/users';
import { call } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import type { Option } from './completion.svelte.js';
import type { Meant } from './mention.js';
import type { CalledGroup, Room } from './wire.js';

let groups: Promise<readonly CalledGroup[]> | null = null;

/** The town's groups, asked for once. Guests have none. */
function townGroups(): Promise<readonly CalledGroup[]> {
  groups ??= call('GET /groups', { query: { limit: 200 } }).then(
    ({ items }) => items.map(({ id, name }) => ({ id, name })),
    () => [],
  );
  return groups;
}

/** Everybody, and everybody here: in rooms of several people, for people of the town. Elsewhere these are words. */
export function callsOfAll(room: Pick<Room, 'id' | 'kind' | 'role'> | null): readonly Meant[] {
  if (!room || room.kind === 'direct' || room.kind === 'self' || room.role === 'guest') return [];
  return [
    { sign: '@', name: t('talk.call.all'), target: `all:${room.id}` },
    { sign: '@', name: t('talk.call.here'), target: `here:${room.id}` },
  ];
}

/** Many who can be called at once: everybody, everybody here, groups of the town. */
export async function wideMentions(
  room: Parameters<typeof callsOfAll>[0],
  typed: string,
): Promise<readonly Option[]> {
  const word = typed.toLocaleLowerCase();
  const hints = [t('talk.call.allText'), t('talk.call.hereText')];
  const everybody = callsOfAll(room)
    .map(({ target, name }, at) => optionOf(target, name, hints[at] ?? ''))
    .filter(({ label }) => label.startsWith(word));
  const fitting = (await townGroups()).filter(({ name }) => name.toLocaleLowerCase().includes(word));
  return [
    ...everybody,
    ...fitting.slice(0, 5).map(({ id, name }) => optionOf(`group:${id}`, name, t('talk.call.group'))),
  ];
}

const optionOf = (target: string, name: string, hint: string): Option => ({
  id: target,
  label: name,
  hint,
  icon: Users,
  insert: `@${name} `,
  meant: { sign: '@', name, target },
});
