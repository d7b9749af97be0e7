import { describe, expect, it } from 'vitest';
import { ada, ben, room } from './fixtures.js';
import { Rooms } from './rooms.svelte.js';
import { sectionsOf } from './sections.js';
import type { Bump, Layout, Room } from './wire.js';

const now = new Date('2026-11-20T09:00:00Z');
const layout: Layout = {
  version: 1,
  favourites: ['r3', 'gone', 'r1'],
  sections: [{ id: 's1', name: 'Projekte', rooms: ['r2'], folded: false }],
};
const list = (all: Room[]) => sectionsOf({ all, filter: '', open: null, kept: null, layout, now });
const names = (all: Room[]) =>
  Object.fromEntries(list(all).map((part) => [part.id, part.rooms.map((one) => one.id)]));

describe('the list of rooms', () => {
  it('has every room in one place, in the order of the person', () => {
    const all = [
      room(),
      room({ id: 'r2' }),
      room({ id: 'r3' }),
      room({ id: 'r4' }),
      room({ id: 'd', kind: 'direct', last_seq: 3 }),
    ];
    expect(names(all)).toEqual({
      unread: [],
      favourites: ['r3', 'r1'],
      s1: ['r2'],
      rooms: ['r4'],
      direct: ['d'],
    });
  });

  it('lifts what is unread, but not a silent room', () => {
    const all = [room({ unread: 2 }), room({ id: 'r2', unread: 5, muted_until: '9999-12-31T00:00:00Z' })];
    expect(names(all)).toMatchObject({ unread: ['r1'], s1: ['r2'] });
  });
});

/** A source of chance that gives the same run again. */
function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe('badge, title and list', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
    'say the same after anything that may happen (%i)',
    (seed) => {
      const draw = chance(seed);
      const rooms = new Rooms({ me: () => ada.id, load: async () => room(), now: () => now });
      const ids = ['r1', 'r2', 'r3', 'r4'];
      rooms.take({ rooms: ids.map((id) => room({ id, unread: draw(3), last_seq: 10, read_seq: 8 })) });
      const next = new Map(ids.map((id) => [id, 10]));
      for (let step = 0; step < 80; step++) {
        const id = ids[draw(4)] ?? 'r1';
        const seq = (next.get(id) ?? 0) + 1;
        const bump: Bump = {
          room_id: id,
          seq,
          message_seq: seq,
          author: draw(4) ? ben : ada,
          unread: 1,
          mentions: draw(2),
          silent: draw(3) === 0,
        };
        switch (draw(6)) {
          case 0:
            rooms.wished({
              room_id: id,
              level: 'all',
              ...(draw(2) ? { muted_until: '9999-12-31T00:00:00Z' } : {}),
            });
            break;
          case 1:
            rooms.read({ room_id: id, seq: seq - 1, read_seq: draw(seq), unread: draw(5), mentions: 0 });
            break;
          case 2:
            next.set(id, seq);
            rooms.bumped({ ...bump, message_seq: 1 + draw(seq), unread: -1, mentions: 0 });
            break;
          default:
            next.set(id, seq);
            rooms.bumped(bump);
        }
        const parts = sectionsOf({ all: rooms.all ?? [], filter: '', open: null, kept: null, layout, now });
        const loud = parts.filter((part) => part.kind === 'unread').flatMap((part) => part.rooms);
        expect(rooms.unread).toBe(loud.reduce((sum, one) => sum + one.unread, 0));
        expect(parts.flatMap((part) => part.rooms).length).toBe(4);
      }
    },
  );
});
