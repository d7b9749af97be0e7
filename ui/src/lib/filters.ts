/** A filter that stands beside the words as a chip. */
export interface Filter {
  readonly kind: 'from' | 'in' | 'has' | 'since' | 'until';
  /** Id of a person or room, word of what it has, or a day. */
  readonly value: string;
  /** Name of the person or room. */
  readonly name: string;
}

const kinds = ['from', 'in', 'has', 'since', 'until'] as const;

/** What can be asked for with hat:, in the words of the server. */
export const having = ['file', 'image', 'video', 'voice', 'pdf', 'link', 'poll', 'code'] as const;
export type Having = (typeof having)[number];
export const isHaving = (word: string): word is Having => having.some((one) => one === word);

/** Filters in an address: "id~name,id~name" for each kind. */
export function readFilters(query: (name: string) => string | null | undefined): Filter[] {
  return kinds.flatMap((kind) =>
    (query(kind) ?? '')
      .split(',')
      .filter(Boolean)
      .map((part) => {
        const [value = '', name = ''] = part.split('~');
        return { kind, value, name: unescaped(name) || value };
      }),
  );
}

export function writeFilters(filters: readonly Filter[]): Record<string, string | undefined> {
  return Object.fromEntries(
    kinds.map((kind) => [
      kind,
      filters
        .filter((one) => one.kind === kind)
        .map((one) => (one.name === one.value ? one.value : `${one.value}~${escaped(one.name)}`))
        .join(',') || undefined,
    ]),
  );
}

// Names may hold the two characters that part them.
const escaped = (name: string) =>
  name.replace(/[~,%]/g, (sign) => encodeURIComponent(sign).replace('~', '%7E'));
const unescaped = (name: string) => {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

/** The words with those filters that the server reads from the words. */
export function wordsWith(words: string, filters: readonly Filter[]): string {
  const typed = filters
    .filter((one) => one.kind === 'has' || one.kind === 'since' || one.kind === 'until')
    .map((one) => `${one.kind}:${one.value}`);
  return [words.trim(), ...typed].filter(Boolean).join(' ');
}

export const idsOf = (filters: readonly Filter[], kind: 'from' | 'in'): string[] =>
  filters.filter((one) => one.kind === kind).map((one) => one.value);

/** The filter that is being typed at the end of the words. */
export interface Beginning {
  readonly kind: 'from' | 'in' | 'has';
  readonly typed: string;
  /** The words without it. */
  readonly rest: string;
}

const names: Readonly<Record<string, Beginning['kind']>> = {
  von: 'from',
  from: 'from',
  in: 'in',
  hat: 'has',
  has: 'has',
};

export function beginningIn(words: string): Beginning | null {
  const match = /(?:^|\s)(von|from|in|hat|has):"?([^"]*)$/i.exec(words);
  const kind = match?.[1] ? names[match[1].toLowerCase()] : undefined;
  if (!match || !kind) return null;
  return { kind, typed: match[2] ?? '', rest: words.slice(0, match.index).trimEnd() };
}
