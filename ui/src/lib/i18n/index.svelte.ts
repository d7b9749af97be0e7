import { type Compiled, format, type Params, pseudo } from './format.js';
import type { Messages } from './keys.js';

/** de and en are for people; qps is long and accented, qpr the same from right to left: both for tests. */
export const locales = ['de', 'en', 'qps', 'qpr'] as const;
export type Locale = (typeof locales)[number];
export type Formality = 'sie' | 'du';
/** A text without parameters; what registries and routes refer to. */
export type Key = { [K in keyof Messages]: Messages[K] extends null ? K : never }[keyof Messages];
type Table = Readonly<Record<string, Compiled>>;

const tables: Record<'de' | 'en', () => Promise<{ default: Table }>> = {
  de: () => import('virtual:messages/de'),
  en: () => import('virtual:messages/en'),
};

class Language {
  locale = $state<Locale>('de');
  formality = $state<Formality>('sie');
  #table = $state.raw<Table>({});

  /** The locale for Intl: the pseudo-locales count and date like German. */
  get intl(): string {
    return this.locale === 'en' ? 'en-GB' : 'de-DE';
  }

  /** Loads the texts of locale and shows everything in them. */
  async use(locale: Locale, formality: Formality = this.formality): Promise<void> {
    const { default: table } = await tables[locale === 'en' ? 'en' : 'de']();
    this.#table = table;
    this.locale = locale;
    this.formality = formality;
    document.documentElement.lang = locale === 'en' ? 'en' : 'de';
    document.documentElement.dir = locale === 'qpr' ? 'rtl' : 'ltr';
  }

  /** The text under key, or null; for keys that come from outside, such as fault codes. */
  find(key: string, params: Params = {}): string | null {
    const text = (this.formality === 'du' ? this.#table[`${key}@du`] : undefined) ?? this.#table[key];
    if (text === undefined) return null;
    const shown = format(this.intl, text, params);
    return this.locale === 'qps' || this.locale === 'qpr' ? pseudo(shown) : shown;
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
  return language.find(key, params[0] ?? {}) ?? key;
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
