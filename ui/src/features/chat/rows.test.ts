import { describe, expect, it } from 'vitest';
import { ada, ben, said } from './fixtures.js';
import { type RowsInput, rowsOf } from './rows.js';

const rows = (rest: Partial<RowsInput>) =>
  rowsOf({ lines: [], outgoing: [], me: ada.id, newAfter: null, complete: true, present: true, ...rest });

const shape = (input: Partial<RowsInput>) =>
  rows(input).map((row) =>
    row.type === 'said' || row.type === 'outgoing' ? `${row.type}${row.first ? '*' : ''}` : row.type,
  );

describe('the rows', () => {
  it('group what one person says within minutes', () => {
    const late = said(3, { created_at: '2026-11-20T08:10:00Z' });
    expect(
      shape({ lines: [said(1), said(2), late, said(4, { author: ada, created_at: late.created_at })] }),
    ).toEqual(['beginning', 'day', 'said*', 'said', 'said*', 'said*']);
  });

  it('have the line above the first new message of others', () => {
    expect(shape({ lines: [said(1), said(2, { author: ada }), said(3), said(4)], newAfter: 1 })).toEqual([
      'beginning',
      'day',
      'said*',
      'said*',
      'new',
      'said*',
      'said',
    ]);
  });

  it('keep the topmost row when older ones come', () => {
    const before = rows({ lines: [said(5), said(6)], complete: false });
    const after = rows({ lines: [said(3), said(4), said(5), said(6)], complete: false });
    expect(after.some((row) => row.key === before[0]?.key)).toBe(true);
  });

  it('keep the key of a message from typing to arriving', () => {
    const entry = {
      clientId: 'c7',
      room: 'r',
      body: { text: 'x' },
      shown: {},
      at: '2026-11-20T08:00:09Z',
      state: 'waiting',
    } as const;
    const typed = rows({ lines: [said(1)], outgoing: [entry] }).at(-1);
    const arrived = rows({ lines: [said(1), said(7, { author: ada, client_id: 'c7' })], outgoing: [entry] });
    expect(arrived.at(-1)?.key).toBe(typed?.key);
    expect(arrived.filter((row) => row.key === 'c7')).toHaveLength(1);
  });

  it('hide outgoing messages while an older stretch is shown', () => {
    const entry = {
      clientId: 'c7',
      room: 'r',
      body: { text: 'x' },
      shown: {},
      at: '2026-11-20T08:00:09Z',
      state: 'waiting',
    } as const;
    expect(shape({ lines: [said(1, { author: ben })], outgoing: [entry], present: false })).not.toContain(
      'outgoing*',
    );
  });

  it('have different keys', () => {
    const lines = Array.from({ length: 200 }, (_, at) =>
      said(at + 1, { created_at: new Date(at * 7_200_000).toISOString() }),
    );
    const keys = rows({ lines, newAfter: 50 }).map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
