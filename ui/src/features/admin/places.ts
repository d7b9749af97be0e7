import type { LucideIcon } from '@lucide/svelte';
import FileX from '@lucide/svelte/icons/file-x';
import Flag from '@lucide/svelte/icons/flag';
import History from '@lucide/svelte/icons/history';
import MailPlus from '@lucide/svelte/icons/mail-plus';
import MonitorSmartphone from '@lucide/svelte/icons/monitor-smartphone';
import Settings from '@lucide/svelte/icons/settings';
import UserRound from '@lucide/svelte/icons/user-round';
import Users from '@lucide/svelte/icons/users';
import type { Key } from '../../lib/i18n/index.svelte.js';
import type { Access, PathName } from '../../lib/router/index.js';

export interface Place {
  readonly name: Exclude<PathName & `admin${string}`, 'adminPerson' | 'adminGroup'>;
  readonly label: Key;
  readonly icon: LucideIcon;
  readonly access: Access;
  /** Pages below this one, where it stays marked. */
  readonly below?: PathName;
}

/** The rooms of the administration, in the order of the list. */
export const places = [
  {
    name: 'adminPeople',
    label: 'admin.nav.people',
    icon: UserRound,
    access: 'admin',
    below: 'adminPerson',
  },
  { name: 'adminGroups', label: 'admin.nav.groups', icon: Users, access: 'admin', below: 'adminGroup' },
  { name: 'adminInvitations', label: 'admin.nav.invitations', icon: MailPlus, access: 'admin' },
  { name: 'adminSessions', label: 'admin.nav.sessions', icon: MonitorSmartphone, access: 'admin' },
  { name: 'adminReports', label: 'rooms.reports.title', icon: Flag, access: 'admin' },
  { name: 'adminPads', label: 'admin.pads.title', icon: FileX, access: 'admin' },
  { name: 'adminAudit', label: 'admin.nav.audit', icon: History, access: 'auditor' },
  { name: 'adminSettings', label: 'admin.nav.settings', icon: Settings, access: 'admin' },
] as const satisfies readonly Place[];
