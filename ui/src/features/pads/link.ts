import { type PadFragment, parseFragment } from '../../lib/crypto/fragment.js';

/** Reads what stands behind the # of the address; null when it was cut off on its way. */
export function readFragment(hash: string): PadFragment | null {
  try {
    return parseFragment(hash);
  } catch {
    return null;
  }
}

/** Takes the key out of the address bar, where others could read it. */
export function hideFragment(): void {
  if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search);
}
