import { confirm } from '../../kit/confirm.svelte.js';
import { toasts } from '../../kit/toast.svelte.js';
import { call, faultText } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { href, router } from '../../lib/router/index.js';
import { type Room, titleOf } from './wire.js';

const away = (room: Room) => {
  if (router.place.params.room === room.id) router.go(href('chat'));
};

const setHidden = (room: Room, hidden: boolean) =>
  call('PUT /chat/rooms/{room}/hidden', { path: { room: room.id }, body: { hidden } });

const refused = (cause: unknown) => void toasts.show(faultText(cause), { tone: 'bad' });

/** Takes a conversation out of one's own list until the next message. */
export async function hide(room: Room): Promise<void> {
  try {
    await setHidden(room, true);
    away(room);
    toasts.show(t('chat.hide.done', { name: titleOf(room) }), {
      action: { label: t('chat.hide.undo'), run: () => void setHidden(room, false).catch(refused) },
    });
  } catch (cause) {
    refused(cause);
  }
}

/** Leaves a conversation of several, for good. */
export async function leaveGroup(room: Room): Promise<void> {
  const sure = await confirm({
    title: t('chat.hide.leaveTitle'),
    text: t('chat.hide.leaveText'),
    action: t('chat.hide.leave'),
    danger: true,
  });
  if (!sure) return;
  try {
    await call('POST /chat/rooms/{room}/leave', { path: { room: room.id } });
    away(room);
  } catch (cause) {
    refused(cause);
  }
}
