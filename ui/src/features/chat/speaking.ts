import { announce } from '../../lib/a11y/announcer.svelte.js';
import { list, t } from '../../lib/i18n/index.svelte.js';
import { spoken } from './mention.js';
import { namesFor } from './names.svelte.js';
import { tellWith } from './open-room.svelte.js';
import type { Message } from './wire.js';

const gather = 1_200;
const longest = 200;

/** One sentence for what came within a moment. */
export function sentenceFor(messages: readonly Message[]): string {
  const [only] = messages;
  if (only && messages.length === 1) {
    const text =
      only.kind === 'call'
        ? t('chat.call.started', { name: only.author.name })
        : spoken(only.text, namesFor(only.people ?? []));
    return t('chat.heard', { name: only.author.name, text: text.slice(0, longest) });
  }
  const names = [...new Set(messages.map((message) => message.author.name))];
  return t('chat.heardMany', { count: messages.length, names: list(names.slice(0, 3)) });
}

/** Says new messages of the open room aloud; call the result to stop. */
export function speakFor(): () => void {
  let waiting: Message[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  tellWith((message) => {
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
