import type { LucideIcon } from '@lucide/svelte';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDot from '@lucide/svelte/icons/circle-dot';
import Flag from '@lucide/svelte/icons/flag';
import Forward from '@lucide/svelte/icons/forward';
import History from '@lucide/svelte/icons/history';
import Link from '@lucide/svelte/icons/link';
import MessageSquareReply from '@lucide/svelte/icons/message-square-reply';
import Pencil from '@lucide/svelte/icons/pencil';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import Quote from '@lucide/svelte/icons/quote';
import SmilePlus from '@lucide/svelte/icons/smile-plus';
import Trash from '@lucide/svelte/icons/trash-2';
import { confirm } from '../../kit/confirm.svelte.js';
import { pickEmoji } from '../../kit/emoji.svelte.js';
import { toasts } from '../../kit/toast.svelte.js';
import { call, faultText } from '../../lib/api/index.js';
import { type Key, t } from '../../lib/i18n/index.svelte.js';
import { href, router } from '../../lib/router/index.js';
import { session } from '../../lib/session.svelte.js';
import { threadAddress } from './addresses.js';
import type { Composer } from './composer.svelte.js';
import { namesFor } from './names.svelte.js';
import type { OpenRoom } from './open-room.svelte.js';
import { isPreview } from './outbox.svelte.js';
import { personalActions } from './personal-actions.js';
import { referenceTo } from './reference.js';
import { reporting } from './reporting.svelte.js';
import { isHeard, takesPart } from './rights.js';
import { pin, react, reactedWith } from './talk.js';
import { talkDialogs } from './talk-dialogs.svelte.js';
import type { Message } from './wire.js';

/** A message and where it stands: all that its parts and actions need. */
export interface Subject {
  readonly message: Message;
  readonly open: OpenRoom;
  /** The composer below this conversation. */
  readonly composer: Composer;
  /** The id of the person who looks. */
  readonly me: string;
  /** The person wants to go on in the composer. */
  readonly write: () => void;
}

/** Something that can be done with a message. */
export interface MessageAction {
  readonly id: string;
  readonly icon: LucideIcon;
  readonly label: Key;
  /** Actions of one group stand together in the menu; groups come in the order of `groups`. */
  readonly group: (typeof groups)[number];
  /** It has a button of its own on hover. Keep them few: the menu has everything. */
  readonly quick?: boolean;
  /** The key that does it while the message has the focus: one letter or sign. */
  readonly key?: string;
  readonly danger?: boolean;
  readonly when: (subject: Subject) => boolean;
  /** Does it. `anchor` is what was pressed: a layer opens there. A refusal is told by whoever runs it. */
  readonly run: (subject: Subject, anchor: HTMLElement) => void | Promise<void>;
}

export const groups = ['talk', 'keep', 'change', 'watch'] as const;

const own = ({ message, me }: Subject) => message.author.id === me;
const belongs = ({ open }: Subject) => takesPart(open.room);
const heard = ({ open }: Subject) => isHeard(open.room);

const maySolve = (subject: Subject) =>
  subject.message.title !== undefined &&
  heard(subject) &&
  (own(subject) || subject.open.room?.can_moderate === true);

/** Everything that can be done with a message, in the order in which it is offered. */
export const messageActions: readonly MessageAction[] = [
  {
    id: 'react',
    icon: SmilePlus,
    label: 'talk.react.go',
    group: 'talk',
    quick: true,
    key: 'r',
    when: heard,
    run: pickReaction,
  },
  {
    id: 'thread',
    icon: MessageSquareReply,
    label: 'talk.thread.reply',
    group: 'talk',
    quick: true,
    key: 't',
    when: ({ message, composer }) => !message.thread_id && composer.thread === null,
    run: ({ open, message }) => router.go(threadAddress(open.id, message.id)),
  },
  {
    id: 'quote',
    icon: Quote,
    label: 'talk.quote.go',
    group: 'talk',
    key: 'q',
    when: heard,
    run: ({ composer, message, write }) => {
      composer.attach('quote', { body: { quote_id: message.id }, shown: { quote: referenceTo(message) } });
      write();
    },
  },
  {
    id: 'forward',
    icon: Forward,
    label: 'talk.forward.go',
    group: 'talk',
    key: 'f',
    when: ({ message }) =>
      session.may('member') &&
      (message.text !== '' || (message.files ?? []).length > 0) &&
      !message.expires_at,
    run: (subject) => talkDialogs.ask({ kind: 'forward', subject }),
  },
  {
    id: 'pin',
    icon: Pin,
    label: 'talk.pin.go',
    group: 'keep',
    key: 'p',
    when: (subject) => heard(subject) && !subject.message.pinned,
    run: ({ open, message }) => pin(open, message, true),
  },
  {
    id: 'unpin',
    icon: PinOff,
    label: 'talk.pin.off',
    group: 'keep',
    key: 'p',
    when: (subject) => heard(subject) && subject.message.pinned !== undefined,
    run: ({ open, message }) => pin(open, message, false),
  },
  {
    id: 'versions',
    icon: History,
    label: 'talk.versions.go',
    group: 'watch',
    when: ({ message }) => (message.versions ?? 0) > 0,
    run: (subject) => talkDialogs.ask({ kind: 'versions', subject }),
  },
  {
    id: 'edit',
    icon: Pencil,
    label: 'chat.actions.edit',
    group: 'change',
    quick: true,
    key: 'e',
    when: (subject) =>
      own(subject) && heard(subject) && !subject.message.forward && subject.message.text !== '',
    run: ({ composer, message, write }) => {
      composer.edit(message, namesFor(message.people ?? [], message.groups));
      write();
    },
  },
  {
    id: 'copy-link',
    icon: Link,
    label: 'chat.actions.copy',
    group: 'keep',
    key: 'l',
    when: () => true,
    run: copyLink,
  },
  {
    id: 'solve',
    icon: CircleCheck,
    label: 'rooms.topic.solve',
    group: 'talk',
    when: (subject) => maySolve(subject) && !subject.message.solved_at,
    run: (subject) => solve(subject, true),
  },
  {
    id: 'unsolve',
    icon: CircleDot,
    label: 'rooms.topic.unsolve',
    group: 'talk',
    when: (subject) => maySolve(subject) && subject.message.solved_at !== undefined,
    run: (subject) => solve(subject, false),
  },
  {
    id: 'report',
    icon: Flag,
    label: 'rooms.reports.go',
    group: 'watch',
    when: (subject) => !own(subject) && subject.message.kind === 'text' && subject.open.room?.role !== 'none',
    run: (subject) => {
      reporting.subject = subject;
    },
  },
  {
    id: 'delete',
    icon: Trash,
    label: 'chat.actions.delete',
    group: 'change',
    key: 'Delete',
    danger: true,
    when: (subject) => belongs(subject) && (own(subject) || subject.open.room?.can_moderate === true),
    run: remove,
  },
  ...personalActions,
];

/** What can be done with this message now. Nothing can be done with one that is deleted or still on its way. */
export function actionsFor(subject: Subject): readonly MessageAction[] {
  if (subject.message.deleted_at || isPreview(subject.message)) return [];
  return messageActions.filter((action) => action.when(subject));
}

/** Does it and says so if it is refused. */
export async function runAction(action: MessageAction, subject: Subject, anchor: HTMLElement): Promise<void> {
  try {
    await action.run(subject, anchor);
  } catch (cause) {
    toasts.show(faultText(cause), { tone: 'bad' });
  }
}

/** Lets the person pick an emoji and sets it, or takes it back when it is set already. */
export async function pickReaction({ open, message, me }: Subject, anchor: HTMLElement): Promise<void> {
  const pick = await pickEmoji(anchor);
  if (pick) await react(open, message, pick.value, !reactedWith(message, pick.value, me));
}

async function solve({ open, message }: Subject, solved: boolean): Promise<void> {
  await call('PUT /chat/rooms/{room}/messages/{message}/solved', {
    path: { room: open.id, message: message.id },
    body: { solved },
  });
}

async function copyLink({ open, message }: Subject): Promise<void> {
  const address = new URL(href('room', { room: open.id }, { at: message.seq }), location.href);
  await navigator.clipboard.writeText(address.href).then(
    () => toasts.show(t('chat.copied'), { tone: 'good' }),
    () => toasts.show(address.href),
  );
}

async function remove({ open, message }: Subject): Promise<void> {
  const sure = await confirm({
    title: t('chat.delete.title'),
    text: t('chat.delete.text'),
    action: t('chat.delete.go'),
    danger: true,
  });
  if (sure) await open.remove(message);
}
