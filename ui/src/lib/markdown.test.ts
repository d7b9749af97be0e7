import { expect, it } from 'vitest';
import { renderMarkdown } from './markdown.js';

it('aligns columns by classes, as styles in a text are refused', () => {
  const html = renderMarkdown('| a | b | c | d |\n|---|:--|:-:|--:|\n| 1 | 2 | 3 | 4 |');
  expect(html).not.toContain('style');
  expect(html.match(/class="[^"]*"/g)).toEqual([
    'class="to-left"',
    'class="to-center"',
    'class="to-right"',
    'class="to-left"',
    'class="to-center"',
    'class="to-right"',
  ]);
});

it.each([
  ['<td class="to-right" style="color:red">x</td>', /<td/],
  ['```to-right evil"class\nx\n```', /class="to/],
  ['[x](javascript:alert(1))', /href="javascript/],
])('lets nothing else through: %s', (text, forbidden) => expect(renderMarkdown(text)).not.toMatch(forbidden));
