import { describe, expect, it, vi } from 'vitest';
import { FaultError } from '../../lib/api/index.js';
import type { LinkState } from '../../lib/realtime/index.js';
import { said } from './fixtures.js';
import { Outbox, type Outgoing } from './outbox.svelte.js';

const words = (text: string) => ({ body: { text }, shown: {} });

function given(send: (entry: Outgoing) => Promise<unknown>, left: unknown[] = []) {
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
});
