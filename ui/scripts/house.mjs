// House rules that no linter knows: what would break the content security
// policy, bypass the kit, or grow past the size of one thing.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = resolve(fileURLToPath(new URL('../src', import.meta.url)));

/** @type {Array<{ name: string, applies: (path: string) => boolean, pattern: RegExp, css?: boolean }>} */
const rules = [
  {
    name: 'no style attribute (the policy forbids it): use style:property or a class',
    applies: (path) => path.endsWith('.svelte'),
    pattern: /\sstyle="[^{]/,
  },
  {
    name: 'only the kit imports Ark UI or Zag',
    applies: (path) => !path.startsWith('kit/'),
    pattern: /from '(@ark-ui|@zag-js)\//,
  },
  {
    name: 'logical properties only (inline/block, start/end)',
    css: true,
    applies: (path) => /\.(svelte|css)$/.test(path),
    pattern:
      /^\s*(margin|padding|border)-(left|right|top|bottom)\b|^\s*(left|right|top|bottom|width|height|min-width|max-width|min-height|max-height):|text-align:\s*(left|right)/m,
  },
  {
    name: 'colours come from tokens.css',
    css: true,
    applies: (path) => /\.(svelte|css)$/.test(path) && !path.startsWith('kit/tokens'),
    pattern: /:\s*#[0-9a-f]{3,8}\b|(?<![\w-])(rgb|hsl|oklch)a?\(/im,
  },
];

/** @param {string} dir @returns {string[]} */
function walk(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(dir, entry.name)) : [join(dir, entry.name)],
  );
}

/** The style sheet in a file, everything else blanked so that lines keep their numbers. @param {string} path @param {string} text */
function sheet(path, text) {
  if (!path.endsWith('.svelte')) return text;
  const start = text.indexOf('<style');
  return start < 0 ? '' : text.slice(0, start).replace(/[^\n]/g, ' ') + text.slice(start);
}

/** A line of CSS that gives its reason in a comment is excused. @param {string} text @param {{ css?: boolean }} rule */
const excused = (text, rule) =>
  rule.css ? text.replace(/^.*;\s*\/\*.*$/gm, (line) => ' '.repeat(line.length)) : text;

const found = [];
for (const file of walk(src)) {
  const path = relative(src, file);
  const text = readFileSync(file, 'utf8');
  for (const rule of rules) {
    const looked = rule.css ? sheet(path, text) : text;
    const match = rule.applies(path) ? rule.pattern.exec(excused(looked, rule)) : null;
    if (match) found.push(`src/${path}:${looked.slice(0, match.index + 1).split('\n').length}: ${rule.name}`);
  }
  const feature = /^features\/(\w+)\//.exec(path)?.[1];
  for (const match of feature
    ? text.matchAll(/from '[^']*features\/(\w+)|from '\.\.\/(?:\.\.\/)*(auth|chat|pads|meet|admin|home)\//g)
    : []) {
    if ((match[1] ?? match[2]) !== feature) found.push(`src/${path}: a feature imports another feature`);
  }
}
for (const line of found) console.error(line);
if (found.length) process.exit(1);
