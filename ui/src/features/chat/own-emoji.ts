import { call } from '../../lib/api/index.js';
import { emojiHabits } from '../../lib/emoji/habits.svelte.js';

const again = 60_000;
let asked = 0;

export const pictureOf = (id: string): string => `/api/v1/chat/emoji/${id}/picture`;

/** Loads the town's own emoji, for texts, reactions and the picker. */
export async function loadOwnEmoji(): Promise<void> {
  asked = Date.now();
  const { items } = await call('GET /chat/emoji', {});
  emojiHabits.town = items.map(({ id, code }) => ({ name: code, url: pictureOf(id) }));
}

/** The address of the picture of :code:, or undefined. Somebody may have added it just now. */
export function ownEmoji(code: string): string | undefined {
  const url = emojiHabits.town.find((one) => one.name === code)?.url;
  if (!url && Date.now() - asked > again) {
    asked = Date.now();
    void loadOwnEmoji().catch(() => undefined);
  }
  return url;
}

const codes = /:([a-z0-9_-]{2,32}):/g;

/** Puts the town's own pictures where a text names them, but not in code. */
export function pictureCodes(content: DocumentFragment): void {
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text && codes.test(node.data) && !node.parentElement?.closest('code, pre'))
      found.push(node);
    codes.lastIndex = 0;
  }
  for (const node of found) node.replaceWith(...piecesOf(node.data));
}

function piecesOf(text: string): Array<string | HTMLElement> {
  const pieces: Array<string | HTMLElement> = [];
  let from = 0;
  for (const match of text.matchAll(codes)) {
    const url = ownEmoji(match[1] ?? '');
    if (!url) continue;
    const picture = document.createElement('img');
    picture.src = url;
    picture.alt = match[0];
    picture.title = match[0];
    picture.className = 'own-emoji';
    pieces.push(text.slice(from, match.index), picture);
    from = match.index + match[0].length;
  }
  return [...pieces, text.slice(from)];
}
