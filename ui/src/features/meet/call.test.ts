import { describe, expect, it, vi } from 'vitest';
import { FaultError } from '../../lib/api/fault.js';
import type { Follower } from '../../lib/realtime/index.js';
import { Call, type Line, type Media, type Notice } from './call.svelte.js';
import { Devices } from './devices.svelte.js';
import type { Entered, Person, Summary } from './wire.js';

const meeting: Summary = {
  id: 'm',
  name: 'runde',
  title: 'Runde',
  access: 'link',
  guests: false,
  running: true,
  started_at: '2026-11-23T09:00:00Z',
  participants: 0,
  people: [],
};

const person = (id: string, change: Partial<Person> = {}): Person => ({
  id,
  user_id: `u-${id}`,
  name: id,
  guest: false,
  moderator: false,
  mic: true,
  camera: true,
  screen: false,
  connected: true,
  entered_at: `2026-11-23T09:00:0${id.length}Z`,
  version: 1,
  ...change,
});

const entered = (change: Partial<Entered> = {}): Entered => ({
  participant_id: 'me',
  token: 'token-1',
  resumed: false,
  moderator: false,
  pool: { audio: 3, video: 9, screen: 2 },
  ice_servers: [],
  slots: [],
  speaking: { active: [], dominant: '' },
  ...change,
});

/** The server's side of the socket, the media and the devices, driven by the test. */
function setUp() {
  const asked: Array<{ op: string; data: Record<string, unknown> }> = [];
  const answers: Record<string, unknown> = { enter: entered() };
  let follower: Follower | undefined;
  let state: (state: string) => void = () => undefined;
  const line: Line = {
    join: (_topic, joining) => {
      follower = joining;
      return () => {
        follower = undefined;
      };
    },
    ask: async <T>(_topic: string, op: string, data: object = {}) => {
      asked.push({ op, data: data as Record<string, unknown> });
      const answer = answers[op];
      if (answer instanceof Error) throw answer;
      return (answer ?? {}) as T;
    },
    onState: (listener) => {
      state = listener;
      return () => undefined;
    },
  };
  const media: Array<Media & { closed: boolean }> = [];
  const notices: Notice[] = [];
  let stored = '';
  const call = new Call(meeting, {
    line,
    devices: new Devices(undefined),
    media: () => {
      const one = {
        closed: false,
        open: vi.fn(async () => undefined),
        restart: vi.fn(async () => undefined),
        send: vi.fn(async () => undefined),
        state: () => 'connected' as const,
        reading: async () => ({ roundTrip: 300, loss: 0, paused: 0, detour: true }),
        close: () => {
          one.closed = true;
        },
      };
      media.push(one);
      return one;
    },
    screen: () => Promise.reject(new Error('nobody chose a screen')),
    token: {
      read: () => stored,
      write: (token) => {
        stored = token;
      },
    },
    notice: (notice) => notices.push(notice),
  });
  return {
    call,
    asked,
    answers,
    media,
    notices,
    token: (text?: string) => {
      if (text !== undefined) stored = text;
      return stored;
    },
    line: (text: string) => state(text),
    say: (name: string, data: unknown) => follower?.event?.(name, data, 0),
    close: (code: string) => follower?.closed?.(code),
    join: async (participants: readonly Person[] = []) => {
      follower?.joined({ meeting, participants, moderator: false, pool: entered().pool });
      await vi.waitFor(() => expect(call.phase).not.toBe('entering'));
      await new Promise((done) => setTimeout(done));
    },
    listening: () => follower !== undefined,
    ops: () => asked.map(({ op }) => op),
  };
}

describe('a call', () => {
  it('enters, connects and follows who comes and goes', async () => {
    const { call, say, join, media, notices } = setUp();
    call.enter(true, true);
    await join([person('anna')]);
    expect(call.phase).toBe('inside');
    expect(media[0]?.open).toHaveBeenCalledOnce();
    say('participant_joined', person('bert'));
    say('participant_updated', person('bert', { mic: false, version: 2 }));
    say('participant_updated', person('bert', { mic: true, version: 1 }));
    expect(call.people.find('bert')?.mic).toBe(false);
    say('participant_left', { id: 'bert', reason: 'left' });
    say('participant_updated', person('bert', { version: 9 }));
    expect(call.people.all.map(({ id }) => id)).toEqual(['anna']);
    expect(notices).toEqual([
      { kind: 'came', name: 'bert' },
      { kind: 'left', name: 'bert' },
    ]);
  });

  it('takes its old place after a broken socket, and looks for a new way', async () => {
    const { call, asked, answers, join, line, media } = setUp();
    call.enter(false, false);
    await join();
    line('waiting');
    expect(call.phase).toBe('lost');
    answers.enter = entered({ resumed: true });
    line('open');
    await join();
    expect(call.phase).toBe('inside');
    expect(asked.filter(({ op }) => op === 'enter').at(-1)?.data).toMatchObject({ resume: 'token-1' });
    expect(media).toHaveLength(1);
    expect(media[0]?.restart).toHaveBeenCalledTimes(2);
  });

  it('makes new connections when its place is gone', async () => {
    const { call, join, line, media } = setUp();
    call.enter(false, false);
    await join();
    line('waiting');
    line('open');
    await join();
    expect(media).toHaveLength(2);
    expect(media[0]?.closed).toBe(true);
  });

  it('replaces the place of a page that was loaded anew', async () => {
    const { call, asked, join, token } = setUp();
    token('from-before');
    call.enter(false, false);
    await join();
    expect(asked.find(({ op }) => op === 'enter')?.data).toMatchObject({ replace: 'from-before' });
    expect(token()).toBe('token-1');
  });

  it('is over when the right to it ends, and tidies up', async () => {
    const { call, join, close, media, token, listening } = setUp();
    call.enter(false, false);
    await join();
    close('meet.removed');
    expect([call.phase, call.reason]).toEqual(['over', 'meet.removed']);
    expect(media[0]?.closed).toBe(true);
    expect(token()).toBe('');
    expect(listening()).toBe(false);
  });

  it('says why it could not enter', async () => {
    const { call, answers, join } = setUp();
    answers.enter = new FaultError('meet.full', 409);
    call.enter(false, false);
    await join();
    expect([call.phase, call.reason]).toEqual(['over', 'meet.full']);
  });

  it('waits for the next connection when the way in breaks', async () => {
    const { call, answers, join } = setUp();
    answers.enter = new FaultError('offline', 0);
    call.enter(false, false);
    const joining = join();
    await new Promise((done) => setTimeout(done, 20));
    expect(call.phase).toBe('entering');
    answers.enter = entered();
    await join();
    await joining;
    expect(call.phase).toBe('inside');
  });

  it('leaves once and says so', async () => {
    const { call, join, ops } = setUp();
    call.enter(false, false);
    await join();
    call.leave();
    call.leave();
    expect(ops().filter((op) => op === 'exit')).toHaveLength(1);
    expect(call.reason).toBe('left');
  });

  it('tells what it shows only when that changes', async () => {
    const { call, join, ops } = setUp();
    call.enter(false, false);
    await join();
    const before = ops().filter((op) => op === 'view').length;
    const tiles = [{ participant: 'anna', kind: 'camera' as const, max_height: 360 }];
    call.look(tiles);
    call.look([...tiles]);
    expect(ops().filter((op) => op === 'view')).toHaveLength(before + 1);
  });

  it('says how the line is doing', async () => {
    const { call, join } = setUp();
    call.enter(false, false);
    await join();
    await call.measure();
    expect([call.quality, call.detour]).toEqual(['fair', true]);
  });

  it('does not mind when nobody chooses a screen', async () => {
    const { call, join } = setUp();
    call.enter(false, false);
    await join();
    await call.startScreen();
    expect(call.screen).toBeNull();
  });
});
