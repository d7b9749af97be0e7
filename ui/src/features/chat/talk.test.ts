import { describe, expect, it, vi } from 'vitest';
import { Composer } from './composer.svelte.js';
import { ada, ben, said } from './fixtures.js';
import type { OpenRoom } from './open-room.svelte.js';
import { OpenThread } from './open-thread.svelte.js';
import { PollDraft } from './poll-draft.svelte.js';
import { referenceTo, refreshed } from './reference.js';
import { rowsOf } from './rows.js';
import { reactedWith } from './talk.js';
import { Timeline } from './timeline.svelte.js';
import type { Following, Message, ThreadPage } from './wire.js';

const reply = (seq: number, root: Message, rest: Partial<Message> = {}): Message =>
  said(seq, { thread_id: root.id, root: referenceTo(root), ...rest });

const noDrafts = { get: async () => undefined, set: async () => undefined, delete: async () => undefined };

describe('a reference', () => {
  it('shows the beginning on one line, and names instead of calls', () => {
    const text = `Hallo [@x](person:${ben.id.padEnd(36, '0')}),\n${'sehr '.repeat(80)}`;
    const shown = referenceTo(said(1, { text }));
    expect(shown.text.startsWith('Hallo @x, sehr sehr')).toBe(true);
    expect([...shown.text]).toHaveLength(200);
  });

  it('says nothing of a deleted message, wherever it is shown', () => {
    const quoted = said(1, { text: 'geheim' });
    const line = said(2, { quote: referenceTo(quoted) });
    const timeline = new Timeline();
    timeline.heard(quoted);
    timeline.heard(line);
    timeline.heard({ ...quoted, rev: 3, text: '', deleted_at: '2026-11-20T09:00:00Z' });
    expect(timeline.find(line.id)?.quote).toMatchObject({ text: '', deleted: true });
  });

  it('stays what it is when another message changes', () => {
    const line = said(2, { quote: referenceTo(said(1)) });
    expect(refreshed(line, said(7))).toBe(line);
  });
});

describe('a reply in the room', () => {
  it('is one line that leads to its thread', () => {
    const root = said(1);
    const rows = rowsOf({
      lines: [root, reply(2, root)],
      outgoing: [],
      me: ada.id,
      newAfter: null,
      complete: false,
      present: true,
    });
    expect(rows.map((row) => row.type)).toEqual(['said', 'reply']);
  });
});

describe('an open thread', () => {
  function given(page: Partial<ThreadPage> = {}) {
    const root = said(1);
    let listener: (message: Message) => void = () => undefined;
    let told: (now: Following) => void = () => undefined;
    const open = {
      id: 'r1',
      watch: (heard: typeof listener) => {
        listener = heard;
        return () => undefined;
      },
    } as unknown as OpenRoom;
    const whole: ThreadPage = {
      root,
      messages: [reply(3, root)],
      before: true,
      following: true,
      head: 3,
      ...page,
    };
    const load = vi.fn(async (_room: string, _root: string, before?: number) =>
      before === undefined ? whole : { ...whole, messages: [reply(2, root)], before: false },
    );
    const thread = new OpenThread(open, root.id, {
      page: load,
      follow: async (room_id, message_id, following) => ({ room_id, message_id, following }),
      onFollowing: (hear) => {
        told = hear;
        return () => undefined;
      },
    });
    thread.follow();
    return {
      thread,
      root,
      hear: (message: Message) => listener(message),
      tell: (now: Following) => told(now),
    };
  }

  it('shows its replies, older ones on demand, new ones as they come, and nothing else', async () => {
    const { thread, root, hear } = given();
    await thread.load();
    await thread.loadBefore();
    hear(reply(4, root));
    hear(said(5));
    hear(reply(6, said(9)));
    expect(thread.lines.map((line) => line.seq)).toEqual([2, 3, 4]);
    expect(thread.before).toBe(false);
  });

  it('takes changes over, also those that come while it loads', async () => {
    const { thread, root, hear } = given();
    const loading = thread.load();
    hear(reply(3, root, { id: 'm3', rev: 8, text: 'neu' }));
    hear({ ...root, rev: 9, text: 'anders' });
    await loading;
    expect(thread.root?.text).toBe('anders');
    expect(thread.lines[0]?.root?.text).toBe('anders');
  });

  it('hears from other devices whether the person follows', async () => {
    const { thread, root, tell } = given();
    await thread.load();
    tell({ room_id: 'r1', message_id: root.id, following: false });
    expect(thread.following).toBe(false);
    await thread.setFollowing(true);
    expect(thread.following).toBe(true);
  });
});

describe('what is written in a thread', () => {
  it('goes out as a reply', () => {
    const composer = new Composer('r1', ada.id, noDrafts, 'm1');
    composer.write('Ja', 2);
    expect(composer.take().body).toEqual({ text: 'Ja', thread_id: 'm1' });
  });
});

describe('a poll that is written', () => {
  it('says what is missing', () => {
    const draft = new PollDraft();
    expect(draft.problem).toBe('question');
    draft.question = 'Wann?';
    draft.write(0, 'heute');
    draft.write(1, 'Heute ');
    expect(draft.problem).toBe('options');
    draft.write(1, 'morgen');
    expect(draft.problem).toBeNull();
    draft.ends = '2020-01-01T10:00';
    expect(draft.problem).toBe('ends');
  });

  it('goes out without a word beside it', () => {
    const composer = new Composer('r1', ada.id, noDrafts);
    const draft = new PollDraft();
    draft.question = ' Wann? ';
    draft.write(0, 'heute');
    draft.write(1, 'morgen');
    draft.add();
    draft.attachTo(composer);
    expect(composer.ready).toBe(true);
    expect(composer.take().body).toEqual({
      text: '',
      poll: { question: 'Wann?', options: ['heute', 'morgen'], multiple: false, anonymous: false },
    });
  });
});

describe('a reaction', () => {
  it('is mine whatever form its picture has', () => {
    const message = said(1, { reactions: [{ emoji: '❤️', people: [ada] }] });
    expect(reactedWith(message, '❤', ada.id)).toBe(true);
    expect(reactedWith(message, '❤️', ben.id)).toBe(false);
  });
});
