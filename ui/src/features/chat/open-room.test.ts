import { describe, expect, it, vi } from 'vitest';
import type { Follower } from '../../lib/realtime/index.js';
import { ada, ben, page, room, said, state } from './fixtures.js';
import { OpenRoom, type OpenRoomDeps } from './open-room.svelte.js';

function given(deps: Partial<OpenRoomDeps> = {}) {
  let follower: Follower | undefined;
  const read = vi.fn(async () => undefined);
  const tell = vi.fn();
  let looking = true;
  const open = new OpenRoom('r1', {
    me: () => ada.id,
    rooms: { put: () => undefined, heard: () => undefined, facts: () => undefined, find: () => undefined },
    outbox: { of: () => [], post: async () => undefined, arrived: () => undefined },
    join: (_, given) => {
      follower = given;
      return () => undefined;
    },
    whileFallback: () => () => undefined,
    state: () => 'open',
    ask: async () => {
      throw new Error('not asked here');
    },
    room: async () => room(),
    changes: async () => state([]),
    page: async () => page([]),
    read,
    unread: async () => undefined,
    looking: () => looking,
    tell,
    ...deps,
  });
  const leave = open.open();
  const hear = (name: string, data: unknown) => follower?.event?.(name, data, 0);
  const look = (now: boolean) => {
    looking = now;
    open.looked();
  };
  return {
    open,
    leave,
    read,
    tell,
    hear,
    look,
    join: (answer: unknown) => follower?.joined(answer),
    cursor: () => follower?.after(),
  };
}

describe('an open room', () => {
  it('draws the line where reading stopped and reads on only at the end', () => {
    vi.useFakeTimers();
    const { open, join, read } = given();
    join(state([said(1), said(2), said(3)], { room: room({ unread: 2, read_seq: 1 }) }));
    expect(open.newAfter).toBe(1);
    expect(open.fresh).toBe(2);
    vi.runAllTimers();
    expect(read).not.toHaveBeenCalled();
    open.atEnd = true;
    vi.runAllTimers();
    expect(read).toHaveBeenCalledWith('r1', 3);
    vi.useRealTimers();
  });

  it('does not read what comes while nobody looks', () => {
    vi.useFakeTimers();
    const { open, join, hear, read, look, tell } = given();
    join(state([said(1)], { room: room({ read_seq: 1 }) }));
    look(false);
    hear('message', said(2));
    vi.runAllTimers();
    expect(read).not.toHaveBeenCalled();
    expect(open.newAfter).toBe(1);
    expect(tell).toHaveBeenCalledTimes(1);
    look(true);
    vi.runAllTimers();
    expect(read).toHaveBeenCalledWith('r1', 2);
    vi.useRealTimers();
  });

  it('joins again from where it is', () => {
    const { join, hear, cursor } = given();
    expect(cursor()).toBe(-1);
    join(state([said(1), said(2)]));
    hear('message', said(3));
    hear('changed', said(1, { rev: 4, text: 'neu' }));
    expect(cursor()).toBe(4);
  });

  it('goes to a message that is not loaded', async () => {
    const { open, join } = given({
      page: async () => page([said(10), said(11), said(12)], { before: true, after: true }),
    });
    join(state([said(90)], { more: true }));
    expect(await open.goTo(11)).toBe('c11');
    expect(open.timeline.after).toBe(true);
    expect(open.rows.some((row) => row.type === 'beginning')).toBe(false);
  });

  it('shows who writes until they have written', () => {
    const { open, join, hear } = given();
    join(state([said(1)]));
    hear('typing', { person: ben });
    hear('typing', { person: ada });
    expect(open.typing.map((person) => person.id)).toEqual([ben.id]);
    hear('message', said(2));
    expect(open.typing).toEqual([]);
  });

  it('asks for its rights again only when they may have changed', () => {
    const ask = vi.fn(async () => room({ can_manage: true }));
    const { open, join, hear } = given({ room: ask });
    join(state([said(1)]));
    const facts = { room_id: 'r1', name: 'Bauhof', topic: '', description: '', call: '', members: 3 };
    hear('room', facts);
    expect(ask).not.toHaveBeenCalled();
    expect(open.room?.members).toBe(3);
    hear('room', facts);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('is gone when the right to it ends', () => {
    let follower: Follower | undefined;
    const { open } = given({
      join: (_, given) => {
        follower = given;
        return () => undefined;
      },
    });
    follower?.closed?.('access_ended');
    expect(open.phase).toBe('gone');
  });
});
