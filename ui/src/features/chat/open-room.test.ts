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
    outbox: {
      of: () => [],
      post: async () => undefined,
      arrived: () => undefined,
      change: async () => false,
    },
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

  it('goes where somebody wants although more is still being fetched', async () => {
    let fail: (cause: Error) => void = () => undefined;
    const older = new Promise<ReturnType<typeof page>>((_, no) => {
      fail = no;
    });
    const asked: unknown[] = [];
    const { open, join } = given({
      page: async (_, where) => {
        asked.push(where);
        if ('before' in where) return older;
        if ('around' in where || 'after' in where)
          return page([said(2), said(3)], { before: true, after: true });
        return page([said(69), said(70)], { before: true, after: false });
      },
    });
    join(state([said(60)], { more: true }));
    const more = open.loadBefore();
    void open.loadBefore();
    const there = open.goTo(3);
    fail(new Error('gone'));
    await expect(more).rejects.toThrow('gone');
    expect(await there).toBe('c3');
    await Promise.all([open.loadAfter(), open.toPresent()]);
    expect(asked).toEqual([{ before: 60 }, { around: 3 }, { after: 3 }, {}]);
    expect(open.timeline.lines.map((line) => line.seq)).toEqual([69, 70]);
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

  it('shows what it knows when it is opened again, and reads nothing while it is only kept', () => {
    vi.useFakeTimers();
    const known = { current: room({ last_seq: 2 }) };
    const { open, leave, join, read, hear } = given({
      rooms: {
        put: () => undefined,
        heard: () => undefined,
        facts: () => undefined,
        find: () => known.current,
      },
    });
    join(state([said(1), said(2)], { room: room({ last_seq: 2, read_seq: 2 }) }));
    leave();
    known.current = room({ last_seq: 4, unread: 2, read_seq: 2 });
    hear('message', said(3));
    vi.runAllTimers();
    expect(read).not.toHaveBeenCalled();
    open.open();
    expect(open.phase).toBe('ready');
    expect(open.timeline.lines).toHaveLength(3);
    expect([open.newAfter, open.settled]).toEqual([2, false]);
    join(state([said(4)], { reset: false, room: known.current }));
    expect(open.settled).toBe(true);
    expect(open.timeline.lines).toHaveLength(4);
    vi.useRealTimers();
  });

  it('keeps only the newest messages of a room that was left', () => {
    const { open, leave, join } = given();
    join(state(Array.from({ length: 400 }, (_, at) => said(at + 1))));
    leave();
    expect(open.timeline.lines).toHaveLength(150);
    expect(open.timeline.lines.at(-1)?.seq).toBe(400);
    expect(open.timeline.before).toBe(true);
  });

  it('changes a message that is on its way once it has arrived', async () => {
    const entry = {
      clientId: 'c5',
      room: 'r1',
      body: { text: 'fünf' },
      shown: {},
      at: '2026-11-20T09:00:00Z',
      state: 'waiting',
    } as const;
    const asked: unknown[] = [];
    const { open, join, hear } = given({
      outbox: {
        of: () => [entry],
        post: async () => undefined,
        arrived: () => undefined,
        change: async () => false,
      },
      ask: async <T>(_: string, op: string, data: object) => {
        asked.push([op, data]);
        return said(5, { rev: 6, text: 'sechs' }) as T;
      },
    });
    join(state([said(1)]));
    const last = open.lastSaid(ada);
    expect(last?.text).toBe('fünf');
    const edited = open.edit(last ?? said(0), 'sechs');
    await Promise.resolve();
    expect(asked).toEqual([]);
    hear('message', said(5, { author: ada }));
    await edited;
    expect(asked).toEqual([['edit', { id: 'm5', text: 'sechs' }]]);
    expect(open.timeline.find('m5')?.text).toBe('sechs');
  });
});
