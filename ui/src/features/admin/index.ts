import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import UserRoundPlus from '@lucide/svelte/icons/user-round-plus';
import { commands, creations } from '../../lib/palette.js';
import { type Feature, href } from '../../lib/router/index.js';

const load = () => import('./AdminPage.svelte');
const inside = { load, frame: 'portal', section: 'admin' } as const;

export const admin: Feature = {
  routes: [
    { name: 'admin', access: 'auditor', title: 'admin.title', ...inside },
    { name: 'adminPeople', access: 'admin', title: 'admin.nav.people', ...inside },
    { name: 'adminPerson', access: 'admin', title: 'admin.nav.people', ...inside },
    { name: 'adminGroups', access: 'admin', title: 'admin.nav.groups', ...inside },
    { name: 'adminGroup', access: 'admin', title: 'admin.nav.groups', ...inside },
    { name: 'adminInvitations', access: 'admin', title: 'admin.nav.invitations', ...inside },
    { name: 'adminSessions', access: 'admin', title: 'admin.nav.sessions', ...inside },
    { name: 'adminReports', access: 'admin', title: 'rooms.reports.title', ...inside },
    { name: 'adminPads', access: 'admin', title: 'admin.pads.title', ...inside },
    { name: 'adminAudit', access: 'auditor', title: 'admin.nav.audit', ...inside },
    { name: 'adminSettings', access: 'admin', title: 'admin.nav.settings', ...inside },
  ],
  register() {
    commands.add({
      id: 'admin.open',
      label: 'admin.title',
      icon: SlidersHorizontal,
      access: 'auditor',
      order: 80,
      href: href('admin'),
    });
    creations.add({
      id: 'admin.invite',
      label: 'admin.invite.open',
      icon: UserRoundPlus,
      access: 'admin',
      order: 90,
      href: href('adminPeople', {}, { invite: 1 }),
    });
  },
};
