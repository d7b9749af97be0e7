// The help texts. help/<locale>/<nn>-<chapter>.md become one list of chapters for each language
// (virtual:help/<locale>, and virtual:help/de-du for towns that say du): the Markdown is made into HTML here, so that no parser is shipped, and
// links within the help are checked.
//
// A chapter begins with its title and for whom it is: "# Pads {member}", or {guest}, or {all}; then a
// few words about it. Its sections begin with "## Title {#name}"; the name is the same in every language.
// German texts that address the reader hold both forms, as {Sie öffnen|du öffnest} (see address.mjs).
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import MarkdownIt from 'markdown-it';
import { addressed } from './address.mjs';

const folder = resolve(fileURLToPath(new URL('../help', import.meta.url)));
const parser = new MarkdownIt({ html: false, linkify: false, typographer: false });

/** @typedef {{ id: string, title: string, html: string }} Section */
/** @typedef {{ id: string, title: string, audience: string, intro: string, sections: Section[] }} Chapter */

/** @param {string} file @param {string} text @returns {Chapter} */
function chapter(file, text) {
  const head = /^# (.+) \{(all|member|guest)\}\n+/.exec(text);
  if (!head) throw new Error(`help/${file} does not begin with its title and for whom it is`);
  const [intro = '', ...parts] = text.slice(head[0].length).split(/^## /m);
  return {
    id: file.replace(/^\d+-|\.md$/g, ''),
    title: head[1] ?? '',
    audience: head[2] ?? '',
    intro: intro.trim(),
    sections: parts.map((part) => section(file, part)),
  };
}

/** @param {string} file @param {string} text @returns {Section} */
function section(file, text) {
  const head = /^(.+) \{#([a-z-]+)\}\n/.exec(text);
  if (!head) throw new Error(`help/${file}: a section has no name: ${text.slice(0, 40)}`);
  const body = text.slice(head[0].length);
  if (/[{}]/.test(body))
    throw new Error(`help/${file}: a brace is left in ${head[1]}: {Sie|du} holds two forms`);
  return { id: head[2] ?? '', title: head[1] ?? '', html: parser.render(body) };
}

/** All chapters of a language in their order. @param {string} locale @param {'sie' | 'du'} formality */
export function readHelp(locale, formality = 'sie') {
  const chapters = readdirSync(join(folder, locale))
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => chapter(file, addressed(readFileSync(join(folder, locale, file), 'utf8'), formality)));
  checkLinks(locale, chapters);
  return chapters;
}

/** @param {string} locale @param {Chapter[]} chapters */
function checkLinks(locale, chapters) {
  const places = new Set(
    chapters.flatMap(({ id, sections }) => [id, ...sections.map((one) => `${id}#${one.id}`)]),
  );
  for (const { id, sections } of chapters)
    for (const { html } of sections)
      for (const [, place = ''] of html.matchAll(/href="\/help\/([^"]+)"/g))
        if (!places.has(place))
          throw new Error(`help/${locale}: ${id} links to ${place}, which is not there`);
}

/** Vite plugin: serves virtual:help/<locale> and virtual:help/<locale>-du. */
export function help() {
  const prefix = 'virtual:help/';
  return {
    name: 'rathaus-help',
    /** @param {string} id */
    resolveId: (id) => (id.startsWith(prefix) ? `\0${prefix}help-${id.slice(prefix.length)}` : undefined),
    /** @param {string} id */
    load(id) {
      if (!id.startsWith(`\0${prefix}help-`)) return undefined;
      const [locale = '', form] = id.slice(prefix.length + 6).split('-');
      const chapters = readHelp(locale, form === 'du' ? 'du' : 'sie');
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(chapters))});`;
    },
  };
}
