import { fromBase64url, toBase64url } from './bytes.js';
import { type PadSecret, seedLength } from './padkeys.js';

/** What stands behind the # of a pad link. It never reaches the server by itself. */
export interface PadFragment {
  /** The token the server checks and limits; absent for people who have access by themselves. */
  readonly token: string | null;
  /** The key material; absent for organisation pads. */
  readonly secret: PadSecret | null;
}

/** Thrown when a link was cut off or altered on its way. */
export class BrokenLink extends Error {
  override name = 'BrokenLink';
}

/** Writes a fragment, without the leading #. */
export function formatFragment(fragment: PadFragment): string {
  const parts: string[] = [];
  if (fragment.token !== null) {
    parts.push(`t=${fragment.token}`);
  }
  if (fragment.secret !== null) {
    const name = fragment.secret.right === 'edit' ? 'e' : 'v';
    parts.push(`${name}=${toBase64url(fragment.secret.seed)}`);
  }
  return parts.join('&');
}

/** Reads a fragment, with or without the leading #. Unknown parts are left alone. */
export function parseFragment(hash: string): PadFragment {
  let token: string | null = null;
  let secret: PadSecret | null = null;
  for (const part of hash.replace(/^#/, '').split('&')) {
    const value = part.slice(2);
    if (part.startsWith('t=')) {
      token = readToken(value);
    } else if (part.startsWith('e=')) {
      secret = { right: 'edit', seed: readSeed(value) };
    } else if (part.startsWith('v=')) {
      secret = { right: 'view', seed: readSeed(value) };
    }
  }
  return { token, secret };
}

function readToken(value: string): string {
  if (!/^[A-Za-z0-9_-]{20,128}$/.test(value)) {
    throw new BrokenLink('the token is damaged');
  }
  return value;
}

function readSeed(value: string): PadSecret['seed'] {
  try {
    const seed = fromBase64url(value);
    if (seed.length === seedLength) {
      return seed;
    }
  } catch (cause) {
    throw new BrokenLink('the key is damaged', { cause });
  }
  throw new BrokenLink('the key is incomplete');
}
