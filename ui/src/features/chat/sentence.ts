import { when } from '../../lib/i18n/dates.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { filesSentence } from './files/facts.js';
import { spoken } from './mention.js';
import { namesFor } from './names.svelte.js';
import type { Message } from './wire.js';

/**
 * What the parts of a message say to somebody who does not see them, in the order in which they are
 * read. A part returns nothing when the message has nothing for it.
 */
const parts: ReadonlyArray<(message: Message) => string | null> = [
  (message) =>
    message.deleted_at
      ? t('chat.deleted')
      : spoken(message.text, namesFor(message.people ?? [], message.groups)),
  (message) => (message.quote ? t('talk.quote.of', { name: message.quote.author.name }) : null),
  (message) => (message.forward ? forwardText(message.forward) : null),
  (message) => (message.files?.length ? filesSentence(message.files) : null),
  (message) => (message.poll ? t('talk.poll.sentence', { question: message.poll.question }) : null),
  (message) => (message.pinned ? t('talk.pin.by', { name: message.pinned.by.name }) : null),
  (message) => {
    const count = (message.reactions ?? []).reduce((sum, one) => sum + one.people.length, 0);
    return count > 0 ? t('talk.react.sentence', { count }) : null;
  },
  (message) => (message.thread ? t('talk.thread.replies', { count: message.thread.replies }) : null),
  (message) =>
    message.expires_at && !message.deleted_at
      ? t('personal.expiry.at', { when: when(message.expires_at) })
      : null,
  (message) => (message.edited_at && !message.deleted_at ? t('chat.edited') : null),
];

/** Where words come from that were passed on. */
export function forwardText(from: NonNullable<Message['forward']>): string {
  const values = { name: from.author.name, when: when(from.at) };
  return from.room_name
    ? t('talk.forward.fromRoom', { ...values, room: from.room_name })
    : t('talk.forward.from', values);
}

/** One sentence for the screen reader: who, when, what. */
export function sentenceOf(message: Message): string {
  const text = parts
    .map((part) => part(message))
    .filter((said) => said)
    .join(', ');
  return t('chat.sentence', { name: message.author.name, when: when(message.created_at), text });
}
