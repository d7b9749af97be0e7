import { expect, it } from 'vitest';
import { sameDomain } from './domain.js';

it.each([
  ['Kreis.example', 'kreis.example', true],
  ['sülzbach.example', 'xn--slzbach-n2a.example', true],
  ['SÜLZBACH.example', 'su\u0308lzbach.example', true],
  ['kreis.example', 'evilkreis.example', false],
  ['kreis.example', '', false],
])('%s and %s are one domain: %s', (one, other, same) => expect(sameDomain(one, other)).toBe(same));
