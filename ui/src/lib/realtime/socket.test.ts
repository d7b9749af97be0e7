import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FaultError } from '../api/fault.js';
import { readBinary, writeBinary } from './frames.js';
import { Socket } from './socket.js';

interface Asked {
  id: number;
  op: string;
  topic?: string;
  after?: number;
  data?: Record<string, unknown>;
}

/** The server's end of a websocket, driven by the test. */
class FakeWebSocket {
  binaryType = 'blob';
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  asked: Asked[] = [];
  binary: Uint8Array[] = [];
  open = true;

  get readyState(): number {
    return this.open ? WebSocket.OPEN : WebSocket.CLOSING;
  }
  send(frame: string | Uint8Array): void {
    // A browser would complain in its console, and lose it.
    if (!this.open) throw new Error('sent into a socket that is closing');
    if (typeof frame === 'string') this.asked.push(JSON.parse(frame) as Asked);
    else this.binary.push(frame);
  }
  close(): void {
    this.open = false;
  }
  say(...objects: object[]): void {
    this.onmessage?.({ data: objects.map((object) => JSON.stringify(object)).join('\n') });
  }
  hello(): void {
    this.say({ hello: { connection: 'c', version: '1', heartbeat: 25 } });
  }
  drop(code = 1006, reason = ''): void {
    this.open = false;
    this.onclose?.({ code, reason });
  }
  last(op: string): Asked {
    const found = this.asked.findLast((asked) => asked.op === op);
    if (!found) throw new Error(`the client never asked ${op}`);
    return found;
  }
}

const room = 'room:0199f1a0-0000-7000-8000-000000000001';
const pad = 'pad:0199f1a0-0000-7000-8000-0000000000aa';

function setUp({ reachable = true, signedIn = true } = {}) {
  const sockets: FakeWebSocket[] = [];
  const socket = new Socket({
    connect: () => {
      const fake = new FakeWebSocket();
      sockets.push(fake);
      return fake as unknown as WebSocket;
    },
    reachable: async () => reachable,
    stillSignedIn: async () => signedIn,
    random: () => 0.5,
  });
  const server = () => {
    const latest = sockets.at(-1);
    if (!latest) throw new Error('nobody connected');
    return latest;
  };
  return { socket, sockets, server };
}

/** A follower that remembers what it got and keeps its own seq. */
function listener(seq = -1) {
  const got: string[] = [];
  const follower = {
    seq,
    got,
    after: () => follower.seq,
    joined: (answer: unknown) => {
      const { seq: now } = answer as { seq: number };
      follower.seq = now;
      got.push(`joined ${now}`);
    },
    event: (name: string, _data: unknown, at: number) => {
      if (at > 0) follower.seq = at;
      got.push(`${name} ${at}`);
    },
    closed: (code: string) => got.push(`closed ${code}`),
  };
  return follower;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a socket', () => {
  it('joins with the cursor of the follower and delivers in order', () => {
    const { socket, server } = setUp();
    const follower = listener(41);
    socket.start();
    socket.join(room, follower);
    expect(server().asked).toEqual([]);
    server().hello();
    expect(server().last('join')).toMatchObject({ topic: room, after: 41 });
    server().say(
      { re: server().last('join').id, ok: { seq: 42 } },
      { ev: 'message', topic: room, seq: 43, data: {} },
    );
    expect(follower.got).toEqual(['joined 42', 'message 43']);
  });

  it('drops doubles and joins again at a gap', () => {
    const { socket, server } = setUp();
    const follower = listener();
    socket.start();
    server().hello();
    socket.join(room, follower);
    server().say({ re: server().last('join').id, ok: { seq: 5 } });
    server().say(
      { ev: 'message', topic: room, seq: 5 },
      { ev: 'typing', topic: room },
      { ev: 'message', topic: room, seq: 8 },
    );
    expect(follower.got).toEqual(['joined 5', 'typing 0']);
    const again = server().last('join');
    expect(again.after).toBe(5);
    server().say({ re: again.id, ok: { seq: 8 } }, { ev: 'message', topic: room, seq: 9 });
    expect(follower.got).toEqual(['joined 5', 'typing 0', 'joined 8', 'message 9']);
  });

  it('asks a resendable question again after a reconnect, after the join', async () => {
    const { socket, server, sockets } = setUp();
    socket.start();
    server().hello();
    socket.join(room, listener());
    const sent = socket.ask(room, 'send', { client_id: 'x', text: 'Guten Morgen' }, { resend: true });
    expect(socket.unconfirmed).toBe(1);
    server().drop();
    expect(socket.state).toBe('waiting');
    await vi.advanceTimersByTimeAsync(600);
    expect(sockets.length).toBe(2);
    server().hello();
    expect(server().asked.map((asked) => asked.op)).toEqual(['join', 'send']);
    expect(server().last('send').data).toEqual({ client_id: 'x', text: 'Guten Morgen' });
    server().say({ re: server().last('send').id, ok: { seq: 1 } });
    await expect(sent).resolves.toEqual({ seq: 1 });
    expect(socket.unconfirmed).toBe(0);
  });

  it('sends nothing into a socket that is closing, and all of it by the next one', async () => {
    const { socket, server } = setUp();
    socket.start();
    server().hello();
    server().open = false;
    const sent = socket.ask(room, 'send', { client_id: 'x', text: 'Guten Morgen' }, { resend: true });
    server().drop();
    await vi.advanceTimersByTimeAsync(600);
    server().hello();
    server().say({ re: server().last('send').id, ok: 'there' });
    await expect(sent).resolves.toBe('there');
  });

  it('fails other questions at once when the connection is lost', async () => {
    const { socket, server } = setUp();
    socket.start();
    server().hello();
    const asked = socket.ask(room, 'members');
    server().drop();
    await expect(asked).rejects.toMatchObject({ code: 'offline' });
    await expect(socket.ask(room, 'members')).rejects.toMatchObject({ code: 'offline' });
  });

  it('passes refusals on as faults', async () => {
    const { socket, server } = setUp();
    socket.start();
    server().hello();
    const asked = socket.ask(room, 'send', {});
    server().say({
      re: server().last('send').id,
      error: { code: 'chat.read_only', params: { room: 'Bauamt' } },
    });
    await expect(asked).rejects.toBeInstanceOf(FaultError);
    await expect(asked).rejects.toMatchObject({ code: 'chat.read_only', params: { room: 'Bauamt' } });
  });

  it('tells the follower when its right ends and does not join again', async () => {
    const { socket, server } = setUp();
    const follower = listener();
    socket.start();
    server().hello();
    socket.join(room, follower);
    server().say({ re: server().last('join').id, ok: { seq: 1 } });
    server().say({ ev: 'closed', topic: room, data: { code: 'access_ended' } });
    expect(follower.got).toEqual(['joined 1', 'closed access_ended']);
    server().drop();
    await vi.advanceTimersByTimeAsync(1000);
    server().hello();
    expect(server().asked).toEqual([]);
  });

  it('tries a passing refusal of a join again', async () => {
    const { socket, server } = setUp();
    const follower = listener();
    socket.start();
    server().hello();
    socket.join(room, follower);
    server().say({ re: server().last('join').id, error: { code: 'unavailable' } });
    await vi.advanceTimersByTimeAsync(3000);
    server().say({ re: server().last('join').id, ok: { seq: 1 } });
    expect(follower.got).toEqual(['joined 1']);
  });

  it('leaves a topic when its last follower goes', () => {
    const { socket, server } = setUp();
    socket.start();
    server().hello();
    const first = socket.join(room, listener());
    const second = socket.join(room, listener());
    first();
    expect(server().asked.map((asked) => asked.op)).toEqual(['join', 'join']);
    second();
    expect(server().last('leave')).toMatchObject({ topic: room });
  });

  it('asks at most a window of questions at once', () => {
    const { socket, server } = setUp();
    socket.start();
    server().hello();
    for (let at = 0; at < 60; at++) void socket.ask(room, 'send', { at }, { resend: true });
    expect(server().asked.length).toBe(48);
    server().say({ re: server().asked[0]?.id, ok: {} });
    expect(server().asked.length).toBe(49);
  });
});

describe('a lost connection', () => {
  it('is tried again with growing pauses', async () => {
    const { socket, server, sockets } = setUp({ reachable: false });
    socket.start();
    server().hello();
    for (const pause of [500, 500, 1000, 2000, 4000, 8000, 15000, 15000]) {
      server().drop();
      const before = sockets.length;
      await vi.advanceTimersByTimeAsync(pause - 1);
      expect(sockets.length).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(sockets.length).toBe(before + 1);
    }
  });

  it('comes back when the server said so, and at once for a resync', async () => {
    const { socket, server, sockets } = setUp();
    socket.start();
    server().hello();
    server().drop(1012, '{"retry_ms":3000}');
    await vi.advanceTimersByTimeAsync(2999);
    expect(sockets.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    server().hello();
    server().drop(4000);
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets.length).toBe(3);
  });

  it('turns to HTTP after three refusals, and back when the socket works', async () => {
    const { socket, server, sockets } = setUp();
    socket.start();
    for (let attempt = 0; attempt < 3; attempt++) {
      server().drop();
      await vi.advanceTimersByTimeAsync(attempt < 2 ? 1000 : 0);
    }
    expect(socket.state).toBe('fallback');
    const before = sockets.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets.length).toBe(before + 1);
    server().hello();
    expect(socket.state).toBe('open');
  });

  it('keeps waiting when the server does not answer at all', async () => {
    const { socket, server } = setUp({ reachable: false });
    socket.start();
    for (let attempt = 0; attempt < 4; attempt++) {
      server().drop();
      await vi.advanceTimersByTimeAsync(2000);
    }
    expect(socket.state).toBe('waiting');
  });

  it('is noticed when nothing is heard and the ping stays unanswered', async () => {
    const { socket, server, sockets } = setUp();
    socket.start();
    server().hello();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(server().last('ping').op).toBe('ping');
    server().say({ re: server().last('ping').id, ok: {} });
    await vi.advanceTimersByTimeAsync(25_000 + 10_000);
    expect(socket.state).toBe('waiting');
    expect(sockets[0]?.open).toBe(false);
  });

  it('ends when the session ended', async () => {
    const { socket, server } = setUp({ signedIn: false });
    socket.start();
    server().hello();
    const kept = socket.ask(room, 'send', {}, { resend: true });
    const refused = expect(kept).rejects.toMatchObject({ code: 'unauthenticated' });
    server().drop(4001);
    await vi.advanceTimersByTimeAsync(0);
    expect(socket.state).toBe('stopped');
    await refused;
  });

  it('does not repeat a frame that was too large', async () => {
    const { socket, server } = setUp();
    socket.start();
    server().hello();
    const small = socket.ask(room, 'send', { text: 'klein' }, { resend: true });
    const large = socket.ask(room, 'send', { text: 'x'.repeat(5000) }, { resend: true });
    const refused = expect(large).rejects.toMatchObject({ code: 'too_large' });
    server().drop(1009);
    await vi.advanceTimersByTimeAsync(1000);
    await refused;
    server().hello();
    expect(server().asked.length).toBe(1);
    server().say({ re: server().last('send').id, ok: 1 });
    await expect(small).resolves.toBe(1);
  });
});

describe('a binary frame', () => {
  it('reads back what was written', () => {
    const written = writeBinary(pad, 2, 77, new Uint8Array([1, 2, 3]));
    expect(readBinary(written.buffer)).toEqual({
      topic: pad,
      kind: 2,
      seq: 77,
      payload: new Uint8Array([1, 2, 3]),
    });
  });

  it('is refused when it is short, of another version or of an unknown topic', () => {
    expect(readBinary(new ArrayBuffer(27))).toBeNull();
    const other = writeBinary(pad, 1, 1, new Uint8Array());
    other[0] = 9;
    expect(readBinary(other.buffer)).toBeNull();
    other[0] = 1;
    other[1] = 9;
    expect(readBinary(other.buffer)).toBeNull();
  });

  it('goes to the followers of its topic, without doubles', () => {
    const { socket, server } = setUp();
    const got: Array<[number, number]> = [];
    socket.start();
    server().hello();
    let seq = -1;
    socket.join(pad, {
      after: () => seq,
      joined: () => (seq = 3),
      binary: (kind, payload, at) => got.push([kind, payload.length + at]),
    });
    server().say({ re: server().last('join').id, ok: {} });
    for (const at of [3, 4, 0])
      server().onmessage?.({ data: writeBinary(pad, 1, at, new Uint8Array(10)).buffer });
    expect(got).toEqual([
      [1, 14],
      [1, 10],
    ]);
    void socket.askBinary(pad, 1, new Uint8Array([7]), { resend: true });
    expect(server().binary[0]?.at(-1)).toBe(7);
  });
});
