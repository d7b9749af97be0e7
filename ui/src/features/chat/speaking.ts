import { announce } from '../../lib/a11y/announcer.svelte.js';
import { list, t } from '../../lib/i18n/index.svelte.js';
import { session } from '../../lib/session.svelte.js';
import { spoken } from './mention.js';
import { namesFor } from './names.svelte.js';
import { tellWith } from './open-room.svelte.js';
import { personal } from './personal.svelte.js';
import { doing } from './room-menu.js';
import type { Message } from './wire.js';

const gather = 1_200;
const longest = 200;

/** Which new messages of the open room a screen reader is told of. */
export type Speaking = 'all' | 'mentions' | 'none';

/** The choice of the person, the same on all devices. */
export const speaking = (): Speaking => personal.settings.announce;

export const setSpeaking = (wish: Speaking): void => doing(personal.set({ announce: wish }));

/** One sentence for what came within a moment. */
export function sentenceFor(messages: readonly Message[]): string {
  const [only] = messages;
  if (only && messages.length === 1) {
    const text =
      only.kind === 'call'
        ? t('chat.call.started', { name: only.author.name })
        : spoken(only.text, namesFor(only.people ?? [], only.groups));
    return t('chat.heard', { name: only.author.name, text: text.slice(0, longest) });
  }
  const names = [...new Set(messages.map((message) => message.author.name))];
  return t('chat.heardMany', { count: messages.length, names: list(names.slice(0, 3)) });
}

function wanted(message: Message): boolean {
  const wish = speaking();
  if (wish !== 'mentions') return wish === 'all';
  return (message.people ?? []).some((person) => person.id === session.me?.id);
}

/** Says new messages of the open room aloud; call the result to stop. */
export function speakFor(): () => void {
  let waiting: Message[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  tellWith((message) => {
    if (!wanted(message)) return;
    waiting.push(message);
    timer ??= setTimeout(() => {
      timer = undefined;
      announce(sentenceFor(waiting));
      waiting = [];
    }, gather);
  });
  return () => {
    clearTimeout(timer);
    tellWith(() => undefined);
  };
}
