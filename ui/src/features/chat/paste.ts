import { type Change, pastedLink, type Writing } from './format.js';

/** Longer formatted text is pasted as it is: converting it would hold up the page. */
const mostHtml = 500_000;

/** What formatted text on the clipboard looks like when there is nothing to keep but its words. */
const worthIt = /<(?:strong|b|em|i|del|s|a|ul|ol|pre|code|blockquote|table|h[1-6])[\s>]/i;

/** What pasting does: a change of the text at once, a promise of one, or null for the browser's own way. */
export function pasted(data: DataTransfer, writing: Writing): Change | Promise<Change> | null {
  const plain = data.getData('text/plain');
  const link = pastedLink(writing, plain);
  if (link) return link;
  const html = data.getData('text/html');
  if (html === '' || html.length > mostHtml || !worthIt.test(html) || fromEditor(html)) return null;
  return import('./to-markdown.js').then(
    ({ toMarkdown }) => replace(writing, toMarkdown(html) || plain),
    () => replace(writing, plain),
  );
}

/** Code editors mark every word with a colour, which is not what is meant. */
const fromEditor = (html: string) => html.includes('vscode') || /^\s*<meta[^>]*>\s*<pre/i.test(html);

function replace({ start, end }: Writing, insert: string): Change {
  return { from: start, to: end, insert, start: start + insert.length, end: start + insert.length };
}
