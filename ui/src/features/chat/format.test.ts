import { describe, expect, it } from 'vitest';
import { type Change, type Format, format, newLine, pastedLink, type Writing } from './format.js';

/** "Hallo [Welt]" is a text with Welt selected. */
function writing(drawn: string): Writing {
  const start = drawn.indexOf('⟦');
  const end = drawn.indexOf('⟧') - 1;
  return { text: drawn.replace(/[⟦⟧]/g, ''), start, end };
}

function drawn({ text }: Writing, change: Change | null): string | null {
  if (!change) return null;
  const next = text.slice(0, change.from) + change.insert + text.slice(change.to);
  return `${next.slice(0, change.start)}⟦${next.slice(change.start, change.end)}⟧${next.slice(change.end)}`;
}

describe('a format', () => {
  it.each<[Format, string, string]>([
    ['bold', 'Hallo ⟦Welt⟧', 'Hallo **⟦Welt⟧**'],
    ['bold', 'Hallo **⟦Welt⟧**', 'Hallo ⟦Welt⟧'],
    ['bold', '⟦Welt ⟧da', '**⟦Welt⟧** da'],
    ['bold', '⟦⟧', '**⟦⟧**'],
    ['italic', '**⟦Welt⟧**', '***⟦Welt⟧***'],
    ['italic', '*⟦Welt⟧*', '⟦Welt⟧'],
    ['code', 'ein ⟦Wort⟧', 'ein `⟦Wort⟧`'],
    ['list', '⟦eins\nzwei⟧', '⟦- eins\n- zwei⟧'],
    ['list', '⟦- eins\n- zwei⟧', '⟦eins\nzwei⟧'],
    ['checks', '⟦- eins\n- zwei⟧', '⟦- [ ] eins\n- [ ] zwei⟧'],
    ['numbers', '⟦eins\nzwei⟧', '⟦1. eins\n2. zwei⟧'],
    ['numbers', '⟦1. eins\n2. zwei⟧', '⟦eins\nzwei⟧'],
    ['quote', 'vorher\nmit⟦⟧ten', 'vorher\n> mitten⟦⟧'],
    ['link', '⟦Satzung⟧', '[Satzung](https://⟦⟧)'],
    ['link', '⟦https://example.org⟧', '[⟦⟧](https://example.org)'],
    ['block', 'so: ⟦x = 1⟧', 'so: \n```\n⟦x = 1⟧\n```'],
    ['table', '⟦⟧', '| ⟦⟧ |  |\n| --- | --- |\n|  |  |'],
  ])('%s: %s', (kind, before, after) => {
    expect(drawn(writing(before), format(writing(before), kind))).toBe(after);
  });
});

describe('a new line', () => {
  it.each([
    ['- eins⟦⟧', '- eins\n- ⟦⟧'],
    ['9. neun⟦⟧', '9. neun\n10. ⟦⟧'],
    ['- [x] fertig⟦⟧', '- [x] fertig\n- [ ] ⟦⟧'],
    ['- eins\n- ⟦⟧', '- eins\n⟦⟧'],
    ['einfach so⟦⟧', null],
  ])('after %s', (before, after) => {
    expect(drawn(writing(before), newLine(writing(before)))).toBe(after);
  });
});

describe('a pasted address', () => {
  it.each([
    ['siehe ⟦Satzung⟧', 'siehe [Satzung](https://example.org)⟦⟧'],
    ['siehe ⟦⟧', null],
    ['⟦https://a.example⟧', null],
  ])('onto %s', (before, after) => {
    expect(drawn(writing(before), pastedLink(writing(before), 'https://example.org'))).toBe(after);
  });
});
