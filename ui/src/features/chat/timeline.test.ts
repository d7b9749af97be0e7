import { describe, expect, it } from 'vitest';
import { page, said, state } from './fixtures.js';
import { Timeline } from './timeline.svelte.js';

const seqs = (timeline: Timeline) => timeline.lines.map((line) => line.seq);

describe('a timeline', () => {
  it('puts what was missed down in order of place, though it comes in order of change', () => {
    const timeline = new Timeline();
    timeline.takeState(state([said(1), said(2)]));
    timeline.takeState(
      state([said(4), said(3, { rev: 5 }), said(1, { rev: 6, text: 'neu' })], { reset: false, head: 6 }),
    );
    expect(seqs(timeline)).toEqual([1, 2, 3, 4]);
    expect(timeline.find('m1')?.text).toBe('neu');
    expect(timeline.head).toBe(6);
  });

  it('takes nothing twice and nothing older than it has', () => {
    const timeline = new Timeline();
    timeline.takeState(state([said(1), said(2, { rev: 3, text: 'geändert' })]));
    timeline.heard(said(2));
    timeline.heard(said(3, { rev: 4 }));
    timeline.heard(said(3, { rev: 4 }));
    expect(seqs(timeline)).toEqual([1, 2, 3]);
    expect(timeline.find('m2')?.text).toBe('geändert');
  });

  it('lays a change over a page that was read before it', () => {
    const timeline = new Timeline();
    timeline.takeState(state([said(10), said(11)], { more: true }));
    timeline.heard(said(5, { rev: 12, text: '', deleted_at: '2026-11-20T09:00:00Z' }));
    timeline.takePage(page([said(4), said(5)], { before: true }), 'before');
    expect(seqs(timeline)).toEqual([4, 5, 10, 11]);
    expect(timeline.find('m5')?.text).toBe('');
  });

  it('does not hang new messages onto an old stretch', () => {
    const timeline = new Timeline();
    timeline.takeState(state([said(50)], { more: true }));
    timeline.replace(page([said(3), said(4)], { before: true, after: true }));
    timeline.heard(said(51));
    expect(seqs(timeline)).toEqual([3, 4]);
    timeline.takePage(page([said(5), said(51)], { after: false }), 'after');
    expect(seqs(timeline)).toEqual([3, 4, 5, 51]);
    timeline.heard(said(52));
    expect(seqs(timeline)).toEqual([3, 4, 5, 51, 52]);
  });

  it('forgets everything when it has to start afresh', () => {
    const timeline = new Timeline();
    timeline.takeState(state([said(1)]));
    timeline.takeState(state([said(900), said(901)], { more: true }));
    expect(seqs(timeline)).toEqual([900, 901]);
    expect(timeline.before).toBe(true);
  });
});
