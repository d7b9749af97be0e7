import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

/** Markdown of people: no HTML of their own, links stay links, line ends count. Loaded on demand: import() it. */
const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false }).disable([
  'image',
]);

// Columns are aligned by a class: the content security policy refuses styles in the text.
parser.core.ruler.push('column_alignment', ({ tokens }) => {
  for (const token of tokens) {
    const side = /^text-align:(\w+)$/.exec(String(token.attrGet('style') ?? ''))?.[1];
    if (side) token.attrs = [['class', `to-${side}`]];
  }
});

const allowed = {
  ALLOWED_TAGS: [
    'p',
    'br',
    'strong',
    'em',
    's',
    'code',
    'pre',
    'blockquote',
    'ul',
    'ol',
    'li',
    'a',
    'h1',
    'h2',
    'h3',
    'h4',
    'hr',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
  ],
  ALLOWED_ATTR: ['href', 'start', 'class'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|geo:-?\d|\/(?!\/)|#)/i,
};

// The only classes that survive are the language of a block of code and the side of a column.
const classes: Readonly<Record<string, RegExp>> = {
  CODE: /^language-[\w+#-]{1,20}$/,
  TH: /^to-(left|center|right)$/,
  TD: /^to-(left|center|right)$/,
};
DOMPurify.addHook('uponSanitizeAttribute', (node, data) => {
  if (data.attrName !== 'class') return;
  data.keepAttr = classes[node.nodeName]?.test(data.attrValue) ?? false;
});

/** Safe HTML for a text in Markdown. Links to other origins open in a new tab. */
export function renderMarkdown(text: string): string {
  const holder = document.createElement('template');
  holder.innerHTML = DOMPurify.sanitize(parser.render(text), allowed);
  for (const link of holder.content.querySelectorAll('a')) {
    if (link.origin === location.origin) continue;
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
  }
  return holder.innerHTML;
}
