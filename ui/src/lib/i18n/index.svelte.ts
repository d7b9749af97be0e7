import { format, type Params, pseudo } from './format.js';
import type { Messages } from './keys.js';
import { groupOf, type Side, Tables } from './tables.js';

/** de and en are for people; qps is long and accented, qpr the same from right to left: both for tests. */
export const locales = ['de', 'en', 'qps', 'qpr'] as const;
export type Locale = (typeof locales)[number];
export type Formality = 'sie' | 'du';
/** A text without parameters; what registries and routes refer to. */
export type Key = { [K in keyof Messages]: Messages[K] extends null ? K : never }[keyof Messages];

const sideOf = (locale: Locale): Side => (locale === 'en' ? 'en' : 'de');

class Language {
  locale = $state<Locale>('de');
  formality = $state<Formality>('sie');
  readonly #tables = new Tables();
  /** What pages have asked for: a change of language brings all of it. */
  readonly #groups = new Set(['first']);
  /** The language that is shown, or that is on its way. */
  #side: Side = 'de';
  /** Rises when texts come that somebody has missed. */
  #late = $state(0);

  /** The locale for Intl: the pseudo-locales count and date like German. */
  get intl(): string {
    return this.locale === 'en' ? 'en-GB' : 'de-DE';
  }

  /** Loads the texts of locale and then shows everything in them. Fails without changing anything. */
  async use(locale: Locale, formality: Formality = this.formality): Promise<void> {
    const side = sideOf(locale);
    this.#side = side;
    await this.#bring(side).catch((cause: unknown) => {
      this.#side = sideOf(this.locale);
      throw cause;
    });
    // Somebody has chosen again in the meantime.
    if (this.#side !== side) return;
    this.locale = locale;
    this.formality = formality;
    document.documentElement.lang = locale === 'en' ? 'en' : 'de';
    document.documentElement.dir = locale === 'qpr' ? 'rtl' : 'ltr';
  }

  /** Loads groups of texts, now and for every language to come. */
  async need(groups: readonly string[]): Promise<void> {
    for (const group of groups) this.#groups.add(group);
    const side = this.#side;
    await Promise.all(groups.map((group) => this.#tables.fetch(side, group)));
    if (side !== this.#side) await this.need(groups);
  }

  /** Loads what a key needs that comes from outside, such as a fault code. Fails silently: there is a general text. */
  async needFor(key: string): Promise<void> {
    const group = groupOf(key);
    if (group) await this.need([group]).catch(() => undefined);
  }

  /** The text under key, or null; for keys that come from outside, such as fault codes. */
  find(key: string, params: Params = {}): string | null {
    const side = sideOf(this.locale);
    const text =
      (this.formality === 'du' ? this.#tables.text(side, `${key}@du`) : undefined) ??
      this.#tables.text(side, key);
    if (text === undefined) return this.#missed(key);
    const shown = format(this.intl, text, params);
    return this.locale === 'qps' || this.locale === 'qpr' ? pseudo(shown) : shown;
  }

  /** Fetches everything that pages have asked for; they may ask for more in the meantime. */
  async #bring(side: Side): Promise<void> {
    const missing = () => [...this.#groups].filter((group) => !this.#tables.has(side, group));
    for (let wanted = missing(); wanted.length > 0; wanted = missing())
      await Promise.all(wanted.map((group) => this.#tables.fetch(side, group)));
  }

  /** Whether the text under key exists but has not come yet. */
  awaits(key: string): boolean {
    const group = groupOf(key);
    return group !== undefined && !this.#tables.has(sideOf(this.locale), group);
  }

  /** A text that has not come yet is fetched; whoever asked here sees it when it is there. */
  #missed(key: string): null {
    if (this.awaits(key) && this.#late >= 0)
      void this.needFor(key).then(() => {
        if (!this.awaits(key)) this.#late += 1;
      });
    return null;
  }
}

export const language = new Language();

export function isLocale(text: string | null | undefined): text is Locale {
  return locales.some((locale) => locale === text);
}

/** The text under key. Keys and parameters are checked against messages/de. */
export function t<K extends keyof Messages>(
  key: K,
  ...params: Messages[K] extends null ? [] : [Messages[K]]
): string {
  return language.find(key, params[0] ?? {}) ?? (language.awaits(key) ? '' : key);
}

/** A module that comes together with its groups of texts; scripts/messages.mjs puts it around every import on demand. */
export async function worded<T>(groups: readonly string[], module: Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([module, language.need(groups)]);
  return loaded;
}

/** "Ada, Ben und Cem" in the language of the person. */
export function list(items: readonly string[]): string {
  return new Intl.ListFormat(language.intl, { type: 'conjunction' }).format(items);
}

/** A number in the language of the person. */
export function number(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(language.intl, options).format(value);
}

/** A size in the largest fitting unit: "1,4 MB". */
export function bytes(size: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, size)) / 3)));
  const unit = units[step] ?? 'byte';
  return number(size / 1000 ** step, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: step ? 1 : 0,
  });
}
