import { renderMarkdown } from '../../lib/markdown.js';
import { href } from '../../lib/router/index.js';
import { type Names, withNames } from './mention.js';

const kept = new Map<string, string>();
const mostKept = 600;

/** Safe HTML of a message. The same text is rendered once. `sees` says whether a room's page is open to the reader. */
export function renderMessage(
  text: string,
  names: Names,
  me: string,
  sees: (room: string) => boolean = () => true,
): string {
  const named = withNames(text, names);
  const key = `${me}\0${named}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const html = marked(renderMarkdown(named), me, sees);
  kept.set(key, html);
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size > mostKept) kept.delete(oldest);
  return html;
}

/** Turns the links that stand for people and rooms into marks. */
function marked(html: string, me: string, sees: (room: string) => boolean): string {
  if (!html.includes('href="#')) return html;
  const holder = document.createElement('template');
  holder.innerHTML = html;
  for (const link of holder.content.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')) {
    link.replaceWith(markOf(link, me, sees));
  }
  return holder.innerHTML;
}

function markOf(link: HTMLAnchorElement, me: string, sees: (room: string) => boolean): HTMLElement {
  const [kind, id = ''] = (link.getAttribute('href') ?? '').slice(1).split(':');
  if (kind === 'room' && sees(id)) {
    const mark = document.createElement('a');
    mark.href = href('room', { room: id });
    mark.className = 'mention';
    mark.textContent = link.textContent;
    return mark;
  }
  const mark = document.createElement('span');
  if (kind === 'person' || kind === 'room') mark.className = id === me ? 'mention me' : 'mention';
  mark.textContent = link.textContent;
  return mark;
}
