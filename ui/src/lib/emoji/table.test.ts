import { describe, expect, it } from 'vitest';
import { emojiTable, withTone } from './table.js';

describe('the emoji table', () => {
  it.each([
    ['daumen', '👍️'],
    ['herz', '❤️'],
    ['kloß', '🥟'],
    ['feuerwehr', '🚒'],
    ['+1', '👍️'],
    ['tada', '🎉'],
    ['haekchen', null],
    ['häkchen', '✅️'],
    ['hakchen', '✅️'],
  ])('finds %s', async (query, wanted) => {
    const found = (await emojiTable()).find(query).map((one) => one.emoji);
    if (wanted === null) expect(found).toEqual([]);
    else expect(found).toContain(wanted);
  });

  it('puts what is called exactly so first', async () => {
    expect((await emojiTable()).find('rakete')[0]?.emoji).toBe('🚀');
  });

  it('knows the name of an emoji in any skin tone', async () => {
    const table = await emojiTable();
    expect(table.of('👍🏽')?.name).toBe('Daumen hoch');
    expect(table.of('👍')?.name).toBe('Daumen hoch');
  });

  it('changes the skin tone', () => {
    expect(withTone('👍️', 3)).toBe('👍🏽');
    expect(withTone('🧑‍🚒', 5)).toBe('🧑🏿‍🚒');
    expect(withTone('👍️', 0)).toBe('👍️');
  });
});
