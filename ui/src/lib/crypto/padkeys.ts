import { importKey } from './aead.js';
import { type Bytes, concat, equal, random, utf8, uuidBytes } from './bytes.js';
import { type Signer, signerFromSeed, type Verifier, verifierFor } from './ed25519.js';

export const seedLength = 32;

/** What a link carries: an edit seed leads to everything, a view seed to reading only. */
export interface PadSecret {
  readonly right: 'edit' | 'view';
  readonly seed: Bytes;
}

/** The keys of one confidential pad. Without a signer one can read but not write. */
export interface PadKeys {
  readonly content: CryptoKey;
  readonly verifier: Verifier;
  readonly signer: Signer | null;
}

/** Thrown when a link's secret does not belong to the pad. */
export class WrongSecret extends Error {
  override name = 'WrongSecret';
}

/** A fresh edit secret for a new pad. */
export function newSecret(): PadSecret {
  return { right: 'edit', seed: random(seedLength) };
}

/** The view secret of a secret. One-way: the edit secret cannot be found from it. */
export async function viewSecret(secret: PadSecret): Promise<PadSecret> {
  if (secret.right === 'view') {
    return secret;
  }
  return { right: 'view', seed: await derive(secret.seed, noSalt, utf8('rathaus/pad/v1/view')) };
}

/** The write key of an edit secret. Its public half is what the server checks frames with. */
export async function writeSigner(secret: PadSecret): Promise<Signer> {
  if (secret.right !== 'edit') {
    throw new WrongSecret('a view secret has no write key');
  }
  return signerFromSeed(await derive(secret.seed, noSalt, utf8('rathaus/pad/v1/write')));
}

/**
 * Derives the keys of a pad. The content key depends on the pad, its epoch and its public key,
 * so a server that names another public key leads to frames that do not open.
 */
export async function deriveKeys(
  secret: PadSecret,
  pad: string,
  epoch: number,
  publicKey: Bytes,
): Promise<PadKeys> {
  const signer = secret.right === 'edit' ? await writeSigner(secret) : null;
  if (signer !== null && !equal(signer.publicKey, publicKey)) {
    throw new WrongSecret('the secret belongs to another pad');
  }
  return {
    content: await importKey(await contentKey(secret, pad, epoch, publicKey)),
    verifier: await verifierFor(publicKey),
    signer,
  };
}

/** The raw content key; exported for test vectors. */
export async function contentKey(
  secret: PadSecret,
  pad: string,
  epoch: number,
  publicKey: Bytes,
): Promise<Bytes> {
  const view = await viewSecret(secret);
  const info = concat(utf8('rathaus/pad/v1/content'), uint32(epoch), publicKey);
  return derive(view.seed, uuidBytes(pad), info);
}

const noSalt = new Uint8Array(0);

async function derive(seed: Bytes, salt: Bytes, info: Bytes): Promise<Bytes> {
  if (seed.length !== seedLength) {
    throw new WrongSecret('a seed has 32 bytes');
  }
  const base = await crypto.subtle.importKey('raw', seed, 'HKDF', false, ['deriveBits']);
  const params = { name: 'HKDF', hash: 'SHA-256', salt, info };
  return new Uint8Array(await crypto.subtle.deriveBits(params, base, 256));
}

function uint32(value: number): Bytes {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}
