import { type Room, titleOf } from './wire.js';

export interface Sections {
  readonly unread: readonly Room[];
  readonly rooms: readonly Room[];
  readonly direct: readonly Room[];
}

/**
 * How the list is divided. A room that was opened because it is unread stays where it is until the
 * next one is opened, so that nothing moves under the pointer.
 */
export function sectionsOf(
  all: readonly Room[],
  filter: string,
  open: string | null,
  kept: string | null,
): Sections {
  const wanted = filter.trim().toLocaleLowerCase();
  const fits = all.filter((room) => titleOf(room).toLocaleLowerCase().includes(wanted));
  const waits = (room: Room) => room.unread > 0 || (room.id === kept && room.id === open);
  const rest = fits.filter((room) => !waits(room));
  const byName = (a: Room, b: Room) => titleOf(a).localeCompare(titleOf(b), undefined, { numeric: true });
  return {
    unread: fits.filter(waits),
    rooms: rest.filter((room) => room.kind !== 'direct').sort(byName),
    // A conversation in which nothing was said yet is only there for who opened it.
    direct: rest.filter((room) => room.kind === 'direct' && (room.last_seq > 0 || room.id === open)),
  };
}
