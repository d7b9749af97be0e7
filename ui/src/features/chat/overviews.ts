import type { LucideIcon } from '@lucide/svelte';
import Bookmark from '@lucide/svelte/icons/bookmark';
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import Inbox from '@lucide/svelte/icons/inbox';
import PencilLine from '@lucide/svelte/icons/pencil-line';
import type { Key } from '../../lib/i18n/index.svelte.js';
import { href, type PathName } from '../../lib/router/index.js';
import { drafts } from './drafts.svelte.js';
import { personal } from './personal.svelte.js';
import { rooms } from './rooms.svelte.js';

/** A line above the rooms: a view over all of them. */
export interface Overview {
  readonly route: PathName;
  readonly href: string;
  readonly icon: LucideIcon;
  readonly label: Key;
  /** How many there are; read reactively. */
  readonly count?: () => number;
  /** Something there waits for the person. */
  readonly urgent?: () => boolean;
  /** It is only there when there is something in it. */
  readonly sparse?: boolean;
}

export const overviews: readonly Overview[] = [
  {
    route: 'unread',
    href: href('unread'),
    icon: Inbox,
    label: 'personal.unread.title',
    count: () => rooms.unread,
    sparse: true,
  },
  {
    route: 'saved',
    href: href('saved'),
    icon: Bookmark,
    label: 'personal.saved.title',
    count: () => personal.due.length || personal.saved.length,
    urgent: () => personal.due.length > 0,
    sparse: true,
  },
  {
    route: 'later',
    href: href('later'),
    icon: CalendarClock,
    label: 'personal.later.title',
    count: () => personal.later.length,
    urgent: () => personal.later.some((one) => one.problem),
    sparse: true,
  },
  {
    route: 'drafts',
    href: href('drafts'),
    icon: PencilLine,
    label: 'personal.draft.title',
    count: () => drafts.refs.length,
    sparse: true,
  },
];
