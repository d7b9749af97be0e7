import { describe, expect, it, vi } from 'vitest';
import { Drafts, type DraftsDeps, draftKey, type Kept } from './drafts.svelte.js';
import { ada } from './fixtures.js';
import type { Draft } from './wire.js';

const key = draftKey(ada.id, 'r1');
const at = (minute: number) => `2026-11-20T08:${String(minute).padStart(2, '0')}:00.000Z`;

function given(rest: Partial<DraftsDeps> = {}) {
  const kept = new Map<string, unknown>();
  const server = new Map<string, Draft>();
  let minute = 0;
  const deps: DraftsDeps = {
    me: () => ada.id,
    state: () => 'open',
    now: () => new Date(at(minute)),
    local: {
      get: async (name) => kept.get(name),
      set: async (name, value) => void kept.set(name, value),
      delete: async (name) => void kept.delete(name),
      entries: async (prefix) => [...kept].filter(([name]) => name.startsWith(prefix)),
    },
    put: async (room, _thread, { text, meant, at: written_at }) => {
      const old = server.get(room);
      if (!old || old.written_at <= written_at)
        server.set(room, { room_id: room, text, meant: [...meant], written_at });
      return server.get(room) as Draft;
    },
    all: async () => [...server.values()].filter((one) => one.text !== ''),
    ...rest,
  };
  return {
    drafts: new Drafts(deps),
    kept,
    server,
    later: (to: number) => {
      minute = to;
    },
  };
}

describe('drafts (004-17)', () => {
  it('go to the server and follow to another device', async () => {
    const { drafts, server } = given();
    await drafts.set(key, { text: 'Sehr geehrte', meant: [] });
    await vi.waitFor(() => expect(server.get('r1')?.text).toBe('Sehr geehrte'), 3000);

    const other = given();
    const adopted: Kept[] = [];
    other.drafts.watch(key, (draft) => void adopted.push(draft));
    await other.drafts.heard({ room_id: 'r1', text: 'Sehr geehrte', meant: [], written_at: at(0) });
    expect(adopted.map((one) => one.text)).toEqual(['Sehr geehrte']);
    expect(other.drafts.has('r1')).toBe(true);
    expect((await other.drafts.get(key))?.text).toBe('Sehr geehrte');
  });

  it('keep what was written later', async () => {
    const { drafts, later } = given();
    const adopted: Kept[] = [];
    drafts.watch(key, (draft) => void adopted.push(draft));
    later(5);
    await drafts.set(key, { text: 'hier, neuer', meant: [] });
    await drafts.heard({ room_id: 'r1', text: 'dort, älter', meant: [], written_at: at(4) });
    expect(adopted).toEqual([]);
    expect((await drafts.get(key))?.text).toBe('hier, neuer');
    await drafts.heard({ room_id: 'r1', text: '', meant: [], written_at: at(6) });
    expect(adopted.map((one) => one.text)).toEqual(['']);
    expect(await drafts.get(key)).toBeUndefined();
  });

  it('stay here without a connection and go out when it is back', async () => {
    let online = false;
    const { drafts, kept, server } = given();
    const offline = given({
      put: async (room, _thread, { text, at: written_at }) => {
        if (!online) throw new Error('offline');
        server.set(room, { room_id: room, text, meant: [], written_at });
        return server.get(room) as Draft;
      },
    });
    expect(kept.size + drafts.refs.length).toBe(0);
    await offline.drafts.set(key, { text: 'im Tunnel', meant: [] });
    await offline.drafts.pushAll();
    expect(server.size).toBe(0);
    online = true;
    await offline.drafts.pushAll();
    await vi.waitFor(() => expect(server.get('r1')?.text).toBe('im Tunnel'));
    await vi.waitFor(() => expect((offline.kept.get(key) as Kept).fresh).toBe(false));
  });

  it('take what the server has when it is newer than what is here', async () => {
    const { drafts, server, kept } = given();
    kept.set(key, { text: 'alt', meant: [] });
    server.set('r1', { room_id: 'r1', text: 'neu', meant: [], written_at: at(9) });
    await drafts.take([{ room_id: 'r1', begins: 'neu', written_at: at(9) }]);
    expect((await drafts.get(key))?.text).toBe('neu');
  });
});
