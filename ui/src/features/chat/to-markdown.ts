import { gfm } from '@joplin/turndown-plugin-gfm';
import DOMPurify from 'dompurify';
import TurndownService from 'turndown';

const service = new TurndownService({
  headingStyle: 'atx',
  hr: '---',
  bulletListMarker: '-',
  codeBlockStyle: 'fenced',
  emDelimiter: '*',
}).remove(['style', 'script', 'title', 'head']);
service.use(gfm);
// Pictures come as files, not as addresses of other servers.
service.addRule('pictures', { filter: 'img', replacement: () => '' });
service.addRule('links', {
  filter: (node) => node.nodeName === 'A',
  replacement: (content, node) => {
    const address = node instanceof HTMLAnchorElement ? (node.getAttribute('href') ?? '') : '';
    const words = content.trim();
    if (words === '' || !/^(https?:|mailto:|tel:)/i.test(address)) return words;
    return words === address ? address : `[${words}](${address.replaceAll(')', '%29')})`;
  },
});
service.addRule('struck', {
  filter: (node) => ['DEL', 'S', 'STRIKE'].includes(node.nodeName),
  replacement: (content) => (content.trim() === '' ? content : `~~${content}~~`),
});

/** Markdown for formatted text from elsewhere. Its parts are never put into the page. */
export function toMarkdown(html: string): string {
  const clean = DOMPurify.sanitize(html, { FORBID_TAGS: ['style'], RETURN_DOM_FRAGMENT: true });
  const holder = document.createElement('div');
  holder.append(clean);
  return service
    .turndown(holder)
    .replace(/^(\s*(?:[-*]|\d+\.))\s{2,}/gm, '$1 ')
    .replace(/^(- \[[ x]\]) +/gm, '$1 ')
    .replace(/^\|[\s|:-]+\|$/gm, (line) => line.replace(/-{4,}/g, '---'))
    .replace(/^\|.*\|$/gm, (line) => line.replace(/ {2,}/g, ' '))
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
