import { describe, expect, it } from 'vitest';
import { toMarkdown } from './to-markdown.js';

describe('pasted text', () => {
  it.each([
    ['<p>Eine <b>wichtige</b> <em>Sache</em></p>', 'Eine **wichtige** *Sache*'],
    ['<ul><li>eins</li><li>zwei</li></ul>', '- eins\n- zwei'],
    ['<ol><li>eins</li><li>zwei</li></ol>', '1. eins\n2. zwei'],
    ['<p><del>alt</del></p>', '~~alt~~'],
    ['<a href="https://example.org">Satzung</a>', '[Satzung](https://example.org)'],
    ['<a href="javascript:alert(1)">Satzung</a>', 'Satzung'],
    ['<img src="https://example.org/pixel.png" alt="x">Text', 'Text'],
    ['<script>alert(1)</script><p>Text</p>', 'Text'],
    [
      '<table><thead><tr><th>Amt</th><th>Raum</th></tr></thead><tbody><tr><td>Bauhof</td><td>2</td></tr></tbody></table>',
      '| Amt | Raum |\n| --- | --- |\n| Bauhof | 2 |',
    ],
    ['<pre><code>x = 1\ny = 2</code></pre>', '```\nx = 1\ny = 2\n```'],
    ['<ul><li><input type="checkbox" checked> fertig</li></ul>', '- [x] fertig'],
  ])('%s', (html, markdown) => {
    expect(toMarkdown(html)).toBe(markdown);
  });
});
