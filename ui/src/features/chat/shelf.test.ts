import { expect, it } from 'vitest';
import type { OpenRoom } from './open-room.svelte.js';
import { Shelf } from './shelf.js';

function given() {
  const made: string[] = [];
  const shelf = new Shelf((id) => {
    made.push(id);
    return { id, phase: 'ready', prepare: async () => undefined } as unknown as OpenRoom;
  });
  return { shelf, made };
}

it('the shelf keeps the ten rooms that were open last', () => {
  const { shelf, made } = given();
  const first = shelf.take('r0');
  for (let at = 1; at < 10; at++) shelf.take(`r${at}`);
  expect(shelf.take('r0')).toBe(first);
  shelf.take('r10');
  shelf.take('r1');
  expect(made.filter((id) => id === 'r1')).toHaveLength(2);
  expect(made.filter((id) => id === 'r0')).toHaveLength(1);
});

it('the shelf fetches a room that is about to be opened once', () => {
  const { shelf, made } = given();
  shelf.prepare('r1');
  shelf.prepare('r1');
  shelf.take('r1');
  expect(made).toEqual(['r1']);
});
