// Reduces emojibase to what a picker needs: virtual:emoji/names-<locale> holds groups
// of [emoji, name, words to find it by, whether it has skin tones]. The German table
// is found by English words, too; the English one by English only.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const prefix = 'virtual:emoji/names-';
/** Skin tones and hair stand alone nowhere. */
const hidden = new Set([2]);

/** @typedef {{ hexcode: string, emoji: string, label: string, tags?: string[], group?: number, order?: number, skins?: Array<{ emoji: string, tone: number | number[] }> }} Emoji */

/** @param {string} name */
const load = (name) => require(`emojibase-data/${name}.json`);

/** @param {string} locale */
export function emojiTable(locale) {
  /** @type {Emoji[]} */
  const all = load(`${locale}/data`);
  /** @type {Map<string, Emoji>} */
  const english = new Map(load('en/data').map((/** @type {Emoji} */ one) => [one.hexcode, one]));
  /** @type {Record<string, string | string[]>} */
  const codes = load('en/shortcodes/emojibase');
  /** @type {Map<number, Array<unknown>>} */
  const groups = new Map();
  for (const one of all.sort((a, b) => (a.order ?? 0) - (b.order ?? 0))) {
    if (one.group === undefined || hidden.has(one.group)) continue;
    const also = english.get(one.hexcode);
    const words = [one.tags, codes[one.hexcode], also?.label, also?.tags].flat();
    const kept = [...new Set(words)].filter((word) => word && word !== one.label);
    const row = [one.emoji, one.label, kept.join('|'), hasTones(one) ? 1 : 0];
    const list = groups.get(one.group) ?? [];
    groups.set(one.group, [...list, row]);
  }
  return [...groups];
}

/** The five tones follow from the emoji itself: the modifier stands after its first sign. @param {Emoji} one */
function hasTones(one) {
  const skin = (one.skins ?? []).find((variant) => variant.tone === 1);
  const [first = '', ...rest] = one.emoji.replaceAll('\uFE0F', '');
  return skin?.emoji.replaceAll('\uFE0F', '') === `${first}\u{1F3FB}${rest.join('')}`;
}

/** Vite plugin: serves virtual:emoji/names-<locale>. */
export function emoji() {
  return {
    name: 'rathaus-emoji',
    /** @param {string} id */
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    /** @param {string} id */
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const table = JSON.stringify(emojiTable(id.slice(prefix.length + 1)));
      return `export default JSON.parse(${JSON.stringify(table)});`;
    },
  };
}
