import { when } from '../../lib/i18n/dates.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { spoken } from './mention.js';
import { namesFor } from './names.svelte.js';
import type { Message } from './wire.js';

/**
 * What the parts of a message say to somebody who does not see them, in the order in which they are
 * read. A part returns nothing when the message has nothing for it.
 */
const parts: ReadonlyArray<(message: Message) => string | null> = [
  (message) =>
    message.deleted_at ? t('chat.deleted') : spoken(message.text, namesFor(message.people ?? [])),
  (message) => (message.edited_at && !message.deleted_at ? t('chat.edited') : null),
];

/** One sentence for the screen reader: who, when, what. */
export function sentenceOf(message: Message): string {
  const text = parts
    .map((part) => part(message))
    .filter((said) => said)
    .join(', ');
  return t('chat.sentence', { name: message.author.name, when: when(message.created_at), text });
}
