import { confirm } from '../../kit/confirm.svelte.js';
import { toasts } from '../../kit/toast.svelte.js';
import { call } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import type { Person } from './wire.js';

/** Wants no direct messages from somebody any more; false if the person thinks better of it. */
export async function block({ id: person, name }: Pick<Person, 'id' | 'name'>): Promise<boolean> {
  const sure = await confirm({
    title: t('rooms.block.title', { name }),
    text: t('rooms.block.text'),
    action: t('rooms.block.do'),
    danger: true,
  });
  if (!sure) return false;
  await call('PUT /chat/blocks/{person}', { path: { person } });
  toasts.show(t('rooms.block.done', { name }), { tone: 'good' });
  return true;
}
