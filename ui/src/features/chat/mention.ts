import type { Person } from './wire.js';

/** Somebody or something that a text names: a person, a group, everybody (here), a room. */
export interface Meant {
  readonly sign: '@' | '#';
  readonly name: string;
  /** What it is and its id, as it stands in the text: person:0199… */
  readonly target: string;
}

/** The current name of a target, or null when nobody knows it. */
export type Names = (target: string) => string | null;

/** [@Ada Berg](person:0199…) calls a person, [#](room:0199…) leads to a room, whose name is never written down. */
const token = /\[([@#])((?:[^\]\\]|\\.)*)\]\(((?:person|room|group|all|here):[0-9a-f-]{36})\)/g;

const escaped = (name: string) => name.replace(/[\\[\]*_`~<>]/g, '\\$&');
const unescaped = (name: string) => name.replace(/\\(.)/g, '$1');

export const personOf = (person: Person): Meant => ({
  sign: '@',
  name: person.name,
  target: `person:${person.id}`,
});

/** The people among those who are meant. */
export const peopleOf = (meant: readonly Meant[]): Person[] =>
  meant
    .filter((one) => one.target.startsWith('person:'))
    .map((one) => ({ id: one.target.slice('person:'.length), name: one.name }));

/** How a text calls a person. */
export const mentionOf = (person: Person): string => tokenOf(personOf(person));

// Whoever reads a room's name in a text might not be allowed to know it.
const tokenOf = ({ sign, name, target }: Meant) => `[${sign}${sign === '#' ? '' : escaped(name)}](${target})`;

/** Names of the people of a message. */
export const namesOf =
  (people: readonly Person[]): Names =>
  (target) =>
    people.find((person) => target === `person:${person.id}`)?.name || null;

/** Puts current names into the tokens of a text and turns them into links that the renderer marks. */
export function withNames(text: string, names: Names): string {
  return text.replace(token, (_, sign: string, written: string, target: string) => {
    const name = names(target);
    return name === null ? `[${sign}${written}](#unknown)` : `[${sign}${escaped(name)}](#${target})`;
  });
}

/** The text as a person would read it aloud or in a list: names instead of tokens. */
export function spoken(text: string, names: Names): string {
  return text.replace(
    token,
    (_, sign: string, written: string, target: string) => sign + (names(target) ?? unescaped(written)),
  );
}

/** What stands in the composer while a message is edited: "@Ada Berg" for each token, and who is meant. */
export function toComposer(text: string, names: Names): { text: string; meant: Meant[] } {
  const meant = new Map<string, Meant>();
  const plain = text.replace(token, (_, sign: '@' | '#', written: string, target: string) => {
    const name = names(target) ?? unescaped(written);
    meant.set(target, { sign, name, target });
    return sign + name;
  });
  return { text: plain, meant: [...meant.values()] };
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The other way round: "@Ada Berg" of somebody who was chosen becomes a token. Longer names win. */
export function fromComposer(
  text: string,
  chosen: readonly Meant[],
  standing: readonly Meant[] = [],
): string {
  return withStanding(withChosen(text, chosen), standing, chosen);
}

function withChosen(text: string, chosen: readonly Meant[]): string {
  const byLength = chosen.filter((one) => one.name).sort((a, b) => b.name.length - a.name.length);
  if (byLength.length === 0) return text;
  const words = byLength.map((one) => literal(one.sign + one.name));
  const pattern = new RegExp(`(${words.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
  return text.replace(pattern, (whole) => {
    const one = byLength.find((candidate) => candidate.sign + candidate.name === whole);
    return one ? tokenOf(one) : whole;
  });
}

/** Where words are shown as they are or lead somewhere: blocks of code, code in a line, links, addresses. */
const untouched = [
  '(?:^|\\n) {0,3}(?:```|~~~)[^]*?(?:\\n {0,3}(?:```|~~~)|$)',
  '(?<!`)(`+)(?!`)[^]*?(?<!`)\\1(?!`)',
  '\\[(?:[^\\]\\\\]|\\\\.)*\\]\\([^)\\n]*\\)',
  '<[^<>\\s]+>',
  '(?:https?://|www\\.|mailto:)\\S+',
].join('|');

/**
 * Fixed names, such as @alle, are meant also by whoever types them by hand, in small or capital letters: as a word of their
 * own, not in addresses, code and links. Who was chosen under the same name comes first.
 */
function withStanding(text: string, standing: readonly Meant[], chosen: readonly Meant[]): string {
  const free = standing.filter((one) => !chosen.some((other) => fold(other) === fold(one)));
  if (free.length === 0 || !text.includes('@')) return text;
  const words = free.map((one) => literal(one.sign + one.name)).join('|');
  const pattern = new RegExp(
    `${untouched}|(?<![\\p{L}\\p{N}.%+/@\\\\-]|[\\p{L}\\p{N}]_)(${words})(?![\\p{L}\\p{N}]|[-_.@/][\\p{L}\\p{N}])`,
    'giu',
  );
  return text.replace(pattern, (whole, _, word: string | undefined) => {
    const one = word && free.find((candidate) => fold(candidate) === word.toLocaleLowerCase());
    return one ? tokenOf(one) : whole;
  });
}

const fold = (one: Meant) => (one.sign + one.name).toLocaleLowerCase();
