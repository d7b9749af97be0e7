import { language } from '../i18n/index.svelte.js';

export interface Emoji {
  readonly emoji: string;
  readonly name: string;
  /** Other words that it is found by, folded. */
  readonly words: readonly string[];
  /** It comes in five skin tones. */
  readonly toned: boolean;
}

/** As in Unicode: 0 faces, 1 people, 3 animals, 4 food, 5 travel, 6 activities, 7 things, 8 signs, 9 flags. */
export type GroupId = 0 | 1 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

export interface EmojiGroup {
  readonly id: GroupId;
  readonly items: readonly Emoji[];
}

export type Tone = 0 | 1 | 2 | 3 | 4 | 5;

const modifier = /[\u{1F3FB}-\u{1F3FF}]|\uFE0F/gu;

/** Spelling that does not matter: case, accents, ß. */
export const fold = (text: string): string =>
  text.toLocaleLowerCase().replaceAll('ß', 'ss').normalize('NFD').replace(/\p{M}/gu, '').replaceAll('_', ' ');

/** The emoji in a skin tone; 0 leaves it yellow. */
export function withTone(emoji: string, tone: Tone): string {
  if (tone === 0) return emoji;
  const [first = '', ...rest] = emoji.replaceAll('\uFE0F', '');
  return first + String.fromCodePoint(0x1f3fa + tone) + rest.join('');
}

/** All emoji with their names in one language. */
export class EmojiTable {
  readonly groups: readonly EmojiGroup[];
  readonly #all: readonly Emoji[];
  readonly #byEmoji: ReadonlyMap<string, Emoji>;

  constructor(groups: readonly EmojiGroup[]) {
    this.groups = groups;
    this.#all = groups.flatMap((group) => group.items);
    this.#byEmoji = new Map(this.#all.map((one) => [one.emoji.replace(modifier, ''), one]));
  }

  of(emoji: string): Emoji | undefined {
    return this.#byEmoji.get(emoji.replace(modifier, ''));
  }

  /** Those that fit a name or keyword, the best first. Several words must all fit. */
  find(query: string, most = 80): readonly Emoji[] {
    const words = fold(query).split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const ranked = this.#all.flatMap((one, at) => {
      const rank = Math.max(...words.map((word) => rankOf(one, word)));
      return rank < missing ? [{ one, rank, at }] : [];
    });
    return ranked
      .sort((a, b) => a.rank - b.rank || a.at - b.at)
      .slice(0, most)
      .map(({ one }) => one);
  }
}

const missing = 5;

function rankOf(one: Emoji, word: string): number {
  const name = fold(one.name);
  if (name === word) return 0;
  if (name.startsWith(word)) return 1;
  if (one.words.includes(word)) return 2;
  if (one.words.some((other) => other.startsWith(word)) || name.includes(` ${word}`)) return 3;
  return name.includes(word) || one.words.some((other) => other.includes(word)) ? 4 : missing;
}

const sources = {
  de: () => import('virtual:emoji/names-de'),
  en: () => import('virtual:emoji/names-en'),
};
const loaded: { de?: Promise<EmojiTable>; en?: Promise<EmojiTable> } = {};

/** The table in the language of the person; loaded once, when somebody needs it. */
export function emojiTable(): Promise<EmojiTable> {
  const locale = language.locale === 'en' ? 'en' : 'de';
  const table = loaded[locale] ?? load(locale);
  loaded[locale] = table;
  table.catch(() => delete loaded[locale]);
  return table;
}

async function load(locale: 'de' | 'en'): Promise<EmojiTable> {
  const { default: groups } = await sources[locale]();
  return new EmojiTable(
    groups.map(([id, items]) => ({
      id: id as GroupId,
      items: items.map(([emoji, name, words, toned]) => ({
        emoji,
        name,
        words: fold(words).split('|'),
        toned: toned === 1,
      })),
    })),
  );
}
