import { describe, expect, it, vi } from 'vitest';
import { FaultError } from '../../lib/api/index.js';
import type { LinkState } from '../../lib/realtime/index.js';
import { said } from './fixtures.js';
import { Outbox, type Outgoing } from './outbox.svelte.js';
import type { Upload } from './wire.js';

const words = (text: string) => ({ body: { text }, shown: {} });

/** A file on its way that the test moves on. */
function upload(key: string) {
  let changed = () => {};
  const made = {
    key,
    state: 'sending' as Upload['state'],
    error: null as unknown,
    kept: false,
    released: false,
    get facts() {
      return {
        id: made.state === 'done' ? `id of ${key}` : '',
        name: key,
        kind: 'other',
        size: 1,
        type: '',
      } as const;
    },
    watch: (listener: () => void) => {
      changed = listener;
    },
    store: async () => {
      made.kept = true;
    },
    again: () => made.become('sending'),
    cancel: async () => {},
    release: () => {
      made.released = true;
    },
    become(state: Upload['state'], error: unknown = null) {
      made.state = state;
      made.error = error;
      changed();
    },
  };
  return made;
}

function given(
  send: (entry: Outgoing) => Promise<unknown>,
  left: unknown[] = [],
  recover: (key: string) => Upload | null = () => null,
) {
  let state: LinkState = 'open';
  const listeners = new Set<() => void>();
  const disk = new Map<string, unknown>();
  let ids = 0;
  const outbox = new Outbox({
    state: () => state,
    onState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: async (entry) => {
      await send(entry);
      return said(1);
    },
    keep: async (entry) => void disk.set(entry.clientId, entry),
    drop: async (entry) => void disk.delete(entry.clientId),
    kept: async () => left,
    recover: async (key) => recover(key),
    isKept: async (entry) => disk.has(entry.clientId) || left.length > 0,
    newId: () => `id${ids++}`,
    wait: async () => undefined,
  });
  const become = (next: LinkState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  return { outbox, disk, become };
}

describe('the outbox', () => {
  it('sends in order and forgets what arrived', async () => {
    const sent: string[] = [];
    const { outbox, disk } = given(async (entry) => void sent.push(entry.body.text));
    await Promise.all(['eins', 'zwei', 'drei'].map((text) => outbox.post('r', words(text))));
    await vi.waitFor(() => expect(outbox.entries.every((entry) => entry.state === 'sent')).toBe(true));
    expect(sent).toEqual(['eins', 'zwei', 'drei']);
    expect(disk.size).toBe(0);
    outbox.arrived(new Set(['id0', 'id1', 'id2']));
    expect(outbox.entries).toEqual([]);
  });

  it('waits for the connection and repeats with the same client id', async () => {
    const tries: string[] = [];
    const { outbox, disk, become } = given(async (entry) => {
      tries.push(entry.clientId);
      if (tries.length === 1) {
        become('waiting');
        throw new FaultError('offline', 0);
      }
    });
    outbox.start();
    await outbox.post('r', words('eins'));
    await vi.waitFor(() => expect(tries).toHaveLength(1));
    expect(disk.size).toBe(1);
    become('open');
    await vi.waitFor(() => expect(tries).toEqual(['id0', 'id0']));
    await vi.waitFor(() => expect(disk.size).toBe(0));
  });

  it('keeps a refused message until the person decides, and lets the next one go', async () => {
    const { outbox, disk } = given(async (entry) => {
      if (entry.body.text === 'böse') throw new FaultError('chat.message_too_long', 413);
    });
    await outbox.post('r', words('böse'));
    await outbox.post('r', words('gut'));
    await vi.waitFor(() => expect(outbox.entries.map((entry) => entry.state)).toEqual(['failed', 'sent']));
    expect(disk.size).toBe(1);
    outbox.discard('id0');
    await vi.waitFor(() => expect(disk.size).toBe(0));
  });

  it('takes up what the last visit left, and nothing that is broken', async () => {
    const sent: string[] = [];
    const old = {
      clientId: 'old',
      room: 'r',
      text: 'von gestern',
      at: '2026-11-19T08:00:00Z',
      state: 'waiting',
    };
    const { outbox } = given(async (entry) => void sent.push(entry.body.text), [old, { clientId: 7 }, null]);
    outbox.start();
    await vi.waitFor(() => expect(sent).toEqual(['von gestern']));
  });

  it('changes what has not gone out, and nothing else', async () => {
    const sent: string[] = [];
    const { outbox, disk, become } = given(async (entry) => void sent.push(entry.body.text));
    outbox.start();
    become('waiting');
    await outbox.post('r', words('eins'));
    expect(await outbox.change('id0', 'zwei')).toBe(true);
    expect(disk.get('id0')).toMatchObject({ body: { text: 'zwei' } });
    become('open');
    await vi.waitFor(() => expect(sent).toEqual(['zwei']));
    expect(await outbox.change('id0', 'drei')).toBe(false);
  });

  it('is empty for the next person', async () => {
    const { outbox, become } = given(async () => {
      throw new FaultError('forbidden', 403);
    });
    outbox.start();
    await outbox.post('r', words('eins'));
    become('stopped');
    expect(outbox.entries).toEqual([]);
  });

  it('sends a message when its files have arrived, and lets others go before', async () => {
    const sent: unknown[] = [];
    const { outbox, disk } = given(async ({ body }) => void sent.push([body.text, body.files]));
    const [plan, photo] = [upload('plan'), upload('photo')];
    await outbox.post('r', { ...words('mit Dateien'), uploads: [plan, photo] });
    await outbox.post('r', words('ohne'));
    await vi.waitFor(() => expect(sent).toEqual([['ohne', undefined]]));
    expect(disk.get('id0')).toMatchObject({ uploads: ['plan', 'photo'] });
    expect([plan.kept, photo.kept, outbox.unkept]).toEqual([true, true, false]);
    photo.become('done');
    plan.become('done');
    await vi.waitFor(() => expect(sent[1]).toEqual(['mit Dateien', ['id of plan', 'id of photo']]));
    expect(outbox.entries[0]?.shown.files?.map((file) => file.id)).toEqual(['id of plan', 'id of photo']);
    expect([plan.released, disk.size]).toEqual([true, 0]);
  });

  it('goes on with the files that the last visit left, once', async () => {
    const sent: unknown[] = [];
    const plan = upload('plan');
    const old = {
      clientId: 'old',
      room: 'r',
      body: { text: 'eins' },
      at: '2026-11-19T08:00:00Z',
      uploads: ['plan'],
    };
    const { outbox } = given(
      async ({ clientId, body }) => void sent.push([clientId, body.files]),
      [old],
      () => plan,
    );
    outbox.start();
    await vi.waitFor(() => expect(outbox.uploadsOf('old')).toHaveLength(1));
    expect(sent).toEqual([]);
    plan.become('done');
    await vi.waitFor(() => expect(sent).toEqual([['old', ['id of plan']]]));
    plan.become('done');
    await vi.waitFor(() => expect(outbox.entries[0]?.state).toBe('sent'));
    expect(sent).toHaveLength(1);
  });

  it('says when a file is not here any more, or was refused, and gives the words back', async () => {
    const old = {
      clientId: 'old',
      room: 'r',
      body: { text: 'eins' },
      at: '2026-11-19T08:00:00Z',
      uploads: ['plan'],
    };
    const { outbox } = given(async () => undefined, [old]);
    outbox.start();
    await vi.waitFor(() => expect(outbox.entries[0]?.error).toMatchObject({ code: 'files.lost' }));
    outbox.again('old');
    expect(outbox.entries[0]?.state).toBe('failed');
    const virus = upload('virus');
    await outbox.post('r', { ...words('zwei'), uploads: [virus] });
    virus.become('failed', new FaultError('files.infected', 422));
    await vi.waitFor(() => expect(outbox.entries[1]?.error).toMatchObject({ code: 'files.infected' }));
    expect(outbox.takeBack('id0')).toEqual([virus]);
    expect(outbox.entries).toHaveLength(1);
  });

  it('lets another tab send what both know of', async () => {
    const plan = upload('plan');
    const { outbox, disk } = given(async () => undefined);
    await outbox.post('r', { ...words('eins'), uploads: [plan] });
    disk.clear();
    plan.become('gone');
    await vi.waitFor(() => expect(outbox.entries).toEqual([]));
  });
});
