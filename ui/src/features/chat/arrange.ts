import type { Layout, Section } from './wire.js';

/** Where a room stands: among the favourites, in a section of the person's own, or where its kind belongs. */
export type Place = 'favourites' | 'none' | { readonly section: string };

/** Every change of the arrangement, each from one layout to the next. */
export const placeOf = (layout: Layout, room: string): Place => {
  if (layout.favourites.includes(room)) return 'favourites';
  const section = layout.sections.find((one) => one.rooms.includes(room));
  return section ? { section: section.id } : 'none';
};

const without = (rooms: readonly string[], room: string) => rooms.filter((one) => one !== room);

function insert(rooms: readonly string[], room: string, before: string | undefined): string[] {
  const rest = without(rooms, room);
  const at = before === undefined ? -1 : rest.indexOf(before);
  return at < 0 ? [...rest, room] : rest.toSpliced(at, 0, room);
}

/** Puts a room somewhere, before another one or at the end. */
export function put(layout: Layout, room: string, place: Place, before?: string): Layout {
  if (room === before) return layout;
  const here = (id: string) => typeof place === 'object' && place.section === id;
  return {
    ...layout,
    favourites:
      place === 'favourites' ? insert(layout.favourites, room, before) : without(layout.favourites, room),
    sections: layout.sections.map((section) => ({
      ...section,
      rooms: here(section.id) ? insert(section.rooms, room, before) : without(section.rooms, room),
    })),
  };
}

/** Moves a room up or down where it stands, past the next of those that are shown. */
export function move(layout: Layout, room: string, by: -1 | 1, shown: readonly string[]): Layout {
  const place = placeOf(layout, room);
  if (place === 'none') return layout;
  const visible = shown.filter((one) => one !== room);
  const at = shown.indexOf(room) + by;
  if (at < 0 || at > visible.length) return layout;
  return put(layout, room, place, visible[at]);
}

export const addSection = (layout: Layout, id: string, name: string): Layout => ({
  ...layout,
  sections: [...layout.sections, { id, name, rooms: [], folded: false }],
});

export const changeSection = (layout: Layout, id: string, change: Partial<Section>): Layout => ({
  ...layout,
  sections: layout.sections.map((one) => (one.id === id ? { ...one, ...change } : one)),
});

/** Takes a section away; its rooms go where their kind belongs. */
export const dropSection = (layout: Layout, id: string): Layout => ({
  ...layout,
  sections: layout.sections.filter((one) => one.id !== id),
});

export function moveSection(layout: Layout, id: string, by: -1 | 1): Layout {
  const at = layout.sections.findIndex((one) => one.id === id);
  const section = layout.sections[at];
  if (!section || at + by < 0 || at + by >= layout.sections.length) return layout;
  return { ...layout, sections: layout.sections.toSpliced(at, 1).toSpliced(at + by, 0, section) };
}
