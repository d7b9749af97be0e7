import { describe, expect, it } from 'vitest';
import { gridFor, page, perPage, seating } from './layout.js';

const wide = { width: 1280, height: 640 };
const phone = { width: 375, height: 600 };

describe('the grid', () => {
  it.each([
    [1, wide, 1],
    [2, wide, 2],
    [3, wide, 2],
    [4, wide, 2],
    [6, wide, 3],
    [9, wide, 3],
    [2, phone, 1],
    [4, phone, 2],
    [6, phone, 2],
  ])('puts %i tiles well', (count, space, columns) => {
    expect(gridFor(count, space, 8).columns).toBe(columns);
  });

  it('never leaves its space', () => {
    for (const space of [wide, phone, { width: 320, height: 240 }, { width: 3000, height: 300 }]) {
      for (let count = 1; count <= 12; count++) {
        const { columns, rows, tile } = gridFor(count, space, 8);
        expect(columns * rows).toBeGreaterThanOrEqual(count);
        expect(columns * tile.width + (columns - 1) * 8).toBeLessThanOrEqual(space.width);
        expect(rows * tile.height + (rows - 1) * 8).toBeLessThanOrEqual(space.height);
      }
    }
  });

  it('survives a stage without room', () => {
    expect(gridFor(3, { width: 0, height: 0 }, 8).tile).toEqual({ width: 0, height: 0 });
  });
});

describe('the seating', () => {
  const people = (spoke: Record<string, number>) =>
    ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, spoke: spoke[id] ?? 0 }));

  it('keeps the order of coming', () => {
    expect(seating(people({}), 3)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('brings a speaker to the first page in place of the quietest', () => {
    expect(seating(people({ a: 5, c: 3, e: 9 }), 3)).toEqual(['a', 'e', 'c', 'd', 'b']);
  });

  it('lets nobody jump who is seen already', () => {
    const before = seating(people({ e: 9 }), 3);
    expect(seating(people({ e: 9, b: 12 }), 3, before)).toEqual(before);
  });

  it('forgets who has left and adds who has come at the end', () => {
    expect(
      seating(
        [
          { id: 'b', spoke: 0 },
          { id: 'x', spoke: 0 },
        ],
        3,
        ['a', 'b'],
      ),
    ).toEqual(['b', 'x']);
  });
});

describe('pages', () => {
  it('hold what fits and stay within their number', () => {
    expect(page(['a', 'b', 'c'], 2, 1)).toEqual({ ids: ['c'], pages: 2, at: 1 });
    expect(page(['a', 'b', 'c'], 2, 9).at).toBe(1);
    expect(page([], 2, 0)).toEqual({ ids: [], pages: 1, at: 0 });
  });

  it('hold fewer on a phone, and no more than there are streams for', () => {
    expect(perPage(wide, 16)).toBe(9);
    expect(perPage(phone, 16)).toBe(6);
    expect(perPage(wide, 3)).toBe(4);
    expect(perPage({ width: 160, height: 120 }, 16)).toBe(1);
  });
});
