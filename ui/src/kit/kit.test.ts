import { describe, expect, it } from 'vitest';
import { accentTokens, applyAccent, contrast, type Oklch, parseHex, toOklch } from './accent.js';
import { hueOf, initials } from './person.js';
import { Selection } from './selection.svelte.js';

function read(css: string | undefined): Oklch {
  const [, l, c, h] = /oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)/.exec(css ?? '') ?? [];
  return { l: Number(l) / 100, c: Number(c), h: Number(h) };
}

const white: Oklch = { l: 1, c: 0, h: 0 };
const ink: Oklch = { l: 0.18, c: 0, h: 0 };
const paper: Oklch = { l: 0.966, c: 0, h: 0 };
const night: Oklch = { l: 0.265, c: 0, h: 0 };

describe('the accent of a town', () => {
  it.each(['#1f5f8b', '#e3b505', '#ffffff', '#000000', '#00ff00', '#d1495b', '#FF0', '#5b3fa8'])(
    'is legible in both themes: %s',
    (hex) => {
      const tokens = accentTokens(hex) ?? {};
      const [light, dark] = [read(tokens['--town-light']), read(tokens['--town-dark'])];
      expect(contrast(light, paper)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(light, white)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dark, night)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dark, ink)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('keeps its hue', () => {
    const rgb = parseHex('#1f5f8b');
    expect(rgb).not.toBeNull();
    if (rgb) expect(read(accentTokens('#1f5f8b')?.['--town-light']).h).toBeCloseTo(toOklch(rgb).h, 0);
  });

  it('leaves the page alone when it is no colour', () => {
    const root = document.createElement('div');
    applyAccent('red; background: url(https://example.org)', root);
    expect(root.getAttribute('style')).toBeNull();
  });

  it('measures contrast as WCAG does', () => {
    expect(contrast(white, { l: 0, c: 0, h: 0 })).toBeCloseTo(21, 1);
    const grey = parseHex('#767676');
    expect(grey && contrast(toOklch(grey), white)).toBeCloseTo(4.54, 1);
  });
});

describe('initials', () => {
  it.each([
    ['Ada Brückner', 'AB'],
    ['Dr. Karla von der Heide', 'KH'],
    ['Bauamt', 'B'],
    ['Łukasz Wiśniewski', 'ŁW'],
    ['Hannelore Müller-Lüdenscheidt', 'HL'],
    ['🎈', '?'],
    ['', '?'],
  ])('of %s are %s', (name, expected) => expect(initials(name)).toBe(expected));

  it('have the same colour for the same person', () => {
    expect(hueOf('person-1')).toBe(hueOf('person-1'));
    expect(hueOf('person-1')).toBeLessThan(360);
  });
});

describe('a selection', () => {
  it('chooses one, all and none', () => {
    const selection = new Selection();
    selection.toggle('a');
    expect(selection.some(['a', 'b'])).toBe(true);
    selection.toggleAll(['a', 'b']);
    expect(selection.all(['a', 'b'])).toBe(true);
    selection.toggleAll(['a', 'b']);
    expect(selection.has('a')).toBe(false);
  });
});
