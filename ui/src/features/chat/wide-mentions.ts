import Users from '@lucide/svelte/icons/users';
import { call } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import type { Option } from './completion.svelte.js';
import type { CalledGroup } from './wire.js';

let groups: Promise<readonly CalledGroup[]> | null = null;

/** The town's groups, asked for once. Guests have none. */
function townGroups(): Promise<readonly CalledGroup[]> {
  groups ??= call('GET /groups', { query: { limit: 200 } }).then(
    ({ items }) => items.map(({ id, name }) => ({ id, name })),
    () => [],
  );
  return groups;
}

/** Many who can be called at once: everybody, everybody here, groups of the town. */
export async function wideMentions(room: string, typed: string): Promise<readonly Option[]> {
  const word = typed.toLocaleLowerCase();
  const fixed = [
    { kind: 'all', name: t('talk.call.all'), hint: t('talk.call.allText') },
    { kind: 'here', name: t('talk.call.here'), hint: t('talk.call.hereText') },
  ];
  const everybody = fixed
    .filter(({ name }) => name.startsWith(word))
    .map(({ kind, name, hint }) => optionOf(`${kind}:${room}`, name, hint));
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
