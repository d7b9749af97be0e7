import type { Person } from './wire.js';

/** [@Ada Berg](person:0199…) in the text of a message. */
const called = /\[@((?:[^\]\\]|\\.)*)\]\(person:([0-9a-f-]{36})\)/g;

const escaped = (name: string) => name.replace(/[\\[\]*_`~<>]/g, '\\$&');

/** How a text calls a person. */
export const mentionOf = (person: Person): string => `[@${escaped(person.name)}](person:${person.id})`;

/** Puts current names into the calls of a text and turns them into links that the renderer marks. */
export function withNames(text: string, people: readonly Person[]): string {
  return text.replace(called, (_, written: string, id: string) => {
    const name = people.find((person) => person.id === id)?.name;
    return `[@${name ? escaped(name) : written}](#person-${id})`;
  });
}

/** The text as a person would read it aloud or in a list: names instead of calls. */
export function spoken(text: string, people: readonly Person[]): string {
  return text.replace(called, (_, written: string, id: string) => {
    const name = people.find((person) => person.id === id)?.name;
    return `@${name ?? written.replace(/\\(.)/g, '$1')}`;
  });
}

/** What stands in the composer while a message is edited: "@Ada Berg" for each call, and who is meant. */
export function toComposer(text: string, people: readonly Person[]): { text: string; people: Person[] } {
  const meant = new Map<string, Person>();
  const plain = text.replace(called, (_, written: string, id: string) => {
    const name = people.find((person) => person.id === id)?.name || written.replace(/\\(.)/g, '$1');
    meant.set(id, { id, name });
    return `@${name}`;
  });
  return { text: plain, people: [...meant.values()] };
}

/** The other way round: "@Ada Berg" of somebody who was chosen becomes a call. Longer names win. */
export function fromComposer(text: string, chosen: readonly Person[]): string {
  const byLength = [...chosen].filter((person) => person.name).sort((a, b) => b.name.length - a.name.length);
  if (byLength.length === 0) return text;
  const names = byLength.map((person) => person.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`@(${names.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
  return text.replace(pattern, (whole, name: string) => {
    const person = byLength.find((one) => one.name === name);
    return person ? mentionOf(person) : whole;
  });
}

/** What is being typed after an @ right before the caret, or null. */
export function queryAt(text: string, caret: number): { from: number; query: string } | null {
  const before = text.slice(0, caret);
  const match = /(?:^|[\s(])@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]*)?)$/u.exec(before);
  if (!match) return null;
  const query = match[1] ?? '';
  return { from: caret - query.length - 1, query };
}
