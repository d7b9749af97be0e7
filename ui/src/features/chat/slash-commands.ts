import type { LucideIcon } from '@lucide/svelte';
import ChartBar from '@lucide/svelte/icons/chart-bar';
import ListChecks from '@lucide/svelte/icons/list-checks';
import Table from '@lucide/svelte/icons/table';
import Users from '@lucide/svelte/icons/users';
import Video from '@lucide/svelte/icons/video';
import { tick } from 'svelte';
import type { Key } from '../../lib/i18n/index.svelte.js';
import { roomCalls } from '../../lib/meeting.svelte.js';
import { href, router } from '../../lib/router/index.js';
import { session } from '../../lib/session.svelte.js';
import type { Desk } from './composer-keys.js';
import { isHeard } from './rights.js';
import { talkDialogs } from './talk-dialogs.svelte.js';

/** Something that a / at the beginning of a message does. */
export interface SlashCommand {
  readonly id: string;
  /** The word after the slash, in lower case. */
  readonly name: Key;
  /** What it does, in a few words. */
  readonly label: Key;
  readonly icon: LucideIcon;
  readonly when: (desk: Desk) => boolean;
  /** The typed word is gone already. */
  readonly run: (desk: Desk) => void | Promise<void>;
}

/** All commands, in the order in which they are offered. */
export const slashCommands: readonly SlashCommand[] = [
  {
    id: 'call',
    name: 'write.slash.call',
    label: 'write.slash.callText',
    icon: Video,
    when: ({ open }) => session.may('member') && isHeard(open.room),
    run: ({ open }) => roomCalls.begin({ id: open.id, name: open.room?.name ?? '' }),
  },
  {
    id: 'poll',
    name: 'talk.poll.command',
    label: 'talk.poll.title',
    icon: ChartBar,
    when: ({ open }) => open.room?.role !== 'none' && !open.room?.archived_at,
    run: ({ open, composer }) => talkDialogs.ask({ kind: 'poll', open, composer }),
  },
  {
    id: 'people',
    name: 'write.slash.people',
    label: 'write.slash.peopleText',
    icon: Users,
    when: () => true,
    run: ({ open }) => router.go(href('roomDetails', { room: open.id })),
  },
  {
    id: 'checks',
    name: 'write.slash.checks',
    label: 'write.slash.checksText',
    icon: ListChecks,
    when: () => true,
    run: ({ pen }) => tick().then(() => pen.format('checks')),
  },
  {
    id: 'table',
    name: 'write.slash.table',
    label: 'write.slash.tableText',
    icon: Table,
    when: () => true,
    run: ({ pen }) => tick().then(() => pen.format('table')),
  },
];
