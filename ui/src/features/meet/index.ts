import Video from '@lucide/svelte/icons/video';
import { mount } from 'svelte';
import { call } from '../../lib/api/index.js';
import { profileCards, sectionBadges } from '../../lib/frame.svelte.js';
import { galleryPages } from '../../lib/gallery.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { roomCalls } from '../../lib/meeting.svelte.js';
import { commands, creations } from '../../lib/palette.js';
import { type Feature, href, router } from '../../lib/router/index.js';
import { startBlocks } from '../../lib/start.js';
import { intent, waiting } from './waiting.svelte.js';
import './wire.js';

const meetingsPage = () => import('./MeetingsPage.svelte');

function enter(meeting: string): void {
  if (!roomCalls.inside(meeting)) intent.enter = meeting;
  router.go(href('meeting', { meeting }));
}

/** The card of a ringing call stands above every page, so it is not part of one. */
let ringer = false;
async function ring(): Promise<void> {
  if (ringer) return;
  ringer = true;
  const { default: Ringer } = await import('./Ringer.svelte');
  mount(Ringer, { target: document.body });
}

export const meet: Feature = {
  routes: [
    {
      name: 'meetings',
      load: meetingsPage,
      access: 'member',
      frame: 'portal',
      title: 'meet.title',
      section: 'meet',
    },
    {
      name: 'meeting',
      load: () => import('./MeetingPage.svelte'),
      access: 'public',
      frame: 'full',
      title: 'meet.title',
      section: 'meet',
    },
  ],
  register() {
    galleryPages.add({ id: 'meet', title: 'Treffen', load: () => import('./gallery/MeetStates.svelte') });
    waiting.listen(() => void ring());
    roomCalls.offer(async (room) => {
      const meeting = await call('POST /meet/meetings', { body: { room_id: room.id, title: room.name } });
      enter(meeting.name);
    }, enter);
    sectionBadges.add({
      id: 'meet.running',
      section: 'meet',
      count: () => waiting.running.length,
      label: (count) => t('meet.runningCount', { count }),
    });
    creations.add({
      id: 'meeting',
      label: 'meet.new',
      icon: Video,
      order: 40,
      access: 'member',
      href: href('meetings', {}, { new: 1 }),
    });
    commands.add({
      id: 'meet.open',
      label: 'meet.command',
      icon: Video,
      access: 'member',
      href: href('meetings'),
    });
    profileCards.add({ id: 'meet.ring', order: 60, load: () => import('./RingCard.svelte') });
    startBlocks.add({
      id: 'meet.running',
      place: 'now',
      order: 10,
      load: () => import('./RunningBlock.svelte'),
    });
  },
};
