import { describe, expect, it } from 'vitest';
import { wordAfter } from './completion.svelte.js';
import { ada, ben } from './fixtures.js';
import { fromComposer, mentionOf, namesOf, personOf, spoken, toComposer, withNames } from './mention.js';
import { renderMessage } from './render.js';
import { callsOfAll } from './wide-mentions.js';
import type { Room } from './wire.js';

const standing = [
  { sign: '@', name: 'alle', target: 'all:r' },
  { sign: '@', name: 'hier', target: 'here:r' },
] as const;

describe('a mention', () => {
  it('survives the way into the composer and back, with brackets in the name', () => {
    const text = `Hallo ${mentionOf(ben)} und ${mentionOf(ada)}!`;
    const inComposer = toComposer(text, namesOf([ada, ben]));
    expect(inComposer.text).toBe('Hallo @Ben [Bauhof] Berg und @Ada Ahorn!');
    expect(fromComposer(inComposer.text, inComposer.meant)).toBe(text);
  });

  it('shows the current name', () => {
    const text = mentionOf({ id: ada.id, name: 'Ada Alt' });
    expect(spoken(text, namesOf([ada]))).toBe('@Ada Ahorn');
    expect(spoken(text, namesOf([]))).toBe('@Ada Alt');
    expect(withNames(text, namesOf([ada]))).toContain('@Ada Ahorn');
  });

  it('does not take a longer word for a name', () => {
    const anna = { id: ada.id, name: 'Anna' };
    const annabell = { id: ben.id, name: 'Anna Bell' };
    expect(fromComposer('@Annalena @Anna Bell @Anna', [anna, annabell].map(personOf))).toBe(
      `@Annalena ${mentionOf(annabell)} ${mentionOf(anna)}`,
    );
  });

  it.each([
    ['@alle bitte kommen', '[@alle](all:r) bitte kommen'],
    ['Achtung (@Hier), @alle!', 'Achtung ([@hier](here:r)), [@alle](all:r)!'],
    ['**@alle**\n@hier.', '**[@alle](all:r)**\n[@hier](here:r).'],
    ['_@alle_ und `Kode` @hier', '_[@alle](all:r)_ und `Kode` [@hier](here:r)'],
    ['```\nKode\n```\n@alle', '```\nKode\n```\n[@alle](all:r)'],
  ])('of everybody is meant also when it is typed by hand: %j', (text, sent) => {
    expect(fromComposer(text, [], standing)).toBe(sent);
  });

  it.each([
    'mail@alle',
    'mail@alle.example und an@hier',
    '@allein @alleine @hierher @alle.de @alle-Leute \\@alle',
    '`@alle` und ``ein ` @hier``',
    '```\n@alle\n```\nund\n~~~\n@hier',
    '[an @alle](https://example.org) <https://example.org/@alle>',
    'https://example.org/@alle www.example.org/?an=@hier',
  ])('of everybody stays words in addresses, code and links: %j', (text) => {
    expect(fromComposer(text, [], standing)).toBe(text);
  });

  it('of everybody gives way to whoever was chosen under this name, and does not come twice', () => {
    const group = { sign: '@', name: 'alle', target: 'group:g' } as const;
    expect(fromComposer('@alle', [group], standing)).toBe('[@alle](group:g)');
    expect(fromComposer('@alle', standing, standing)).toBe('[@alle](all:r)');
  });

  it('of everybody is for people of the town in rooms of several', () => {
    const room = (kind: Room['kind'], role: Room['role'] = 'member') => callsOfAll({ id: 'r', kind, role });
    expect(room('public').map((one) => one.target)).toEqual(['all:r', 'here:r']);
    expect(room('group')).toHaveLength(2);
    expect([room('direct'), room('self'), room('private', 'guest'), callsOfAll(null)]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });

  it('of a room never carries its name, and shows it only to those who know it', () => {
    const id = '0199aaaa-0000-7000-8000-000000000001';
    const text = fromComposer('Siehe #Wahl 2027.', [{ sign: '#', name: 'Wahl 2027', target: `room:${id}` }]);
    expect(text).toBe(`Siehe [#](room:${id}).`);
    expect(spoken(text, () => 'Wahl 2027')).toBe('Siehe #Wahl 2027.');
    expect(renderMessage(text, () => 'Wahl 2027', '')).toContain(`href="/chat/${id}"`);
    expect(
      renderMessage(
        text,
        () => 'privater Raum',
        '',
        () => false,
      ),
    ).not.toContain(id);
  });

  it.each([
    ['Hallo @ad', '@ad'],
    ['@', '@'],
    ['@Ada Ah', '@Ada Ah'],
    ['mail@stadt', null],
    ['@Ada Ahorn und', null],
  ])('is being typed in %j', (text, word) => {
    expect(wordAfter('@', text, '[\\p{L}\\p{N}._-]*(?: [\\p{L}\\p{N}._-]*)?')).toBe(word);
  });
});

describe('a rendered message', () => {
  it('marks people, and oneself', () => {
    const html = renderMessage(`${mentionOf(ada)} ${mentionOf(ben)}`, namesOf([ada, ben]), ada.id);
    expect(html).toContain('<span class="mention me">@Ada Ahorn</span>');
    expect(html).toContain('<span class="mention">@Ben [Bauhof] Berg</span>');
  });

  it('does not mark people who are not there', () => {
    expect(renderMessage(mentionOf(ada), namesOf([]), '')).not.toContain('class="mention"');
  });

  it.each([
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '![x](https://example.org/pixel.png)',
    '<script>alert(1)</script>',
    '[x](https://e.org" onmouseover="alert(1))',
    '<svg/onload=alert(1)>',
  ])('has no active content: %s', (text) => {
    const holder = document.createElement('div');
    holder.innerHTML = renderMessage(text, namesOf([]), '');
    expect(holder.querySelector('script, img, svg, iframe, [onerror], [onload], [onmouseover]')).toBeNull();
    for (const link of holder.querySelectorAll('a')) expect(link.protocol).toMatch(/^(https?|mailto|tel):$/);
  });

  it('opens links elsewhere without telling where from', () => {
    const html = renderMessage('https://example.org', namesOf([]), '');
    expect(html).toContain('rel="noopener noreferrer nofollow"');
  });
});
