import { SvelteMap } from 'svelte/reactivity';
import { call } from '../../lib/api/index.js';
import { live } from '../../lib/realtime/index.js';
import type { MyVote } from './wire.js';

/** In which secret polls the person has voted; the messages do not say it. */
const voted = new SvelteMap<string, boolean>();

export const hasVoted = (message: string): boolean | undefined => voted.get(message);

export function noteVote(message: string): void {
  voted.set(message, true);
}

/** Asks once whether the person has voted in a secret poll. */
export function askForVote(room: string, message: string): void {
  if (voted.has(message)) return;
  voted.set(message, false);
  call('GET /chat/rooms/{room}/messages/{message}/vote', { path: { room, message } }).then(
    (mine) => mine.voted && voted.set(message, true),
    () => voted.delete(message),
  );
}

/** Hears of votes on other devices of the person; call the result to stop. */
export function followVotes(): () => void {
  const leave = live.onMe('voted', (data) => noteVote((data as MyVote).message_id));
  return () => {
    leave();
    voted.clear();
  };
}
