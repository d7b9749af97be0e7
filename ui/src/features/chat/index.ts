import MessageSquarePlus from '@lucide/svelte/icons/message-square-plus';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import Video from '@lucide/svelte/icons/video';
import { personActions } from '../../lib/contact.js';
import { noticeSources, profileCards, sectionBadges } from '../../lib/frame.svelte.js';
import { galleryPages } from '../../lib/gallery.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { meetingPanels, roomCalls } from '../../lib/meeting.svelte.js';
import { newNames } from '../../lib/new-menu.svelte.js';
import { creations, providers } from '../../lib/palette.js';
import { type Feature, href } from '../../lib/router/index.js';
import { startBlocks } from '../../lib/start.js';
import { officeItems, offices } from './offices.svelte.js';
import { registerPersonal } from './personal-index.js';
import { rooms } from './rooms.svelte.js';
import { titleOf } from './wire.js';

const chatPage = () => import('./ChatPage.svelte');
const page = {
  load: chatPage,
  access: 'member',
  frame: 'portal',
  title: 'chat.title',
  section: 'chat',
} as const;

/** Guests of the town have the rooms into which they were brought, and what is kept for them. */
const guestPage = { ...page, access: 'guest' } as const;
const ownPage = { ...page, access: 'account' } as const;

/** For guests by link: one room, and nothing of the portal around it. */
const guestFrame = {
  load: () => import('./GuestRoomPage.svelte'),
  access: 'public',
  frame: 'full',
  title: 'chat.title',
  ownFocus: true,
} as const;

export const chat: Feature = {
  routes: [
    { name: 'chat', ...guestPage },
    { name: 'rooms', ...page },
    { name: 'unread', ...ownPage },
    { name: 'saved', ...ownPage },
    { name: 'later', ...ownPage },
    { name: 'drafts', ...ownPage },
    { name: 'room', ...guestPage, ownFocus: true },
    { name: 'roomDetails', ...guestPage },
    { name: 'roomThread', ...guestPage, ownFocus: true },
    { name: 'threads', ...ownPage },
    {
      name: 'joinRoom',
      load: () => import('./JoinPage.svelte'),
      access: 'public',
      frame: 'bare',
      title: 'rooms.join.room',
    },
    { name: 'guestRoom', ...guestFrame },
    { name: 'guestThread', ...guestFrame },
  ],
  register() {
    rooms.follow();
    roomCalls.known((id) => {
      const room = rooms.find(id);
      return room ? titleOf(room) : '';
    });
    registerPersonal();
    // What the last visit could not send goes out now, wherever the person is.
    const started = import('./outbox.svelte.js').then(({ outbox }) => {
      addEventListener('beforeunload', (event) => outbox.unkept && event.preventDefault());
      return outbox.start();
    });
    started.catch(() => undefined);
    sectionBadges.add({
      id: 'chat',
      section: 'chat',
      count: () => rooms.unread,
      title: true,
      label: (count) => t('chat.unread', { count }),
    });
    sectionBadges.add({
      id: 'chat.reports',
      section: 'admin',
      count: () => rooms.townReports,
      label: (count) => t('rooms.reports.waiting', { count }),
    });
    noticeSources.add({
      id: 'chat',
      notices: () =>
        rooms.loud
          .filter((room) => room.mentions > 0 || (room.kind === 'direct' && room.unread > 0))
          .map((room) => ({
            id: `chat ${room.id}`,
            at: room.last_at,
            href: href('room', { room: room.id }),
            person: room.partner,
            text: room.partner
              ? t('chat.notice.direct', { name: room.partner.name, count: room.unread })
              : t('chat.notice.mention', { room: titleOf(room), count: room.mentions }),
          })),
    });
    creations.add({
      id: 'chat.message',
      order: 10,
      label: 'chat.new.message',
      icon: MessageSquarePlus,
      href: href('chat', {}, { new: 'message' }),
    });
    creations.add({
      id: 'chat.room',
      order: 20,
      label: 'chat.new.room',
      icon: MessagesSquare,
      href: href('chat', {}, { new: 'room' }),
    });
    creations.add({
      id: 'chat.self',
      order: 15,
      label: 'files.self.title',
      icon: StickyNote,
      run: () => void import('./files/self.js').then(({ openSelf }) => openSelf()),
    });
    newNames.add({
      id: 'chat.offices',
      items: officeItems,
      load: () => void offices.load().catch(() => undefined),
    });
    providers.add({
      id: 'chat.rooms',
      title: 'chat.palette.rooms',
      order: 10,
      access: 'account',
      search: async (query, signal) => (await import('./search.js')).searchRooms(query, signal),
    });
    providers.add({
      id: 'chat.people',
      title: 'chat.palette.people',
      order: 20,
      access: 'member',
      search: async (query, signal) => (await import('./search.js')).searchPeople(query, signal),
    });
    personActions.add({
      id: 'chat.write',
      order: 10,
      label: 'chat.people.write',
      icon: MessageSquarePlus,
      run: async (person) => (await import('./search.js')).writeTo(person.id),
    });
    personActions.add({
      id: 'chat.call',
      order: 20,
      label: 'chat.call.begin',
      icon: Video,
      run: async (person) => (await import('./search.js')).callUp(person.id),
    });
    profileCards.add({ id: 'chat.blocks', order: 70, load: () => import('./BlocksCard.svelte') });
    startBlocks.add({
      id: 'chat',
      place: 'waiting',
      order: 10,
      access: 'member',
      load: () => import('./StartBlock.svelte'),
    });
    profileCards.add({ id: 'chat.speaking', access: 'account', load: () => import('./SpeakingCard.svelte') });
    galleryPages.add({ id: 'chat', title: 'Chat', load: () => import('./gallery/ChatStates.svelte') });
    galleryPages.add({
      id: 'chat-messages',
      title: 'Chat: Nachrichten',
      load: () => import('./gallery/MessageKinds.svelte'),
    });
    galleryPages.add({
      id: 'chat-lists',
      title: 'Chat: Listen',
      load: () => import('./gallery/Lists.svelte'),
    });
    meetingPanels.add({
      id: 'chat',
      order: 10,
      title: 'chat.title',
      load: () => import('./MeetingChat.svelte'),
    });
  },
};
