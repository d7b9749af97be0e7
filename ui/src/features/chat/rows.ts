import type { Outgoing } from './outbox.svelte.js';
import type { Message } from './wire.js';

/** One row of the conversation as it is drawn. */
export type Row =
  | { readonly type: 'day'; readonly key: string; readonly at: string }
  | { readonly type: 'new'; readonly key: string }
  | { readonly type: 'beginning'; readonly key: string }
  | { readonly type: 'said'; readonly key: string; readonly message: Message; readonly first: boolean }
  | { readonly type: 'entry'; readonly key: string; readonly message: Message }
  | { readonly type: 'reply'; readonly key: string; readonly message: Message }
  | { readonly type: 'outgoing'; readonly key: string; readonly entry: Outgoing; readonly first: boolean };

export interface RowsInput {
  readonly lines: readonly Message[];
  readonly outgoing: readonly Outgoing[];
  readonly me: string;
  /** Messages of others above this place are new; null: no line. */
  readonly newAfter: number | null;
  /** The very first message of the room is loaded. */
  readonly complete: boolean;
  /** The newest message is loaded, so that outgoing ones follow it. */
  readonly present: boolean;
}

/** Words of one person within so many milliseconds stand together. */
const together = 5 * 60_000;

const dayOf = (at: string) => new Date(at).toDateString();

/** Puts day lines, the line above what is new, and groups into a stretch of messages. */
export function rowsOf(input: RowsInput): readonly Row[] {
  const rows: Row[] = input.complete ? [{ type: 'beginning', key: 'beginning' }] : [];
  let before: { author: string; at: string } | null = null;
  let day = '';
  let drawn = false;
  for (const message of input.lines) {
    if (dayOf(message.created_at) !== day) {
      day = dayOf(message.created_at);
      // The topmost row must still be there when older ones come before it, so the day that goes on above has no line.
      if (rows.length > 0) rows.push({ type: 'day', key: `day ${day}`, at: message.created_at });
      before = null;
    }
    if (!drawn && input.newAfter !== null && message.seq > input.newAfter && message.author.id !== input.me) {
      rows.push({ type: 'new', key: 'new' });
      drawn = true;
      before = null;
    }
    before = push(rows, message, before);
  }
  if (input.present) pushOutgoing(rows, input, before);
  return rows;
}

function push(rows: Row[], message: Message, before: { author: string; at: string } | null) {
  if (message.kind !== 'text') {
    rows.push({ type: 'entry', key: message.id, message });
    return null;
  }
  if (message.thread_id) {
    rows.push({ type: 'reply', key: message.client_id || message.id, message });
    return null;
  }
  const first = !follows(before, message.author.id, message.created_at);
  // A message keeps its key from the moment it is typed, so that it does not flicker when it is confirmed.
  rows.push({ type: 'said', key: message.client_id || message.id, message, first });
  return { author: message.author.id, at: message.created_at };
}

function pushOutgoing(rows: Row[], input: RowsInput, last: { author: string; at: string } | null) {
  const arrived = new Set(input.lines.map((line) => line.client_id));
  let before = last;
  let at = input.lines.at(-1)?.created_at ?? '';
  for (const entry of input.outgoing) {
    // What is on its way to a thread is shown there.
    if (arrived.has(entry.clientId) || entry.body.thread_id) continue;
    // What waited since yesterday stays below what others wrote today.
    if (entry.at > at && (at === '' || dayOf(entry.at) !== dayOf(at))) {
      at = entry.at;
      rows.push({ type: 'day', key: `day ${dayOf(at)}`, at });
      before = null;
    }
    rows.push({ type: 'outgoing', key: entry.clientId, entry, first: !follows(before, input.me, entry.at) });
    before = { author: input.me, at: entry.at };
  }
}

function follows(before: { author: string; at: string } | null, author: string, at: string): boolean {
  return before !== null && before.author === author && Date.parse(at) - Date.parse(before.at) < together;
}
