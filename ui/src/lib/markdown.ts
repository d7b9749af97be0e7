import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

/** Markdown of people: no HTML of their own, links stay links, line ends count. Loaded on demand: import() it. */
const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false }).disable([
  'image',
]);

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

// The only class that survives is the language of a block of code.
DOMPurify.addHook('uponSanitizeAttribute', (node, data) => {
  if (data.attrName !== 'class') return;
  data.keepAttr = node.nodeName === 'CODE' && /^language-[\w+#-]{1,20}$/.test(data.attrValue);
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
