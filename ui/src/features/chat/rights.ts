import { clock } from '../../lib/now.svelte.js';
import type { Room } from './wire.js';

type MaybeRoom = Room | null | undefined;

/** Whether the person belongs to the room while it is open. */
export const takesPart = (room: MaybeRoom): boolean =>
  room !== null && room !== undefined && room.role !== 'none' && !room.archived_at;

/** Whether the person is kept from writing in the room at the moment. */
export const isSilenced = (room: MaybeRoom): boolean =>
  room?.silenced_until !== undefined && Date.parse(room.silenced_until) > clock.now.getTime();

/**
 * Whether the person may leave a trace in the room at the moment: react, vote, pin. Whoever is
 * silenced, is not wanted or came to read only may not.
 */
export const isHeard = (room: MaybeRoom): boolean =>
  takesPart(room) &&
  !isSilenced(room) &&
  !room?.blocked &&
  !(room?.role === 'guest' && !room.can_post && room.form !== 'announcement');
