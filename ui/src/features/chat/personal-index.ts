import Moon from '@lucide/svelte/icons/moon';
import MoonStar from '@lucide/svelte/icons/moon-star';
import Sun from '@lucide/svelte/icons/sun';
import { noticeSources, profileCards } from '../../lib/frame.svelte.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { commands } from '../../lib/palette.js';
import { href } from '../../lib/router/index.js';
import { startBlocks } from '../../lib/start.js';
import { drafts } from './drafts.svelte.js';
import { inHours, tomorrowMorning } from './moments.js';
import { startNotices } from './notify.js';
import { personal } from './personal.svelte.js';
import { receipts } from './receipts.svelte.js';
import { doing } from './room-menu.js';
import { statuses } from './statuses.svelte.js';

/** No disturbance until a moment; null ends it. */
export const beQuiet = (until: Date | null): Promise<void> => {
  const { until: _, ...quiet } = personal.settings.quiet;
  return personal.set({ quiet: until ? { ...quiet, until: until.toISOString() } : quiet });
};

/** What of chat is the person's alone, wherever it shows in the portal. */
export function registerPersonal(): void {
  personal.follow();
  drafts.follow();
  statuses.follow();
  receipts.follow();
  startNotices();
  noticeSources.add({
    id: 'chat.reminders',
    notices: () =>
      personal.due.map((item) => ({
        id: `reminder ${item.message_id}`,
        at: item.remind_at ?? item.saved_at,
        href: href('saved'),
        person: item.message.author,
        text: t('personal.notice.reminderOf', { name: item.message.author.name }),
      })),
  });
  startBlocks.add({
    id: 'chat.drafts',
    place: 'again',
    order: 30,
    access: 'member',
    load: () => import('./DraftsBlock.svelte'),
  });
  profileCards.add({
    id: 'chat.status',
    order: 5,
    access: 'account',
    load: () => import('./StatusCard.svelte'),
  });
  profileCards.add({
    id: 'chat.notices',
    order: 50,
    access: 'account',
    load: () => import('./NoticesCard.svelte'),
  });
  commands.add({
    id: 'chat.quiet.hour',
    label: 'personal.quiet.hourCommand',
    icon: Moon,
    access: 'account',
    run: () => doing(beQuiet(inHours(1))),
  });
  commands.add({
    id: 'chat.quiet.tomorrow',
    label: 'personal.quiet.tomorrowCommand',
    icon: MoonStar,
    access: 'account',
    run: () => doing(beQuiet(tomorrowMorning())),
  });
  commands.add({
    id: 'chat.quiet.end',
    label: 'personal.quiet.endCommand',
    icon: Sun,
    access: 'account',
    run: () => doing(beQuiet(null)),
  });
}
