import { describe, expect, test } from 'vitest';
import { said } from './fixtures.js';
import { TopicList } from './topics.svelte.js';
import type { Message } from './wire.js';

const topic = (seq: number, rest: Partial<Message> = {}): Message => ({
  ...said(seq),
  title: `Thema ${seq}`,
  ...rest,
});
const answered = (last: number): Partial<Message> => ({
  rev: last,
  thread: { replies: 1, last_seq: last, last_at: '2026-11-20T08:00:00Z', people: [] },
});

async function given(items: Message[], next = ''): Promise<TopicList> {
  const list = new TopicList({ list: async () => ({ items, next, head: 0 }) });
  await list.load();
  return list;
}

const seqs = (list: TopicList) => list.items.map((one) => one.seq);

describe('the list of topics', () => {
  test('an answer raises its topic', async () => {
    const list = await given([topic(5), topic(3)]);
    list.heard(topic(3, answered(9)));
    expect(seqs(list)).toEqual([3, 5]);
  });

  test('a new topic stands at the top; what is no topic changes nothing', async () => {
    const list = await given([topic(3)]);
    list.heard(topic(7));
    list.heard(said(8));
    expect(seqs(list)).toEqual([7, 3]);
  });

  test('a deleted topic leaves; a late older state does not bring it back', async () => {
    const list = await given([topic(3), topic(2)]);
    const { title: _, ...gone } = topic(3, { rev: 9, deleted_at: '2026-11-20T08:00:00Z', text: '' });
    list.heard(gone);
    expect(seqs(list)).toEqual([2]);
  });

  test('a solved topic leaves the list of open ones only', async () => {
    const list = await given([topic(3)]);
    const solved = topic(3, { rev: 9, solved_at: '2026-11-20T08:00:00Z' });
    list.heard(solved);
    expect(seqs(list)).toEqual([3]);
    const open = await given([topic(3)]);
    open.open = true;
    open.heard(solved);
    expect(seqs(open)).toEqual([]);
  });

  test('what lies below what is loaded comes with the next stretch', async () => {
    const list = await given([topic(9), topic(8)], 'cursor');
    list.heard(topic(2, { rev: 10 }));
    expect(seqs(list)).toEqual([9, 8]);
  });
});
