import { afterEach, describe, expect, it } from 'vitest';
import { FaultError, faultText } from '../api/fault.js';
import { brief, dayName, when } from './dates.js';
import { type Compiled, format, pseudo } from './format.js';
import { bytes, language, list, t } from './index.svelte.js';

afterEach(() => language.use('de', 'sie'));

describe('a text', () => {
  it('counts in the plural of its language', () => {
    expect(t('kit.table.rows', { count: 0 })).toBe('Keine Einträge');
    expect(t('kit.table.rows', { count: 1 })).toBe('1 Eintrag');
    expect(t('kit.table.rows', { count: 12345 })).toBe('12.345 Einträge');
  });

  it('chooses by a word', () => {
    expect(t('shell.profile.role', { role: 'auditor' })).toBe('Revision');
    expect(t('shell.profile.role', { role: 'member' })).toBe('Mitglied');
  });

  it('says Sie or du as the town wants', async () => {
    expect(t('home.calm')).toBe('Nichts wartet auf Sie.');
    await language.use('de', 'du');
    expect(t('home.calm')).toBe('Nichts wartet auf dich.');
    expect(t('home.title')).toBe('Start');
  });

  it('changes with the language', async () => {
    await language.use('en');
    expect(t('shell.meet')).toBe('Meetings');
    expect(document.documentElement.lang).toBe('en');
  });

  it('is long and accented in the pseudo-locale, and right to left in the other', async () => {
    await language.use('qps');
    expect(t('shell.search')).toMatch(/^⟦.*~.*⟧$/);
    await language.use('qpr');
    expect(document.documentElement.dir).toBe('rtl');
    expect(pseudo('ab')).toBe('⟦áb⟧');
  });

  it('subtracts the offset of a plural', () => {
    const text: Compiled = [
      ['count', 'plural', { '=1': ['nur Sie'], other: ['Sie und ', ['#'], ' weitere'] }, 1],
    ];
    expect(format('de', text, { count: 1 })).toBe('nur Sie');
    expect(format('de', text, { count: 4 })).toBe('Sie und 3 weitere');
  });
});

describe('a day', () => {
  const now = new Date(2026, 10, 24, 15, 0);

  it('is named from near to far', () => {
    expect(when(new Date(2026, 10, 24, 14, 5), now)).toBe('heute, 14:05');
    expect(when(new Date(2026, 10, 23, 23, 59), now)).toBe('gestern, 23:59');
    expect(dayName(new Date(2026, 10, 17), now)).toBe('Di, 17. Nov.');
    expect(dayName(new Date(2025, 10, 24), now)).toBe('Mo, 24. Nov. 2025');
    expect(brief(new Date(2026, 10, 24, 9, 3), now)).toBe('09:03');
  });
});

describe('a list and a size', () => {
  it('read like a sentence', () => {
    expect(list(['Ada', 'Ben', 'Cem'])).toBe('Ada, Ben und Cem');
    expect(bytes(0)).toMatch(/^0 Byte/);
    expect(bytes(1_400_000)).toBe('1,4 MB');
  });
});

describe('a fault', () => {
  it('speaks by its code, its kind, or in general', () => {
    expect(faultText(new FaultError('access_ended', 403))).toBe('Der Zugang dazu wurde beendet.');
    expect(faultText(new FaultError('nobody.knows_this', 404))).toBe('Das gibt es hier nicht (mehr).');
    expect(faultText(new FaultError('nobody.knows_this', 500))).toContain('Beim Server');
    expect(faultText(new TypeError('x is undefined'))).toContain('Beim Server');
  });

  it('names the refused field', () => {
    const fault = new FaultError('invalid_input', 422, { fields: [{ path: 'body.name', code: 'too_long' }] });
    expect(fault.field('name')).toBe('too_long');
    expect(fault.field('email')).toBeNull();
  });
});
