import { expect, test } from 'vitest';
import { judge } from './strength.js';

const names = ['Stadt Musterhausen', 'Ada Amtmann', 'ada@musterhausen.example'];

test.each([
  ['', 'rule'],
  ['kurz', 'missing'],
  ['aaaaaaaaaaaa', 'same'],
  ['Musterhausen-26', 'known'],
  ['ada.amtmann.1974', 'known'],
  ['lautergruen', 'missing'],
  ['lauter grüne', 'good'],
  ['lauter grüne Teekannen', 'great'],
])('%s is judged %s', (password, say) => {
  expect(judge(password, 12, names).say).toBe(say);
});

test('what is missing is counted in characters, not in bytes', () => {
  expect(judge('äöü😀', 12, names)).toEqual({ say: 'missing', count: 8 });
});
