import type { Formality, Locale } from '../../lib/i18n/index.svelte.js';

/** A section of a chapter; its HTML is ours, made from help/<locale>/*.md when the portal is built. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

export interface Chapter {
  readonly id: string;
  readonly title: string;
  /** member: for people with an account. guest: only for those without. */
  readonly audience: 'all' | 'member' | 'guest';
  /** One or two sentences of plain text. */
  readonly intro: string;
  readonly sections: readonly Section[];
}

/** A section in which all words of a question stand. */
export interface Hit {
  readonly chapter: Chapter;
  /** Null when the words stand in the chapter's title or introduction. */
  readonly section: Section | null;
  /** A piece of its text around the first word. */
  readonly piece: string;
}

const sources = {
  en: () => import('virtual:help/en'),
  sie: () => import('virtual:help/de'),
  du: () => import('virtual:help/de-du'),
};

/** The chapters in the language of the person, and in the address that the town has chosen. */
export async function loadChapters(locale: Locale, formality: Formality): Promise<readonly Chapter[]> {
  return (await sources[locale === 'en' ? 'en' : formality]()).default;
}

/** What somebody is shown: guests see what guests need, first of all what is only for them. */
export function chaptersFor(member: boolean, chapters: readonly Chapter[]): readonly Chapter[] {
  if (member) return chapters.filter((one) => one.audience !== 'guest');
  const open = chapters.filter((one) => one.audience !== 'member');
  return [...open.filter((one) => one.audience === 'guest'), ...open.filter((one) => one.audience === 'all')];
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

const plain = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(?:amp|lt|gt|quot);/g, (one) => entities[one] ?? one)
    .replace(/\s+/g, ' ')
    .trim();

/** Small letters, ß as ss, umlauts as their vowel however they are written: "Geräte", "geraete". */
const folded = (text: string): string =>
  text
    .toLocaleLowerCase('de')
    .replaceAll('ß', 'ss')
    .replace(/[aou]e|[äöü]/g, (one) => ({ ä: 'a', ö: 'o', ü: 'u' })[one] ?? one.charAt(0));

/** Letters of a piece before and after the first word found. */
const [before, around] = [40, 150];

function pieceOf(text: string, word: string): string {
  const low = text.toLocaleLowerCase('de');
  const at = Math.max(0, low.indexOf(word.toLocaleLowerCase('de')));
  const from = at < before ? 0 : text.indexOf(' ', at - before) + 1;
  const to = text.length <= from + around ? text.length : text.lastIndexOf(' ', from + around);
  return `${from > 0 ? '… ' : ''}${text.slice(from, to)}${to < text.length ? ' …' : ''}`;
}

/** Every place where all words stand; those with the words in their title come first. */
export function find(chapters: readonly Chapter[], question: string): readonly Hit[] {
  const words = question.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const wanted = words.map(folded);
  const holds = (text: string) => wanted.every((word) => folded(text).includes(word));
  const hits = chapters.flatMap((chapter): Array<Hit & { first: boolean }> => {
    const own = `${chapter.title} ${chapter.intro}`;
    const sections = chapter.sections.flatMap((section) => {
      const text = plain(section.html);
      if (!holds(`${chapter.title} ${section.title} ${text}`)) return [];
      const first = holds(section.title);
      return [{ chapter, section, piece: pieceOf(text, words[0] ?? ''), first }];
    });
    return holds(own)
      ? [{ chapter, section: null, piece: chapter.intro, first: holds(chapter.title) }, ...sections]
      : sections;
  });
  return [...hits.filter((hit) => hit.first), ...hits.filter((hit) => !hit.first)];
}
