import { list, t } from '../../lib/i18n/index.svelte.js';
import { durationText } from './duration.js';
import type { Message } from './wire.js';

const mostNames = 4;

/** What an entry of the house says, in one sentence. */
export function entryText(message: Message): string {
  const name = message.author.name;
  switch (message.kind) {
    case 'created':
      return t('chat.entry.created', { name });
    case 'joined':
      return t('chat.entry.joined', { name });
    case 'left':
      return t('chat.entry.left', { name });
    case 'added':
      return t('chat.entry.added', { name, people: names(message) });
    case 'removed':
      return t('chat.entry.removed', { name, people: names(message) });
    case 'renamed':
      return t('chat.entry.renamed', { name, room: message.data.name ?? '' });
    case 'role':
      return t('rooms.entry.role', { name, people: names(message), role: roleWord(message.data.role) });
    case 'archived':
      return t('rooms.entry.archived', { name });
    case 'reopened':
      return t('rooms.entry.reopened', { name });
    case 'expiry':
      return message.data.seconds
        ? t('rooms.entry.expiry', { name, duration: durationText(message.data.seconds) })
        : t('rooms.entry.expiryEnded', { name });
    case 'call':
      return message.data.state === 'running'
        ? t('chat.call.started', { name })
        : t('chat.call.over', { name });
    case 'text':
      return message.text;
    default:
      return message.kind satisfies never;
  }
}

function names(message: Message): string {
  const all = (message.people ?? []).map((person) => person.name);
  const count = Math.max(all.length, message.data.count ?? 0);
  if (count <= mostNames) return list(all);
  const shown = all.slice(0, mostNames - 1);
  return t('chat.entry.andMore', { names: shown.join(', '), count: count - shown.length });
}

function roleWord(role: string | undefined): string {
  if (role === 'owner') return t('rooms.role.owner');
  if (role === 'moderator') return t('rooms.role.moderator');
  return t('rooms.role.member');
}
