import type { Message, Page, Room, State } from './wire.js';

/** Things for tests and the gallery. */
export const ada = { id: '00000000-0000-7000-8000-00000000000a', name: 'Ada Ahorn' };
export const ben = { id: '00000000-0000-7000-8000-00000000000b', name: 'Ben [Bauhof] Berg' };

const start = Date.parse('2026-11-20T08:00:00Z');

export function said(seq: number, rest: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    client_id: `c${seq}`,
    seq,
    rev: seq,
    kind: 'text',
    author: ben,
    text: `Nachricht ${seq}`,
    data: {},
    created_at: new Date(start + seq * 1000).toISOString(),
    ...rest,
  };
}

export function room(rest: Partial<Room> = {}): Room {
  return {
    id: 'r1',
    kind: 'private',
    form: 'talk',
    name: 'Bauhof',
    topic: '',
    description: '',
    role: 'member',
    last_seq: 0,
    last_at: '2026-11-20T08:00:00Z',
    read_seq: 0,
    unread: 0,
    mentions: 0,
    members: 2,
    call: '',
    level: 'all',
    expire_after: 0,
    created_at: '2026-11-20T08:00:00Z',
    color: '',
    emoji: '',
    picture: '',
    slow_seconds: 0,
    wait_seconds: 0,
    can_post: true,
    can_moderate: false,
    can_manage: false,
    can_add: false,
    ...rest,
  };
}

export function state(messages: Message[], rest: Partial<State> = {}): State {
  const head = Math.max(0, ...messages.map((message) => message.rev));
  return { room: room({ last_seq: head }), head, reset: true, more: false, messages, ...rest };
}

export function page(messages: Message[], rest: Partial<Page> = {}): Page {
  return { messages, before: false, after: false, head: 0, ...rest };
}
