import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import Bookmark from '@lucide/svelte/icons/bookmark';
import BookmarkX from '@lucide/svelte/icons/bookmark-x';
import Eye from '@lucide/svelte/icons/eye';
import MailOpen from '@lucide/svelte/icons/mail-open';
import { toasts } from '../../kit/toast.svelte.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { session } from '../../lib/session.svelte.js';
import type { MessageAction, Subject } from './message-actions.js';
import { personal } from './personal.svelte.js';
import { dialogs } from './personal-dialogs.svelte.js';

const saved = ({ message }: Subject) => personal.isSaved(message.id) !== undefined;
/** What is kept for a person is kept for whoever has an account. */
const keeps = () => session.may('account');
const member = ({ open }: Subject) => keeps() && open.room !== null && open.room.role !== 'none';

/** What somebody does with a message for herself alone. */
export const personalActions: readonly MessageAction[] = [
  {
    id: 'save',
    icon: Bookmark,
    label: 'personal.actions.save',
    group: 'keep',
    key: 's',
    when: (subject) => keeps() && !saved(subject),
    run: async ({ open, message }) => {
      await personal.keep(open.id, message.id);
      toasts.show(t('personal.saved.kept'), { tone: 'good' });
    },
  },
  {
    id: 'unsave',
    icon: BookmarkX,
    label: 'personal.actions.unsave',
    group: 'keep',
    key: 's',
    when: saved,
    run: ({ open, message }) => personal.drop(open.id, message.id),
  },
  {
    id: 'remind',
    icon: AlarmClock,
    label: 'personal.actions.remind',
    group: 'keep',
    when: keeps,
    run: ({ open, message }) => {
      dialogs.reminding = { room: open.id, message };
    },
  },
  {
    id: 'unread',
    icon: MailOpen,
    label: 'personal.actions.unread',
    group: 'watch',
    key: 'u',
    when: member,
    run: async ({ open, message }) => {
      await open.markUnread(message.seq);
      toasts.show(t('personal.unread.marked'));
    },
  },
  {
    id: 'readers',
    icon: Eye,
    label: 'personal.actions.readers',
    group: 'watch',
    when: ({ message, me }) =>
      message.author.id === me &&
      personal.policies.read_receipts === 'optional' &&
      personal.settings.receipts,
    run: ({ open, message }) => {
      dialogs.readers = { room: open.id, message };
    },
  },
];
