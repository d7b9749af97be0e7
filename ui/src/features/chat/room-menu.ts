import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import Bell from '@lucide/svelte/icons/bell';
import BellOff from '@lucide/svelte/icons/bell-off';
import CheckCheck from '@lucide/svelte/icons/check-check';
import EyeOff from '@lucide/svelte/icons/eye-off';
import FolderInput from '@lucide/svelte/icons/folder-input';
import LogOut from '@lucide/svelte/icons/log-out';
import Star from '@lucide/svelte/icons/star';
import StarOff from '@lucide/svelte/icons/star-off';
import type { MenuItem } from '../../kit/menu.js';
import { toasts } from '../../kit/toast.svelte.js';
import { call, faultText } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { clock } from '../../lib/now.svelte.js';
import { session } from '../../lib/session.svelte.js';
import { move, placeOf, put } from './arrange.js';
import { hide, leaveGroup } from './leaving.js';
import { personal } from './personal.svelte.js';
import { forGood, isMuted } from './quiet.js';
import type { Part } from './sections.js';
import { isPersonal, type Room } from './wire.js';

/** Does something and says so if it is refused. */
export function doing(work: Promise<unknown>): void {
  work.catch((cause) => toasts.show(faultText(cause), { tone: 'bad' }));
}

/** Everything that has been said in the room counts as read. */
export const markRead = (room: Room): Promise<unknown> =>
  call('POST /chat/rooms/{room}/read', { path: { room: room.id }, body: { seq: room.last_seq } });

export function toggleFavourite(room: Room): Promise<void> {
  const on = placeOf(personal.layout, room.id) !== 'favourites';
  return personal.arrange((layout) => put(layout, room.id, on ? 'favourites' : 'none'));
}

/** Makes the room silent for good, or speak again. */
export const toggleMute = (room: Room): Promise<void> =>
  personal.wish(room.id, { muted_until: isMuted(room, clock.now) ? '' : forGood });

/** Moves the room up or down in its part of the list. */
export const step = (room: Room, part: Part, by: -1 | 1): Promise<void> =>
  personal.arrange((layout) =>
    move(
      layout,
      room.id,
      by,
      part.rooms.map((one) => one.id),
    ),
  );

/** Out of one's own list until the next message, and out of a group for good. */
function waysOut(room: Room): MenuItem[] {
  if (!isPersonal(room)) return [];
  const out: MenuItem[] = [
    { separator: 'out' },
    { id: 'hide', label: t('chat.hide.go'), icon: EyeOff, onselect: () => void hide(room) },
  ];
  if (room.kind === 'group')
    out.push({
      id: 'leave',
      label: t('chat.hide.leave'),
      icon: LogOut,
      danger: true,
      onselect: () => void leaveGroup(room),
    });
  return out;
}

/** What can be done with a room in the list. `settings` opens the rest. */
export function roomMenu(room: Room, part: Part, settings: () => void): MenuItem[] {
  const favourite = placeOf(personal.layout, room.id) === 'favourites';
  const muted = isMuted(room, clock.now);
  const ordered = part.kind === 'favourites' || part.kind === 'own';
  const at = part.rooms.findIndex((one) => one.id === room.id);
  const read =
    room.unread > 0
      ? [
          {
            id: 'read',
            label: t('personal.room.markRead'),
            icon: CheckCheck,
            onselect: () => doing(markRead(room)),
          },
        ]
      : [];
  // What is kept for a person is kept for whoever has an account.
  if (!session.may('account')) return read;
  return [
    ...read,
    {
      id: 'favourite',
      label: t(favourite ? 'personal.room.notFavourite' : 'personal.room.favourite'),
      icon: favourite ? StarOff : Star,
      onselect: () => doing(toggleFavourite(room)),
    },
    {
      id: 'mute',
      label: t(muted ? 'personal.room.unmute' : 'personal.room.mute'),
      icon: muted ? Bell : BellOff,
      onselect: () => doing(toggleMute(room)),
    },
    { id: 'settings', label: t('personal.room.settings'), icon: FolderInput, onselect: settings },
    ...(ordered && part.rooms.length > 1
      ? [
          { separator: 'order' },
          {
            id: 'up',
            label: t('personal.move.up'),
            icon: ArrowUp,
            disabled: at === 0,
            onselect: () => doing(step(room, part, -1)),
          },
          {
            id: 'down',
            label: t('personal.move.down'),
            icon: ArrowDown,
            disabled: at === part.rooms.length - 1,
            onselect: () => doing(step(room, part, 1)),
          },
        ]
      : []),
    ...waysOut(room),
  ];
}
