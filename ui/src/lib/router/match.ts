/** One pattern such as /chat/:room, ready to be compared with addresses. */
export interface Pattern {
  readonly path: string;
  /** The parameters when the address fits, else null. */
  match(pathname: string): Record<string, string> | null;
  /** Patterns with more fixed parts win over patterns with parameters. */
  readonly weight: number;
}

export function compile(path: string): Pattern {
  const parts = split(path);
  const weight = parts.reduce((sum, part) => sum * 4 + (part.startsWith(':') ? 1 : 2), 0);
  return {
    path,
    weight,
    match(pathname) {
      const given = split(pathname);
      if (given.length !== parts.length) return null;
      const params: Record<string, string> = {};
      for (const [at, part] of parts.entries()) {
        const value = decode(given[at] ?? '');
        if (value === null) return null;
        if (part.startsWith(':')) params[part.slice(1)] = value;
        else if (part !== value) return null;
      }
      return params;
    },
  };
}

const split = (path: string) => path.split('/').filter((part) => part !== '');

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
