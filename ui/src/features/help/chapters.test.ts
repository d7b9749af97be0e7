import { describe, expect, it } from 'vitest';
import { duIn, slipIn } from '../../../scripts/address.mjs';
import { helpPlaces } from '../../lib/help.js';
import { type Chapter, chaptersFor, find, loadChapters } from './chapters.js';

const de = await loadChapters('de', 'sie');
const du = await loadChapters('de', 'du');
const en = await loadChapters('en', 'sie');
const places = (chapters: readonly Chapter[]) =>
  chapters.flatMap(({ id, audience, sections }) => [
    id,
    `${id} for ${audience}`,
    ...sections.map((one) => `${id}#${one.id}`),
  ]);

const addresses = (chapter: Chapter) => duIn(JSON.stringify(chapter)) !== null;

describe('the help', () => {
  it('has the same chapters and sections in both languages', () => {
    expect(places(en)).toEqual(places(de));
  });

  // "Sie" may not stand for a thing either, as in "Die Datei … Sie liegt": it could not be told apart.
  it('says du throughout where the town has chosen du, and nowhere else', () => {
    const texts = (chapters: readonly Chapter[]) =>
      chapters.flatMap(({ title, intro, sections }) => [
        title,
        intro,
        ...sections.flatMap((one) => [one.title, ...one.html.split('\n')]),
      ]);
    expect(texts(du).filter((text) => slipIn(text))).toEqual([]);
    expect(texts(de).filter((text) => duIn(text))).toEqual([]);
    expect(places(du)).toEqual(places(de));
    for (const [at, chapter] of du.entries())
      expect(JSON.stringify(chapter) === JSON.stringify(de[at]), chapter.id).toBe(!addresses(chapter));
  });

  it('has every place that pages point to', () => {
    for (const place of helpPlaces) expect(places(de)).toContain(place);
  });

  it('has no two sections of one name in a chapter', () => {
    for (const { id, sections } of de)
      expect(new Set(sections.map((one) => one.id)).size, id).toBe(sections.length);
  });

  it('shows guests what is for guests, and members all but that', () => {
    expect(chaptersFor(false, de)[0]?.audience).toBe('guest');
    expect(chaptersFor(false, de).some((one) => one.audience === 'member')).toBe(false);
    expect(chaptersFor(true, de).some((one) => one.audience === 'guest')).toBe(false);
  });
});

describe('a question', () => {
  const titles = (question: string) =>
    find(de, question).map((hit) => hit.section?.title ?? hit.chapter.title);

  it('finds sections by words in any spelling', () => {
    expect(titles('nicht stören')[0]).toBe('Nicht stören');
    expect(titles('NICHT STOEREN')[0]).toBe('Nicht stören');
    expect(titles('geraete')).toContain('Meine Geräte');
    expect(titles('schlüssel verloren')).toContain('Zwei Schutzklassen');
  });

  it('finds nothing for nothing, and nothing for what is not there', () => {
    expect(find(de, '   ')).toEqual([]);
    expect(find(de, 'Faxgerät')).toEqual([]);
  });

  it('shows the words around the first hit', () => {
    const hit = find(de, 'Planungsbüro')[0];
    expect(hit?.piece).toContain('Planungsbüro');
  });
});
