/** Where the tiles of a stage go. Pure: no DOM, no state. */

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly tile: Box;
}

/** Pictures keep within these shapes, so that not too much is cut at the edges. Upright stages may have upright tiles. */
const upright = 3 / 4;
const narrow = 4 / 3;
const wide = 16 / 9;

/** The grid in which count tiles are largest within space, with gap between them. */
export function gridFor(count: number, space: Box, gap: number): Grid {
  let best: Grid = { columns: 1, rows: Math.max(1, count), tile: { width: 0, height: 0 } };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(Math.max(1, count) / columns);
    const cell = {
      width: (space.width - gap * (columns - 1)) / columns,
      height: (space.height - gap * (rows - 1)) / rows,
    };
    const tile = tileIn(cell, space.width < space.height ? upright : narrow);
    if (tile.width * tile.height > best.tile.width * best.tile.height) best = { columns, rows, tile };
  }
  return best;
}

/** The largest picture within a cell whose shape is not extreme. */
function tileIn(cell: Box, narrowest: number): Box {
  const width = Math.max(0, cell.width);
  const height = Math.max(0, cell.height);
  const shape = height === 0 ? wide : Math.min(wide, Math.max(narrowest, width / height));
  const byHeight = height * shape;
  return byHeight <= width
    ? { width: Math.floor(byHeight), height: Math.floor(height) }
    : { width: Math.floor(width), height: Math.floor(width / shape) };
}

/** How many tiles one page of the stage holds. */
export function perPage(space: Box, slots: number): number {
  const smallest = 150;
  const columns = Math.max(1, Math.floor(space.width / smallest));
  const rows = Math.max(1, Math.floor(space.height / (smallest * 0.75)));
  const most = space.width < 600 ? 6 : 9;
  return Math.max(1, Math.min(columns * rows, most, slots + 1));
}

export interface Seat {
  readonly id: string;
  /** When this person last spoke, 0 for never. */
  readonly spoke: number;
}

/**
 * The order of the tiles: as they came, but whoever spoke lately is on the first page. Somebody moves
 * there by changing places with whoever has been silent for longest, so that nobody else jumps.
 */
export function seating(people: readonly Seat[], size: number, before: readonly string[] = []): string[] {
  const known = new Map(people.map((person) => [person.id, person]));
  const order = [
    ...before.filter((id) => known.has(id)),
    ...people.map((person) => person.id).filter((id) => !before.includes(id)),
  ];
  const spoke = (id: string | undefined) => known.get(id ?? '')?.spoke ?? 0;
  for (let at = size; at < order.length; at++) {
    const first = order.slice(0, size);
    const quietest = first.reduce((a, b) => (spoke(b) < spoke(a) ? b : a), first[0] ?? '');
    const speaker = order[at];
    if (speaker === undefined || spoke(speaker) <= spoke(quietest)) continue;
    order[order.indexOf(quietest)] = speaker;
    order[at] = quietest;
  }
  return order;
}

/** The ids on one page, and how many pages there are. */
export function page(
  order: readonly string[],
  size: number,
  wanted: number,
): { ids: string[]; pages: number; at: number } {
  const pages = Math.max(1, Math.ceil(order.length / size));
  const at = Math.min(Math.max(0, wanted), pages - 1);
  return { ids: order.slice(at * size, (at + 1) * size), pages, at };
}
