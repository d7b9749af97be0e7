import { describe, expect, test } from 'vitest';
import { beginningIn, type Filter, readFilters, wordsWith, writeFilters } from './filters.js';

const filters: Filter[] = [
  { kind: 'from', value: '0199', name: 'Ada, 100 % ~ Berg' },
  { kind: 'in', value: '0200', name: 'Bauhof' },
  { kind: 'in', value: '0201', name: 'Bürgerbüro' },
  { kind: 'has', value: 'image', name: 'image' },
  { kind: 'since', value: '2026-11-01', name: '2026-11-01' },
];

describe('filters', () => {
  test('survive the way through the address', () => {
    const query = writeFilters(filters);
    expect(readFilters((name) => query[name])).toEqual(filters);
  });

  test('that are words of the query join the words', () => {
    expect(wordsWith('  Satzung ', filters)).toBe('Satzung has:image since:2026-11-01');
    expect(wordsWith('', [])).toBe('');
  });

  test('are completed while they are typed at the end', () => {
    expect(beginningIn('Satzung von:Ad')).toEqual({ kind: 'from', typed: 'Ad', rest: 'Satzung' });
    expect(beginningIn('in:')).toEqual({ kind: 'in', typed: '', rest: '' });
    expect(beginningIn('hat:bi')).toEqual({ kind: 'has', typed: 'bi', rest: '' });
    expect(beginningIn('von:"Ada Berg" Satzung')).toBeNull();
    expect(beginningIn('ein Termin: morgen')).toBeNull();
  });
});
