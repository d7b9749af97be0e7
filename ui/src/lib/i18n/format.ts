/** A compiled text (see scripts/messages.mjs): literals and [parameter, kind?, cases?, offset?]. */
export type Part = string | readonly [string, string?, Readonly<Record<string, readonly Part[]>>?, number?];
export type Compiled = string | readonly Part[];
export type Params = Readonly<Record<string, string | number | Date>>;

const plurals = new Map<string, Intl.PluralRules>();

function pluralRules(locale: string, type: 'cardinal' | 'ordinal'): Intl.PluralRules {
  const key = `${locale} ${type}`;
  const known = plurals.get(key);
  if (known) return known;
  const rules = new Intl.PluralRules(locale, { type });
  plurals.set(key, rules);
  return rules;
}

function choose(
  locale: string,
  kind: string,
  value: unknown,
  cases: Readonly<Record<string, readonly Part[]>>,
  offset: number,
) {
  if (kind === 'select') return cases[String(value)] ?? cases.other;
  const exact = cases[`=${value}`];
  if (exact) return exact;
  const rules = pluralRules(locale, kind === 'ordinal' ? 'ordinal' : 'cardinal');
  return cases[rules.select(Number(value) - offset)] ?? cases.other;
}

function plain(locale: string, value: string | number | Date | undefined, kind?: string): string {
  if (value instanceof Date) {
    const style: Intl.DateTimeFormatOptions =
      kind === 'time' ? { timeStyle: 'short' } : { dateStyle: 'medium' };
    return new Intl.DateTimeFormat(locale, style).format(value);
  }
  if (typeof value === 'number') return new Intl.NumberFormat(locale).format(value);
  return value ?? '';
}

/** Fills a compiled text with its parameters. */
export function format(locale: string, text: Compiled, params: Params = {}, count = ''): string {
  if (typeof text === 'string') return text;
  return text
    .map((part) => {
      if (typeof part === 'string') return part;
      const [name, kind, cases, offset = 0] = part;
      if (name === '#') return count;
      const value = params[name];
      if (!cases || !kind) return plain(locale, value, kind);
      const inner = choose(locale, kind, value, cases, offset);
      const shown = typeof value === 'number' ? plain(locale, value - offset) : count;
      return inner ? format(locale, inner, params, shown) : '';
    })
    .join('');
}

const accents: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'ï',
  o: 'ø',
  u: 'û',
  A: 'Å',
  E: 'É',
  O: 'Ø',
  U: 'Ü',
  n: 'ñ',
  s: 'š',
  c: 'ç',
};

/** Makes untranslated and cramped texts visible: accented, a third longer, in brackets. */
export function pseudo(text: string): string {
  const longer = text.length > 3 ? ` ${'~'.repeat(Math.ceil(text.length / 3))}` : '';
  return `⟦${text.replace(/[aeiouAEOUnsc]/g, (letter) => accents[letter] ?? letter)}${longer}⟧`;
}
