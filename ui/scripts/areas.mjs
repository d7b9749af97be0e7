// Divides the texts of the product, so that a page brings those it shows and no others. Everything
// is read from the sources: nobody keeps a list of what a page needs.
//
// - The first page's texts are in the group "first": whole areas that stand everywhere, and every
//   key that is mentioned in what the first page is made of.
// - All other keys stand in a group of their area. The plugin of messages.mjs turns each
//   import('./Page.svelte') into one that also fetches the groups mentioned behind it, at the same time.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** What the first page loads, by import or by itself soon after. */
const firstPage = [
  'src/main.ts',
  'src/features/home/Start.svelte',
  'src/features/home/MyGroups.svelte',
  'src/features/chat/StartBlock.svelte',
  'src/features/chat/DraftsBlock.svelte',
  'src/features/chat/outbox.svelte.ts',
  'src/features/pads/RecentPads.svelte',
  'src/features/meet/RunningBlock.svelte',
].map((path) => join(root, path));

/** Areas that may show on any page: all of their texts come first. */
const everywhere = new Set(['kit', 'shell', 'home', 'fault', 'directory', 'keys']);

/** Areas that are nearly always wanted together. Others are a group of their own. */
const together = new Map(
  Object.entries({
    chat: ['chat', 'talk', 'personal', 'rooms', 'files', 'write', 'emoji', 'text'],
    find: ['find', 'search', 'export'],
  }).flatMap(([group, areas]) => areas.map((area) => /** @type {const} */ ([area, group]))),
);

/** The area of a key: "fault.chat.full" is worded in chat.json. @param {string} key */
function areaOf(key) {
  const [area = '', second = '', third] = key.split('.');
  return area === 'fault' && third !== undefined ? second : area;
}

/** The group that holds an area unless the first page has taken its keys. @param {string} area */
export const groupOfArea = (area) => (everywhere.has(area) ? 'first' : (together.get(area) ?? area));

/** @param {string} path */
function sourceOf(path) {
  const bare = path.replace(/\.js$/, '');
  return [path, `${bare}.ts`, `${bare}.svelte.ts`].find(
    (one) => /\.(ts|svelte)$/.test(one) && existsSync(one),
  );
}

const statically =
  /(?:^|[\n;])\s*(?:import|export)\s(?!type\s)(?:[^'"`;]*?\sfrom\s*)?['"](\.{1,2}\/[^'"]+)['"]/g;

/** What the sources mention, read once. Make a new one when a source or a text has changed. */
export class Areas {
  /** @type {ReadonlySet<string>} */
  #keys;
  /** @type {Map<string, { keys: Set<string>, imports: string[] }>} */
  #files = new Map();
  /** @type {Set<string>} */
  #first;

  /** @param {Iterable<string>} keys every key of the leading language, without its variants */
  constructor(keys) {
    this.#keys = new Set(keys);
    for (const path of firstPage)
      if (!existsSync(path)) throw new Error(`${path} is named in areas.mjs and missing`);
    this.#first = new Set(firstPage.flatMap((path) => [...this.#mentionedFrom(path)]));
  }

  /** The group of a key or of its variant "key@du". @param {string} key */
  groupOf(key) {
    const base = key.split('@')[0] ?? key;
    return this.#first.has(base) ? 'first' : groupOfArea(areaOf(base));
  }

  /** The groups that a module and all it imports show texts of. @param {string} path as it stands in an import */
  neededBy(path) {
    const source = sourceOf(path);
    if (!source) return [];
    const groups = new Set([...this.#mentionedFrom(source)].map((key) => this.groupOf(key)));
    groups.delete('first');
    return [...groups].sort();
  }

  /** @param {string} start */
  #mentionedFrom(start) {
    const seen = new Set([start]);
    const keys = new Set();
    for (const path of seen) {
      const file = this.#read(path);
      for (const key of file.keys) keys.add(key);
      for (const next of file.imports) seen.add(next);
    }
    return keys;
  }

  /** @param {string} path */
  #read(path) {
    const known = this.#files.get(path);
    if (known) return known;
    const text = readFileSync(path, 'utf8');
    const imports = [...text.matchAll(statically)].flatMap((match) => {
      const source = sourceOf(resolve(dirname(path), match[1] ?? ''));
      return source ? [source] : [];
    });
    const file = { keys: this.#mentioned(text), imports };
    this.#files.set(path, file);
    return file;
  }

  /** Keys that stand in a text as strings, or whose beginning stands in a template. @param {string} text */
  #mentioned(text) {
    const keys = new Set();
    for (const match of text.matchAll(/['"`](\w+(?:\.\w+)+)['"`]/g))
      if (this.#keys.has(match[1] ?? '')) keys.add(match[1]);
    for (const match of text.matchAll(/`(\w+(?:\.\w+)+\.)\$\{/g))
      for (const key of this.#keys) if (key.startsWith(match[1] ?? '')) keys.add(key);
    return keys;
  }
}
