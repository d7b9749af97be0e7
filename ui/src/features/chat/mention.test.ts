import { describe, expect, it } from 'vitest';
import { ada, ben } from './fixtures.js';
import { fromComposer, mentionOf, queryAt, spoken, toComposer, withNames } from './mention.js';
import { renderMessage } from './render.js';

describe('a mention', () => {
  it('survives the way into the composer and back, with brackets in the name', () => {
    const text = `Hallo ${mentionOf(ben)} und ${mentionOf(ada)}!`;
    const inComposer = toComposer(text, [ada, ben]);
    expect(inComposer.text).toBe('Hallo @Ben [Bauhof] Berg und @Ada Ahorn!');
    expect(fromComposer(inComposer.text, inComposer.people)).toBe(text);
  });

  it('shows the current name', () => {
    const text = mentionOf({ id: ada.id, name: 'Ada Alt' });
    expect(spoken(text, [ada])).toBe('@Ada Ahorn');
    expect(spoken(text, [])).toBe('@Ada Alt');
    expect(withNames(text, [ada])).toContain('@Ada Ahorn');
  });

  it('does not take a longer word for a name', () => {
    const anna = { id: ada.id, name: 'Anna' };
    const annabell = { id: ben.id, name: 'Anna Bell' };
    expect(fromComposer('@Annalena @Anna Bell @Anna', [anna, annabell])).toBe(
      `@Annalena ${mentionOf(annabell)} ${mentionOf(anna)}`,
    );
  });

  it.each([
    ['Hallo @ad', 9, 'ad'],
    ['@', 1, ''],
    ['@Ada Ah', 7, 'Ada Ah'],
    ['mail@stadt', 10, null],
    ['@Ada Ahorn und', 14, null],
  ])('is being typed in %j', (text, caret, query) => {
    expect(queryAt(text, caret)?.query ?? null).toBe(query);
  });
});

describe('a rendered message', () => {
  it('marks people, and oneself', () => {
    const html = renderMessage(`${mentionOf(ada)} ${mentionOf(ben)}`, [ada, ben], ada.id);
    expect(html).toContain('<span class="mention me">@Ada Ahorn</span>');
    expect(html).toContain('<span class="mention">@Ben [Bauhof] Berg</span>');
  });

  it('does not mark people who are not there', () => {
    expect(renderMessage(mentionOf(ada), [], '')).not.toContain('class="mention"');
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
    holder.innerHTML = renderMessage(text, [], '');
    expect(holder.querySelector('script, img, svg, iframe, [onerror], [onload], [onmouseover]')).toBeNull();
    for (const link of holder.querySelectorAll('a')) expect(link.protocol).toMatch(/^(https?|mailto|tel):$/);
  });

  it('opens links elsewhere without telling where from', () => {
    const html = renderMessage('https://example.org', [], '');
    expect(html).toContain('rel="noopener noreferrer nofollow"');
  });
});
