import { spoken } from './mention.js';
import { namesFor } from './names.svelte.js';
import type { Message, Reference } from './wire.js';

const longest = 200;

/** What another message shows of this one: its beginning, nothing once it is deleted. */
export function referenceTo(message: Message): Reference {
  const said = message.text || message.poll?.question || '';
  const text = spoken(said, namesFor(message.people ?? [], message.groups))
    .split(/\s+/u)
    .filter(Boolean)
    .join(' ');
  const signs = [...text];
  return {
    id: message.id,
    seq: message.seq,
    author: message.author,
    text: signs.length > longest ? `${signs.slice(0, longest - 1).join('')}…` : text,
    deleted: message.deleted_at !== undefined,
  };
}

/** The message with what it shows of another one as that is now. */
export function refreshed(line: Message, other: Message): Message {
  if (line.quote?.id !== other.id && line.root?.id !== other.id) return line;
  const reference = referenceTo(other);
  return {
    ...line,
    ...(line.quote?.id === other.id ? { quote: reference } : {}),
    ...(line.root?.id === other.id ? { root: reference } : {}),
  };
}
