import { type PadSecret, seedLength } from '../../lib/crypto/padkeys.js';
import { keys } from '../../lib/storage/store.js';

const prefix = 'pad:';

/** The secret this browser knows for a pad, or null. */
export async function secretOf(pad: string): Promise<PadSecret | null> {
  return read(await keys.get(prefix + pad));
}

/** Keeps a secret, unless a better one is known already. */
export async function keepSecret(pad: string, secret: PadSecret): Promise<void> {
  const known = await secretOf(pad);
  if (known?.right === 'edit' && secret.right === 'view') return;
  await keys.set(prefix + pad, { right: secret.right, seed: secret.seed });
}

export async function forgetSecret(pad: string): Promise<void> {
  await keys.delete(prefix + pad);
}

function read(value: unknown): PadSecret | null {
  if (typeof value !== 'object' || value === null || !('right' in value) || !('seed' in value)) return null;
  const { right, seed } = value;
  if (right !== 'edit' && right !== 'view') return null;
  return seed instanceof Uint8Array && seed.length === seedLength
    ? { right, seed: new Uint8Array(seed) }
    : null;
}
