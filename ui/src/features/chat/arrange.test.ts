import { describe, expect, it } from 'vitest';
import { addSection, changeSection, dropSection, move, moveSection, placeOf, put } from './arrange.js';
import type { Layout } from './wire.js';

const start: Layout = {
  version: 3,
  favourites: ['a', 'b', 'c'],
  sections: [
    { id: 's1', name: 'Projekte', rooms: ['d'], folded: false },
    { id: 's2', name: 'Amt', rooms: [], folded: false },
  ],
};

describe('the arrangement of the list', () => {
  it('has a room in one place', () => {
    const moved = put(start, 'a', { section: 's2' });
    expect(moved.favourites).toEqual(['b', 'c']);
    expect(placeOf(moved, 'a')).toEqual({ section: 's2' });
    expect(placeOf(put(moved, 'a', 'none'), 'a')).toBe('none');
    expect(put(start, 'd', 'favourites', 'b').favourites).toEqual(['a', 'd', 'b', 'c']);
  });

  it('moves by keyboard past what is shown', () => {
    expect(move(start, 'a', 1, ['a', 'b', 'c']).favourites).toEqual(['b', 'a', 'c']);
    expect(move(start, 'b', 1, ['a', 'b', 'c']).favourites).toEqual(['a', 'c', 'b']);
    expect(move(start, 'c', -1, ['a', 'b', 'c']).favourites).toEqual(['a', 'c', 'b']);
    expect(move(start, 'c', -1, ['a', 'c']).favourites, 'b is not shown').toEqual(['c', 'a', 'b']);
    expect(move(start, 'a', -1, ['a', 'b', 'c'])).toBe(start);
    expect(move(start, 'c', 1, ['a', 'b', 'c'])).toBe(start);
    expect(move(start, 'x', 1, ['x'])).toBe(start);
  });

  it('makes, renames, moves and drops sections', () => {
    const more = changeSection(addSection(start, 's3', 'Neu'), 's3', { name: 'Wahl', folded: true });
    expect(more.sections[2]).toEqual({ id: 's3', name: 'Wahl', rooms: [], folded: true });
    expect(moveSection(more, 's3', -1).sections.map((one) => one.id)).toEqual(['s1', 's3', 's2']);
    expect(moveSection(more, 's3', 1)).toBe(more);
    expect(placeOf(dropSection(start, 's1'), 'd')).toBe('none');
  });
});
