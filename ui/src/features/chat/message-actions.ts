import type { LucideIcon } from '@lucide/svelte';
import Link from '@lucide/svelte/icons/link';
import Pencil from '@lucide/svelte/icons/pencil';
import Trash from '@lucide/svelte/icons/trash-2';
import { confirm } from '../../kit/confirm.svelte.js';
import { toasts } from '../../kit/toast.svelte.js';
import { faultText } from '../../lib/api/index.js';
import { type Key, t } from '../../lib/i18n/index.svelte.js';
import { href } from '../../lib/router/index.js';
import type { Composer } from './composer.svelte.js';
import { namesFor } from './names.svelte.js';
import type { OpenRoom } from './open-room.svelte.js';
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
const takesPart = ({ open }: Subject) => open.room?.role !== 'none' && !open.room?.archived_at;

/** Everything that can be done with a message, in the order in which it is offered. */
export const messageActions: readonly MessageAction[] = [
  {
    id: 'edit',
    icon: Pencil,
    label: 'chat.actions.edit',
    group: 'change',
    quick: true,
    key: 'e',
    when: (subject) => own(subject) && takesPart(subject),
    run: ({ composer, message, write }) => {
      composer.edit(message, namesFor(message.people ?? []));
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
    id: 'delete',
    icon: Trash,
    label: 'chat.actions.delete',
    group: 'change',
    key: 'Delete',
    danger: true,
    when: (subject) => takesPart(subject) && (own(subject) || subject.open.room?.can_manage === true),
    run: remove,
  },
];

/** What can be done with this message now. Nothing can be done with a deleted one. */
export function actionsFor(subject: Subject): readonly MessageAction[] {
  if (subject.message.deleted_at) return [];
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
