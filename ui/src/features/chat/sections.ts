import { isMuted } from './quiet.js';
import { isPersonal, type Layout, type Room, type Section, titleOf } from './wire.js';

/** A part of the list: what is unread, favourites, one of the person's own, or one by kind. */
export interface Part {
  readonly id: string;
  readonly kind: 'unread' | 'favourites' | 'own' | 'rooms' | 'direct';
  readonly section?: Section;
  readonly rooms: readonly Room[];
}

export interface SectionsInput {
  readonly all: readonly Room[];
  readonly filter: string;
  readonly open: string | null;
  /**
   * A room that was opened because it is unread stays where it is until the next one is opened, so
   * that nothing moves under the pointer.
   */
  readonly kept: string | null;
  readonly layout: Layout;
  readonly now: Date;
}

/** How the list is divided. Every room stands in one part. */
export function sectionsOf({ all, filter, open, kept, layout, now }: SectionsInput): readonly Part[] {
  const wanted = filter.trim().toLocaleLowerCase();
  const fits = all.filter((room) => titleOf(room).toLocaleLowerCase().includes(wanted));
  // A silent room shows that something is in it, but where it stands.
  const waits = (room: Room) =>
    !isMuted(room, now) && (room.unread > 0 || (room.id === kept && room.id === open));
  const rest = new Map(fits.filter((room) => !waits(room)).map((room) => [room.id, room]));
  const take = (ids: readonly string[]) => {
    const found = ids.map((id) => rest.get(id)).filter((room) => room !== undefined);
    for (const room of found) rest.delete(room.id);
    return found;
  };
  const byName = (a: Room, b: Room) => titleOf(a).localeCompare(titleOf(b), undefined, { numeric: true });
  const parts: Part[] = [
    { id: 'unread', kind: 'unread', rooms: fits.filter(waits) },
    { id: 'favourites', kind: 'favourites', rooms: take(layout.favourites) },
    ...layout.sections.map(
      (section): Part => ({ id: section.id, kind: 'own', section, rooms: take(section.rooms) }),
    ),
  ];
  const others = [...rest.values()];
  return [
    ...parts,
    { id: 'rooms', kind: 'rooms', rooms: others.filter((room) => !isPersonal(room)).sort(byName) },
    // A conversation in which nothing was said yet is only there for who opened it.
    {
      id: 'direct',
      kind: 'direct',
      rooms: others.filter(
        (room) => isPersonal(room) && (room.kind === 'self' || room.last_seq > 0 || room.id === open),
      ),
    },
  ];
}
