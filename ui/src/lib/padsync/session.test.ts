// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { deriveKeys, newSecret, type PadSecret, viewSecret, writeSigner } from '../crypto/padkeys.js';
import { calm, MemoryPad, type MemoryTransport, type Weather } from './memory.js';
import { PlainSealer, type Sealer, SecretSealer } from './sealer.js';
import { PadSession } from './session.js';
import { MemoryVault, type PadVault } from './vault.js';

const padId = '0199a2b4-7c1e-7def-8123-456789abcdef';
const open: PadSession[] = [];

// Patience for busy machines; no test waits for time to pass.
vi.setConfig({ testTimeout: 30_000 });

afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.stop()));
});

interface Person {
  session: PadSession;
  transport: MemoryTransport;
  vault: PadVault;
  text: Y.Text;
}

interface PersonOptions {
  weather?: Weather;
  sealer?: Sealer;
  vault?: PadVault;
  offline?: boolean;
  updates?: number;
  birth?: Uint8Array<ArrayBuffer>;
}

async function enter(pad: MemoryPad, options: PersonOptions = {}): Promise<Person> {
  const transport = pad.transport(options.weather ?? calm);
  const vault = options.vault ?? new MemoryVault();
  const session = new PadSession({
    pad: padId,
    sealer: options.sealer ?? new PlainSealer({ epoch: 1, canWrite: true }),
    transport,
    vault,
    policy: { updates: options.updates ?? 40, bytes: 64 * 1024, patienceMs: 10 },
    ...(options.birth === undefined ? {} : { birth: options.birth }),
    batchMs: 1,
    retryMs: 2,
    gapMs: 10,
    copyMs: 5,
  });
  open.push(session);
  const text = session.doc.getText('t');
  const started = session.start();
  if (options.offline === true) {
    transport.connect = () => undefined;
  }
  await started;
  return { session, transport, vault, text };
}

function settled(people: readonly Person[]): Promise<void> {
  return vi.waitFor(
    () => {
      for (const { session } of people) {
        expect(session.state.word).toBe('saved');
      }
      const [first] = people;
      for (const { text, session } of people) {
        expect(text.toString()).toBe(first?.text.toString());
        expect(session.seq).toBe(first?.session.seq);
      }
    },
    { timeout: 20_000, interval: 5 },
  );
}

function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function latin1(bytes: Uint8Array | null): string {
  return new TextDecoder('latin1').decode(bytes ?? new Uint8Array(0));
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a pad session', () => {
  it('brings an edit to another person and says saved only after the acknowledgement', async () => {
    const pad = new MemoryPad();
    const [ada, ben] = [await enter(pad), await enter(pad)];
    await settled([ada, ben]);
    ada.text.insert(0, 'Haushalt');
    expect(ada.session.state.word).toBe('saving');
    await settled([ada, ben]);
    expect(ben.text.toString()).toBe('Haushalt');
    expect(pad.head).toBe(1);
  });

  it("keeps edits made offline and delivers them after the return, together with others' edits", async () => {
    const pad = new MemoryPad();
    const [ada, ben] = [await enter(pad), await enter(pad)];
    ada.text.insert(0, 'mitte');
    await settled([ada, ben]);
    ada.transport.disconnect();
    ada.text.insert(0, 'anfang ');
    ben.text.insert(5, ' ende');
    await vi.waitFor(() => expect(ada.session.state).toEqual({ word: 'offline', waiting: 1, kept: true }));
    ada.transport.connect();
    await settled([ada, ben]);
    expect(ben.text.toString()).toBe('anfang mitte ende');
  });

  it('delivers at the next visit what was typed offline before the tab was closed', async () => {
    const pad = new MemoryPad();
    const vault = new MemoryVault();
    const ada = await enter(pad, { vault });
    ada.text.insert(0, 'vorher ');
    await settled([ada]);
    ada.transport.disconnect();
    ada.text.insert(7, 'offline');
    await vi.waitFor(() => expect(ada.session.unkept).toBe(false));
    // The tab vanishes without a word: nothing is called, only the vault remains.
    const again = await enter(pad, { vault });
    await settled([again]);
    expect(again.text.toString()).toBe('vorher offline');
    expect(await vault.pending(padId)).toEqual([]);
  });

  it('opens from this device without a network', async () => {
    const pad = new MemoryPad();
    const vault = new MemoryVault();
    const ada = await enter(pad, { vault });
    ada.text.insert(0, 'aus dem Keller');
    await settled([ada]);
    await ada.session.stop();
    const again = await enter(pad, { vault, offline: true });
    expect(again.session.ready).toBe(true);
    expect(again.text.toString()).toBe('aus dem Keller');
  });

  it('lets two tabs of one person share what waits on the device', async () => {
    const pad = new MemoryPad();
    const vault = new MemoryVault();
    const first = await enter(pad, { vault });
    first.transport.disconnect();
    first.text.insert(0, 'eins');
    await vi.waitFor(() => expect(first.session.unkept).toBe(false));
    const second = await enter(pad, { vault });
    second.text.insert(0, 'zwei ');
    first.transport.connect();
    await settled([first, second]);
    expect([...first.text.toString()].sort().join('')).toBe([...'einszwei '].sort().join(''));
    expect(pad.head).toBe(2);
  });

  it('sends the same frame again after a lost answer and stores it once', async () => {
    const pad = new MemoryPad({ random: numbers(7) });
    const ada = await enter(pad, { weather: { ...calm, loseAnswer: 0.4 } });
    const ben = await enter(pad);
    for (let at = 0; at < 20; at++) {
      ada.text.insert(at, 'x');
      await pause(2);
    }
    await settled([ada, ben]);
    expect(ben.text.toString()).toBe('x'.repeat(20));
  });

  it('stops sending but keeps the edits when the server refuses them', async () => {
    const pad = new MemoryPad();
    const ada = await enter(pad);
    await settled([ada]);
    ada.transport.refuse = 'pads.read_only';
    ada.text.insert(0, 'zu spät');
    await vi.waitFor(() => expect(ada.session.state).toEqual({ word: 'refused', code: 'pads.read_only' }));
    expect(await ada.vault.pending(padId)).toHaveLength(1);
  });

  it('forgets its copy when access ends', async () => {
    const pad = new MemoryPad();
    const ada = await enter(pad);
    ada.text.insert(0, 'geheim');
    await settled([ada]);
    await ada.session.keep();
    ada.transport.close('access_ended');
    await vi.waitFor(async () => expect(await ada.vault.copy(padId)).toBeNull());
    expect(ada.session.state).toEqual({ word: 'closed', code: 'access_ended' });
  });

  it('makes snapshots, and newcomers read the newest one and the rest of the log', async () => {
    const pad = new MemoryPad();
    const ada = await enter(pad, { updates: 10 });
    for (let at = 0; at < 45; at++) {
      ada.text.insert(at, String(at % 10));
      await ada.session.keep();
      await settled([ada]);
    }
    await vi.waitFor(() => expect(pad.snapshotsTaken).toBeGreaterThanOrEqual(3));
    expect(pad.logLength).toBeLessThan(30);
    const ben = await enter(pad);
    await settled([ada, ben]);
  });

  it('leaves a snapshot to the author of the crossing update', async () => {
    const pad = new MemoryPad();
    const people = await Promise.all(Array.from({ length: 5 }, () => enter(pad, { updates: 20 })));
    for (let at = 0; at < 20; at++) {
      people[at % 5]?.text.insert(0, 'k');
      await settled(people);
    }
    await vi.waitFor(() => expect(pad.newestSnapshot).toBe(20));
    await pause(40);
    expect(pad.snapshotsTaken).toBe(1);
  });

  it('reads the older snapshot when the newest is damaged', async () => {
    const pad = new MemoryPad();
    const ada = await enter(pad, { updates: 10 });
    for (let at = 0; at < 30; at++) {
      ada.text.insert(at, String(at % 10));
      await settled([ada]);
    }
    await vi.waitFor(() => expect(pad.newestSnapshot).toBe(30));
    pad.spoilSnapshot((frame) => frame.map((value, at) => (at > 40 ? value ^ 0x55 : value)));
    const ben = await enter(pad, { updates: 1_000 });
    await settled([ada, ben]);
    expect(ben.session.broken).toBe(1);
  });

  it('reads past a damaged snapshot even when the log comes in small pages', async () => {
    const pad = new MemoryPad({ page: 3 });
    const ada = await enter(pad, { updates: 10 });
    for (let at = 0; at < 30; at++) {
      ada.text.insert(at, String(at % 10));
      await settled([ada]);
    }
    await vi.waitFor(() => expect(pad.newestSnapshot).toBe(30));
    pad.spoilSnapshot((frame) => frame.subarray(0, 40));
    const ben = await enter(pad, { updates: 1_000 });
    await settled([ada, ben]);
  });

  it('begins every document with the same first update', async () => {
    const seed = new Y.Doc();
    seed.clientID = 1;
    seed.getText('t').insert(0, '#');
    const birth = new Uint8Array(Y.encodeStateAsUpdate(seed));
    const pad = new MemoryPad();
    const [ada, ben] = [await enter(pad, { birth }), await enter(pad, { birth })];
    ada.text.insert(1, 'a');
    await settled([ada, ben]);
    expect(ben.text.toString()).toBe('#a');
    expect(pad.head).toBe(1);
  });

  it('shows cursors of others and takes them away when they leave', async () => {
    const pad = new MemoryPad();
    const [ada, ben] = [await enter(pad), await enter(pad)];
    await settled([ada, ben]);
    ada.session.awareness.setLocalStateField('user', { name: 'Ada' });
    ben.session.awareness.setLocalStateField('user', { name: 'Ben' });
    await vi.waitFor(() => {
      expect(ben.session.awareness.getStates().get(ada.session.doc.clientID)?.user).toEqual({ name: 'Ada' });
      expect(ada.session.awareness.getStates().get(ben.session.doc.clientID)?.user).toEqual({ name: 'Ben' });
    });
    const left = ada.session.doc.clientID;
    await ada.session.stop();
    await vi.waitFor(() => expect(ben.session.awareness.getStates().has(left)).toBe(false));
  });
});

async function secretSealer(
  secret: PadSecret,
  publicKey: Parameters<typeof deriveKeys>[3],
): Promise<SecretSealer> {
  const keys = await deriveKeys(secret, padId, 1, publicKey);
  return new SecretSealer({ pad: padId, epoch: 1, keys, canWrite: true });
}

describe('a confidential pad', () => {
  it('shows readers everything and the server nothing', async () => {
    const secret = newSecret();
    const { publicKey } = await writeSigner(secret);
    const pad = new MemoryPad();
    const ada = await enter(pad, { sealer: await secretSealer(secret, publicKey), updates: 3 });
    const eve = await enter(pad, { sealer: await secretSealer(await viewSecret(secret), publicKey) });
    for (let at = 0; at < 8; at++) {
      ada.text.insert(ada.text.length, 'Personalrat ');
      await settled([ada, eve]);
    }
    expect(eve.session.canWrite).toBe(false);
    await vi.waitFor(() => expect(pad.snapshotsTaken).toBeGreaterThan(0));
    for (const frame of pad.bytes()) {
      expect(latin1(frame).includes('Personalrat')).toBe(false);
    }
    expect(latin1(await ada.vault.copy(padId)).includes('Personalrat')).toBe(false);
  });

  it('is broken, not empty, for somebody with another key before the first snapshot', async () => {
    const secret = newSecret();
    const { publicKey } = await writeSigner(secret);
    const pad = new MemoryPad();
    const ada = await enter(pad, { sealer: await secretSealer(secret, publicKey) });
    ada.text.insert(0, 'a');
    await settled([ada]);
    const stranger = await secretSealer(await viewSecret(newSecret()), publicKey);
    const eve = await enter(pad, { sealer: stranger });
    await vi.waitFor(() => expect(eve.session.state.word).toBe('broken'));
  });

  it('is broken, not empty, for somebody with another key', async () => {
    const secret = newSecret();
    const { publicKey } = await writeSigner(secret);
    const pad = new MemoryPad();
    const ada = await enter(pad, { sealer: await secretSealer(secret, publicKey), updates: 2 });
    for (let at = 0; at < 6; at++) {
      ada.text.insert(0, 'a');
      await settled([ada]);
    }
    await vi.waitFor(() => expect(pad.snapshotsTaken).toBeGreaterThan(0));
    const stranger = await secretSealer(await viewSecret(newSecret()), publicKey);
    const eve = await enter(pad, { sealer: stranger });
    await vi.waitFor(() => expect(eve.session.state.word).toBe('broken'));
  });
});

describe('convergence', () => {
  const storm: Weather = { lose: 0.1, repeat: 0.15, loseAnswer: 0.15, loseQuestion: 0.1, delayMs: 6 };

  for (const seed of [1, 2, 3, 4]) {
    it(`of five clients in a storm, seed ${seed}`, { timeout: 60_000 }, async () => {
      const random = numbers(seed);
      const pad = new MemoryPad({ random, page: 7 });
      const people = await Promise.all(
        Array.from({ length: 5 }, () => enter(pad, { weather: storm, updates: 25 })),
      );
      const marks: string[] = [];
      for (let round = 0; round < 150; round++) {
        const person = people[Math.floor(random() * people.length)];
        if (person === undefined) {
          continue;
        }
        const mark = `<${round}>`;
        marks.push(mark);
        person.text.insert(0, mark);
        if (random() < 0.1) {
          person.transport.disconnect();
          setTimeout(() => person.transport.connect(), random() * 30);
        }
        await pause(random() * 3);
      }
      for (const person of people) {
        person.transport.weather = calm;
        // A socket never loses its last event without breaking; here it does.
        person.transport.disconnect();
        person.transport.connect();
      }
      await settled(people);
      const late = await enter(pad);
      await settled([...people, late]);
      for (const mark of marks) {
        expect(late.text.toString()).toContain(mark);
      }
      expect(pad.snapshotsTaken).toBeGreaterThan(0);
      expect(late.session.broken).toBe(0);
    });
  }
});
