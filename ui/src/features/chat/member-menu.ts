import Ban from '@lucide/svelte/icons/ban';
import MessageSquare from '@lucide/svelte/icons/message-square';
import Mic from '@lucide/svelte/icons/mic';
import MicOff from '@lucide/svelte/icons/mic-off';
import Shield from '@lucide/svelte/icons/shield';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import UserMinus from '@lucide/svelte/icons/user-minus';
import UserRound from '@lucide/svelte/icons/user-round';
import type { MenuItem } from '../../kit/menu.js';
import { t } from '../../lib/i18n/index.svelte.js';
import type { Role, Room, RoomMember } from './wire.js';

/** What can be done with a member. */
export type Deed =
  | { readonly do: 'write' | 'remove' | 'block' | 'unsilence' }
  | { readonly do: 'role'; readonly role: Exclude<Role, 'guest'> }
  | { readonly do: 'silence'; readonly minutes: number };

const keepsOrder = (role: Role) => role === 'owner' || role === 'moderator';

/** The menu at a member, for whoever looks: `own` is oneself. Direct rooms have none but to write and block. */
export function memberMenu(
  room: Room,
  member: RoomMember,
  own: boolean,
  run: (deed: Deed) => void,
): MenuItem[] {
  const groups = [contact(room, member, own, run), roles(room, member, run), order(room, member, own, run)];
  return groups
    .filter((items) => items.length > 0)
    .flatMap((items, at) => (at > 0 ? [{ separator: String(at) }, ...items] : items));
}

function contact(room: Room, member: RoomMember, own: boolean, run: (deed: Deed) => void): MenuItem[] {
  if (own || !member.active || member.guest || room.role === 'guest') return [];
  const items: MenuItem[] = [];
  if (room.kind !== 'direct')
    items.push({
      id: 'write',
      label: t('chat.people.write'),
      icon: MessageSquare,
      onselect: () => run({ do: 'write' }),
    });
  items.push({ id: 'block', label: t('rooms.block.go'), icon: Ban, onselect: () => run({ do: 'block' }) });
  return items;
}

const ladder = [
  { role: 'owner', icon: ShieldCheck, label: 'rooms.role.makeOwner' },
  { role: 'moderator', icon: Shield, label: 'rooms.role.makeModerator' },
  { role: 'member', icon: UserRound, label: 'rooms.role.makeMember' },
] as const;

function roles(room: Room, member: RoomMember, run: (deed: Deed) => void): MenuItem[] {
  if (!room.can_manage || member.role === 'guest') return [];
  return ladder
    .filter(({ role }) => role !== member.role)
    .map(({ role, icon, label }) => ({
      id: role,
      icon,
      label: t(label),
      onselect: () => run({ do: 'role', role }),
    }));
}

function order(room: Room, member: RoomMember, own: boolean, run: (deed: Deed) => void): MenuItem[] {
  if (own || !room.can_moderate || (keepsOrder(member.role) && !room.can_manage)) return [];
  const items: MenuItem[] = [];
  if (member.silenced_until)
    items.push({
      id: 'unsilence',
      label: t('rooms.silence.end'),
      icon: Mic,
      onselect: () => run({ do: 'unsilence' }),
    });
  else if (!keepsOrder(member.role))
    for (const [id, minutes] of [
      ['hour', 60],
      ['day', 1440],
      ['week', 10_080],
    ] as const)
      items.push({
        id,
        label: t(`rooms.silence.${id}`),
        icon: MicOff,
        onselect: () => run({ do: 'silence', minutes }),
      });
  items.push({
    id: 'remove',
    label: t('chat.people.remove'),
    icon: UserMinus,
    danger: true,
    onselect: () => run({ do: 'remove' }),
  });
  return items;
}
