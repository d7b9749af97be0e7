import { renderMarkdown } from '../../lib/markdown.js';
import { withNames } from './mention.js';
import type { Person } from './wire.js';

const kept = new Map<string, string>();
const mostKept = 600;

/** Safe HTML of a message. The same text is rendered once. */
export function renderMessage(text: string, people: readonly Person[], me: string): string {
  const key = `${text}\0${people.map((person) => person.name).join('\0')}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const html = marked(renderMarkdown(withNames(text, people)), people, me);
  kept.set(key, html);
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size > mostKept) kept.delete(oldest);
  return html;
}

/** Turns the links to people into marks. Only people whom the server knows get one. */
function marked(html: string, people: readonly Person[], me: string): string {
  if (!html.includes('#person-')) return html;
  const holder = document.createElement('template');
  holder.innerHTML = html;
  for (const link of holder.content.querySelectorAll('a[href^="#person-"]')) {
    const id = link.getAttribute('href')?.slice('#person-'.length) ?? '';
    const mark = document.createElement('span');
    if (people.some((person) => person.id === id)) mark.className = id === me ? 'mention me' : 'mention';
    mark.textContent = link.textContent;
    link.replaceWith(mark);
  }
  return holder.innerHTML;
}
