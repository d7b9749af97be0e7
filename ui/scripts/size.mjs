// Measures what a browser has to load before the first page of the portal
// works, and fails when it outgrows its budget.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const budget = 105 * 1024;
const assets = fileURLToPath(new URL('../dist/assets', import.meta.url));
const files = readdirSync(assets);

/** @param {string} file */
const read = (file) => readFileSync(join(assets, file));
/** @param {string} file */
const size = (file) => gzipSync(read(file), { level: 9 }).length;

/** What a chunk loads by static import, with itself. @param {string} file @param {Set<string>} seen */
function graph(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const match of read(file)
    .toString()
    .matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) {
    if (match[1]) graph(match[1], seen);
  }
  return seen;
}

const page = readFileSync(fileURLToPath(new URL('../dist/index.html', import.meta.url)), 'utf8');
const entry = [...page.matchAll(/src="\/assets\/([\w.-]+\.js)"/g)].flatMap((match) =>
  match[1] ? [match[1]] : [],
);
// The start page, its blocks and the German texts are loaded on demand, but always on the first page.
const blocks = [
  'Start',
  'StartBlock',
  'DraftsBlock',
  'RecentPads',
  'RunningBlock',
  'MyGroups',
  'Links',
  'FirstDay',
];
const first = files.filter((file) =>
  [...blocks, 'de-first', 'outbox.svelte'].some(
    (name) => file.startsWith(`${name}-`) && file.endsWith('.js'),
  ),
);
const needed = [...entry, ...first].reduce((seen, file) => graph(file, seen), new Set());

let total = 0;
for (const file of [...needed].sort((a, b) => size(b) - size(a))) {
  total += size(file);
  console.log(`${(size(file) / 1024).toFixed(1).padStart(8)} KiB  ${basename(file)}`);
}
console.log(
  `${(total / 1024).toFixed(1).padStart(8)} KiB  script on the first page (budget ${budget / 1024} KiB)`,
);
if (total > budget) process.exit(1);
