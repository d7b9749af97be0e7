import { emojiHabits } from '../../lib/emoji/habits.svelte.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { renderMarkdown } from '../../lib/markdown.js';
import { href } from '../../lib/router/index.js';
import { type Names, withNames } from './mention.js';
import { pictureCodes } from './own-emoji.js';

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
  const key = `${me}\0${emojiHabits.town.length}\0${named}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const html = finish(renderMarkdown(named), me, sees);
  kept.set(key, html);
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size > mostKept) kept.delete(oldest);
  return html;
}

/** What a message has more than Markdown: marks for people and rooms, checklists, code that can be copied. */
function finish(html: string, me: string, sees: (room: string) => boolean): string {
  if (!/href="#|<pre|<table|<li|:[a-z0-9_-]{2,32}:/.test(html)) return html;
  const holder = document.createElement('template');
  holder.innerHTML = html;
  const { content } = holder;
  for (const link of content.querySelectorAll<HTMLAnchorElement>('a[href^="#"]'))
    link.replaceWith(markOf(link, me, sees));
  pictureCodes(content);
  for (const item of content.querySelectorAll('li')) check(item);
  for (const table of content.querySelectorAll('table')) table.replaceWith(scrolling(table));
  for (const block of content.querySelectorAll('pre')) block.replaceWith(copyable(block));
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
  if (kind === 'all' || kind === 'here') mark.className = 'mention me';
  else if (kind === 'person' || kind === 'room' || kind === 'group')
    mark.className = id === me ? 'mention me' : 'mention';
  mark.textContent = link.textContent;
  return mark;
}

/** "[x] fertig" in a list becomes a box that can only be read. */
function check(item: HTMLElement): void {
  const holder = item.firstElementChild?.nodeName === 'P' ? item.firstElementChild : item;
  const text = [...holder.childNodes].find((node) => node.textContent?.trim() !== '');
  const [whole, sign] = /^\s*\[([ xX])\]\s/.exec(text?.textContent ?? '') ?? [];
  if (!text || text.nodeType !== Node.TEXT_NODE || whole === undefined) return;
  text.textContent = (text.textContent ?? '').slice(whole.length);
  const box = document.createElement('span');
  box.className = sign === ' ' ? 'check' : 'check done';
  box.setAttribute('role', 'img');
  box.setAttribute('aria-label', t(sign === ' ' ? 'text.unchecked' : 'text.checked'));
  holder.prepend(box);
  item.className = 'item';
}

/** Wide things scroll by themselves, by keyboard, too. */
function scrolling(table: HTMLElement): HTMLElement {
  const frame = document.createElement('div');
  frame.className = 'wide';
  frame.tabIndex = 0;
  frame.setAttribute('role', 'group');
  frame.setAttribute('aria-label', t('text.table'));
  frame.append(table.cloneNode(true));
  return frame;
}

function copyable(block: HTMLElement): HTMLElement {
  const frame = document.createElement('div');
  frame.className = 'block';
  const copy = document.createElement('button');
  copy.type = 'button';
  copy.className = 'copy';
  copy.textContent = t('text.copyCode');
  const code = block.cloneNode(true) as HTMLElement;
  code.tabIndex = 0;
  code.setAttribute('role', 'group');
  code.setAttribute('aria-label', t('text.code'));
  frame.append(code, copy);
  return frame;
}
