// Compiles the texts of the product. messages/<locale>/<area>.json becomes flat
// tables (virtual:messages/<locale>-<group>, divided by areas.mjs) whose ICU patterns
// are parsed here, so that no parser is shipped, and src/lib/i18n/keys.d.ts, which
// lets TypeScript check every key and parameter.
//
//   node scripts/messages.mjs           writes keys.d.ts
//   node scripts/messages.mjs --check   also fails on missing, unused or contradicting keys
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IntlMessageFormat } from 'intl-messageformat';
import { duIn, sieIn, slipIn } from './address.mjs';
import { Areas, groupOfArea } from './areas.mjs';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const folder = join(root, 'messages');
const keysFile = join(root, 'src/lib/i18n/keys.d.ts');
/** The locale every other one is compared with. */
const lead = 'de';

/** German texts in which "Sie" is a message, a file, a key or other people: they address nobody. */
const notAddressed = new Set([
  'admin.people.disableText',
  'chat.delete.text',
  'fault.chat.later_not_found',
  'fault.files.malicious',
  'meet.stage.lost',
  'meet.keys.onHelp',
  'personal.later.whenText',
  'personal.later.cancelText',
  'personal.expiry.honest',
  'rooms.reports.townText',
]);

/** @typedef {string | Array<unknown>} Part */

/**
 * @param {string} area
 * @param {Record<string, unknown>} tree
 * @param {string} prefix
 * @param {Record<string, string>} out
 */
function flatten(area, tree, prefix, out) {
  for (const [name, value] of Object.entries(tree)) {
    const key = prefix ? `${prefix}.${name}` : name;
    if (typeof value === 'string') out[globalKey(area, key)] = value;
    else flatten(area, /** @type {Record<string, unknown>} */ (value), key, out);
  }
}

/**
 * A "fault" block in chat.json words the codes "chat.…", so its keys become fault.chat.….
 * @param {string} area
 * @param {string} key
 */
function globalKey(area, key) {
  return key.startsWith('fault.') ? `fault.${area}.${key.slice('fault.'.length)}` : `${area}.${key}`;
}

/** @param {string} locale */
export function readLocale(locale) {
  /** @type {Record<string, string>} */
  const out = {};
  for (const file of readdirSync(join(folder, locale)).sort()) {
    if (!file.endsWith('.json')) continue;
    const text = readFileSync(join(folder, locale, file), 'utf8');
    try {
      flatten(file.slice(0, -'.json'.length), JSON.parse(text), '', out);
    } catch (cause) {
      throw new Error(`messages/${locale}/${file} is not valid JSON: ${cause}`);
    }
  }
  return out;
}

export function locales() {
  return readdirSync(folder).filter((name) => !name.startsWith('.'));
}

/**
 * @param {any[]} ast
 * @returns {Part[]}
 */
function compact(ast) {
  return ast.map((node) => {
    switch (node.type) {
      case 0:
        return node.value;
      case 1:
        return [node.value];
      case 2:
        return [node.value, 'number'];
      case 3:
        return [node.value, 'date'];
      case 4:
        return [node.value, 'time'];
      case 5:
        return [node.value, 'select', cases(node)];
      case 6:
        return [node.value, node.pluralType === 'ordinal' ? 'ordinal' : 'plural', cases(node), node.offset];
      case 7:
        return ['#'];
      default:
        throw new Error(`tags are not supported in texts: ${JSON.stringify(node)}`);
    }
  });
}

/** @param {any} node */
function cases(node) {
  return Object.fromEntries(
    Object.entries(node.options).map(([name, option]) => [name, compact(option.value)]),
  );
}

/**
 * @param {string} key
 * @param {string} text
 * @param {string} locale
 */
function parse(key, text, locale) {
  try {
    return compact(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).getAst());
  } catch (cause) {
    throw new Error(`text ${key} (${locale}) is not a valid ICU pattern: ${cause}`);
  }
}

/**
 * @param {Part[]} parts
 * @param {Record<string, string>} out
 */
function parameters(parts, out = {}) {
  for (const part of parts) {
    if (typeof part === 'string' || part[0] === '#') continue;
    const name = String(part[0]);
    out[name] = typeOf(part[1], part[2]);
    if (part[2]) for (const inner of Object.values(part[2])) parameters(inner, out);
  }
  return out;
}

/** @param {unknown} kind @param {unknown} options */
function typeOf(kind, options) {
  if (kind === 'number' || kind === 'plural' || kind === 'ordinal') return 'number';
  if (kind === 'date' || kind === 'time') return 'Date';
  if (kind === 'select') {
    const names = Object.keys(/** @type {object} */ (options)).filter((name) => name !== 'other');
    return [...names.map((name) => `'${name}'`), '(string & {})'].join(' | ');
  }
  return 'string | number';
}

/** @param {string} locale */
export function compileLocale(locale) {
  /** @type {Record<string, string | Part[]>} */
  const out = {};
  for (const [key, text] of Object.entries(readLocale(locale))) {
    const parts = parse(key, text, locale);
    out[key] = parts.every((part) => typeof part === 'string') ? parts.join('') : parts;
  }
  return out;
}

function writeKeys() {
  const table = readLocale(lead);
  const lines = Object.entries(table)
    .filter(([key]) => !key.includes('@'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, text]) => {
      const params = Object.entries(parameters(parse(key, text, lead)));
      const type = params.length
        ? `{ ${params.map(([name, kind]) => `${name}: ${kind}`).join('; ')} }`
        : 'null';
      return `  '${key}': ${type};`;
    });
  const text = `// Generated from messages/${lead} by scripts/messages.mjs. Do not edit.\nexport interface Messages {\n${lines.join('\n')}\n}\n`;
  if (!existsSync(keysFile) || readFileSync(keysFile, 'utf8') !== text) writeFileSync(keysFile, text);
}

/** @param {string} dir @returns {string[]} */
function sources(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(ts|svelte)$/.test(entry.name) && !entry.name.endsWith('.test.ts') && path !== keysFile
      ? [path]
      : [];
  });
}

function problems() {
  const found = [];
  const reference = readLocale(lead);
  for (const locale of locales()) {
    const table = readLocale(locale);
    for (const key of Object.keys(reference)) {
      if (!key.includes('@') && !(key in table)) found.push(`${locale}: ${key} is missing`);
    }
    for (const [key, text] of Object.entries(table)) {
      const base = key.split('@')[0] ?? key;
      if (!(base in reference)) {
        found.push(`${locale}: ${key} has no counterpart in ${lead}`);
        continue;
      }
      const wanted = Object.keys(parameters(parse(base, reference[base] ?? '', lead))).sort();
      const given = Object.keys(parameters(parse(key, text, locale))).sort();
      const extra = given.filter((name) => !wanted.includes(name));
      if (extra.length) found.push(`${locale}: ${key} uses unknown parameters ${extra.join(', ')}`);
    }
  }
  found.push(...addressProblems(reference));
  const code = sources(join(root, 'src'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  for (const key of Object.keys(reference)) {
    if (key.includes('@') || key.startsWith('fault.')) continue;
    if (!mentioned(code, key)) found.push(`${key} is not used anywhere`);
  }
  return found;
}

/** Texts that address the reader and lack the form by du, or mix both. @param {Record<string, string>} table */
function addressProblems(table) {
  const found = [...notAddressed]
    .filter((key) => !sieIn(table[key] ?? ''))
    .map((key) => `${key} stands among those that address nobody, and needs to no more`);
  for (const [key, text] of Object.entries(table)) {
    if (key.endsWith('@du')) {
      if (slipIn(text)) found.push(`${key} says "${slipIn(text)}"`);
    } else if (duIn(text)) {
      found.push(`${key} says "${duIn(text)}" also where the town has chosen Sie`);
    } else if (sieIn(text) && !(`${key}@du` in table) && !notAddressed.has(key)) {
      found.push(`${key} addresses the reader and has no @du`);
    }
  }
  return found;
}

/**
 * A key counts as used when it stands in the code as a string, or when a template
 * such as `kit.role.${role}` names its prefix.
 * @param {string} code
 * @param {string} key
 */
function mentioned(code, key) {
  if (code.includes(`'${key}'`) || code.includes(`"${key}"`)) return true;
  const parts = key.split('.');
  return parts.some((_, at) => at > 1 && code.includes(`\`${parts.slice(0, at).join('.')}.\${`));
}

/** The texts by group. @param {string} locale @param {Areas} areas */
function divided(locale, areas) {
  /** @type {Record<string, Record<string, string | Part[]>>} */
  const out = { first: {} };
  for (const [key, text] of Object.entries(compileLocale(locale))) {
    const group = areas.groupOf(key);
    out[group] ??= {};
    out[group][key] = text;
  }
  return out;
}

const leadKeys = () => Object.keys(readLocale(lead)).filter((key) => !key.includes('@'));

/** Every group with its tables, and which area is in which group. */
function directory() {
  const areas = readdirSync(join(folder, lead)).map((file) => file.slice(0, -'.json'.length));
  const groups = [...new Set(['first', ...areas.map(groupOfArea)])];
  const tables = locales().map((locale) => {
    const loaders = groups.map((group) => `${group}: () => import('virtual:messages/${locale}-${group}')`);
    return `${locale}: { ${loaders.join(', ')} }`;
  });
  const places = Object.fromEntries(areas.map((area) => [area, groupOfArea(area)]));
  return `export const tables = { ${tables.join(', ')} };\nexport const places = ${JSON.stringify(places)};`;
}

/** What is imported on demand comes together with its texts. @param {string} code @param {string} id @param {Areas} areas */
function withTexts(code, id, areas) {
  let changed = false;
  const out = code.replace(/\bimport\(\s*(["'])(\.{1,2}\/[^"']+)\1\s*\)/g, (whole, _quote, path) => {
    const groups = areas.neededBy(resolve(dirname(id), path));
    if (!groups.length) return whole;
    changed = true;
    return `__worded(${JSON.stringify(groups)}, ${whole})`;
  });
  const language = join(root, 'src/lib/i18n/index.svelte.ts');
  return changed ? `import { worded as __worded } from ${JSON.stringify(language)};\n${out}` : undefined;
}

/** Vite plugin: serves virtual:messages…, brings texts along with pages, and keeps keys.d.ts up to date. */
export function messages() {
  const prefix = 'virtual:messages';
  let areas = new Areas([]);
  const look = () => {
    writeKeys();
    areas = new Areas(leadKeys());
  };
  return {
    name: 'rathaus-messages',
    // After Svelte has made scripts of its components.
    enforce: /** @type {const} */ ('post'),
    buildStart: look,
    /** @param {string} id */
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    /** @param {string} id */
    load(id) {
      if (id === `\0${prefix}`) return directory();
      if (!id.startsWith(`\0${prefix}/`)) return undefined;
      const [locale = lead, group = ''] = id.slice(prefix.length + 2).split('-');
      const table = JSON.stringify(divided(locale, areas)[group] ?? {});
      return `export default JSON.parse(${JSON.stringify(table)});`;
    },
    /** @param {string} code @param {string} id */
    transform(code, id) {
      const path = id.split('?')[0] ?? id;
      if (!path.startsWith(join(root, 'src')) || !/\.(ts|svelte)$/.test(path)) return undefined;
      const out = withTexts(code, path, areas);
      return out === undefined ? undefined : { code: out, map: null };
    },
    /** @param {import('vite').ViteDevServer} server */
    configureServer(server) {
      server.watcher.add(folder);
      server.watcher.on('all', (_event, path) => {
        const text = path.startsWith(folder);
        if (text || /\.(ts|svelte)$/.test(path)) look();
        if (!text) return;
        for (const [id, mod] of server.moduleGraph.idToModuleMap)
          if (id.startsWith(`\0${prefix}`)) server.moduleGraph.invalidateModule(mod);
        server.ws.send({ type: 'full-reload' });
      });
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeKeys();
  const found = process.argv.includes('--check') ? problems() : [];
  for (const line of found) console.error(line);
  if (found.length) process.exit(1);
}
