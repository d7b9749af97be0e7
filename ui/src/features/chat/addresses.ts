import { href } from '../../lib/router/index.js';
import { session } from '../../lib/session.svelte.js';

/** Where a room stands for whoever looks: a guest by link has a frame of their own. */
export const roomAddress = (room: string): string =>
  session.me?.guest ? href('guestRoom', { room }) : href('room', { room });

export const threadAddress = (room: string, message: string): string =>
  session.me?.guest ? href('guestThread', { room, message }) : href('roomThread', { room, message });
