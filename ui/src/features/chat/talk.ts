import { call } from '../../lib/api/index.js';
import { live } from '../../lib/realtime/index.js';
import type { OpenRoom } from './open-room.svelte.js';
import { type Message, topicOf } from './wire.js';

// What people do with a message that is there. The answer is the changed message, which everybody gets as an event too.

type Place = { readonly room: string; readonly message: string };
const place = (open: OpenRoom, message: Message): Place => ({ room: open.id, message: message.id });

async function change(
  open: OpenRoom,
  op: string,
  data: object,
  byHttp: () => Promise<Message>,
): Promise<void> {
  open.heard(live.state === 'open' ? await live.ask<Message>(topicOf(open.id), op, data) : await byHttp());
}

export function react(open: OpenRoom, message: Message, emoji: string, on: boolean): Promise<void> {
  const path = place(open, message);
  return change(open, 'react', { id: message.id, emoji, on }, () =>
    call('POST /chat/rooms/{room}/messages/{message}/reactions', { path, body: { emoji, on } }),
  );
}

export function pin(open: OpenRoom, message: Message, on: boolean): Promise<void> {
  const path = place(open, message);
  return change(open, 'pin', { id: message.id, on }, () =>
    on
      ? call('PUT /chat/rooms/{room}/messages/{message}/pin', { path })
      : call('DELETE /chat/rooms/{room}/messages/{message}/pin', { path }),
  );
}

export function vote(open: OpenRoom, message: Message, options: string[]): Promise<void> {
  const path = place(open, message);
  return change(open, 'vote', { id: message.id, options }, () =>
    call('PUT /chat/rooms/{room}/messages/{message}/vote', { path, body: { options } }),
  );
}

export function closePoll(open: OpenRoom, message: Message): Promise<void> {
  const path = place(open, message);
  return change(open, 'close_poll', { id: message.id }, () =>
    call('POST /chat/rooms/{room}/messages/{message}/close-poll', { path }),
  );
}

/** The person's own reaction with an emoji, however its picture is asked for. */
export function reactedWith(message: Message, emoji: string, me: string): boolean {
  const plain = (one: string) => one.replaceAll('\uFE0F', '');
  return (message.reactions ?? []).some(
    (reaction) =>
      plain(reaction.emoji) === plain(emoji) && reaction.people.some((person) => person.id === me),
  );
}
