import { describe, expect, it, vi } from 'vitest';
import { ada, ben, room, said } from './fixtures.js';
import { Rooms } from './rooms.svelte.js';
import type { Bump } from './wire.js';

function given(rest: Parameters<typeof room>[0] = {}) {
  const load = vi.fn(async () => room({ last_seq: 99, unread: 7 }));
  const rooms = new Rooms({ me: () => ada.id, load });
  rooms.take({
    rooms: [
      room({ last_seq: 10, read_seq: 10, ...rest }),
      room({ id: 'r2', last_at: '2026-11-20T07:00:00Z' }),
    ],
  });
  return { rooms, load };
}

const bump = (rest: Partial<Bump>): Bump => ({
  room_id: 'r1',
  seq: 11,
  message_seq: 11,
  author: ben,
  unread: 1,
  mentions: 0,
  ...rest,
});

describe('unread', () => {
  it('rises with what others say and falls when it is deleted', () => {
    const { rooms } = given();
    rooms.bumped(bump({ at: '2026-11-20T09:00:00Z', mentions: 1 }));
    expect([rooms.unread, rooms.mentions]).toEqual([1, 1]);
    rooms.bumped(bump({ seq: 12, message_seq: 11, unread: -1, mentions: -1 }));
    expect([rooms.unread, rooms.mentions]).toEqual([0, 0]);
  });

  it('counts nothing twice', () => {
    const { rooms } = given();
    rooms.bumped(bump({}));
    rooms.bumped(bump({}));
    rooms.heard('r1', said(11));
    expect(rooms.unread).toBe(1);
  });

  it('is gone when the person writes, but not when the house makes an entry for them', () => {
    const { rooms } = given({ unread: 3, read_seq: 5 });
    rooms.bumped(bump({ author: ada, unread: 0 }));
    expect(rooms.unread).toBe(3);
    rooms.bumped(bump({ author: ada, seq: 12, message_seq: 12 }));
    expect(rooms.find('r1')).toMatchObject({ unread: 0, read_seq: 12 });
  });

  it('does not fall for what was read before', () => {
    const { rooms } = given();
    rooms.bumped(bump({ message_seq: 4, unread: -1 }));
    expect(rooms.unread).toBe(0);
  });

  it('asks the server when a notice was lost', async () => {
    const { rooms, load } = given();
    rooms.bumped(bump({ seq: 15, message_seq: 15 }));
    expect(load).toHaveBeenCalledWith('r1');
    await vi.waitFor(() => expect(rooms.find('r1')?.unread).toBe(7));
  });

  it('follows what was read on another device', () => {
    const { rooms } = given({ unread: 3, read_seq: 5 });
    rooms.read({ room_id: 'r1', seq: 10, read_seq: 8, unread: 1, mentions: 0 });
    expect(rooms.find('r1')).toMatchObject({ unread: 1, read_seq: 8 });
  });
});

describe('the list', () => {
  it('raises a room in which something was said', () => {
    const { rooms } = given();
    rooms.take({
      rooms: [room({ last_seq: 1 }), room({ id: 'r2', last_seq: 1, last_at: '2026-11-19T07:00:00Z' })],
    });
    rooms.bumped(bump({ room_id: 'r2', seq: 2, message_seq: 2, at: '2026-11-21T07:00:00Z' }));
    expect(rooms.all?.map((one) => one.id)).toEqual(['r2', 'r1']);
  });

  it('loses a room', () => {
    const { rooms } = given();
    rooms.gone({ room_id: 'r1', reason: 'removed' });
    expect(rooms.find('r1')).toBeUndefined();
  });

  it('has no conversation that was taken out, until it is told that it is back', async () => {
    const { rooms, load } = given();
    rooms.hidden({ room_id: 'r1', hidden: true });
    expect(rooms.find('r1')).toBeUndefined();
    load.mockResolvedValueOnce(room({ hidden: true }));
    rooms.bumped(bump({ unread: 0 }));
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1));
    expect(rooms.find('r1')).toBeUndefined();
    rooms.bumped(bump({ seq: 12 }));
    await vi.waitFor(() => expect(rooms.find('r1')?.unread).toBe(7));
  });
});
