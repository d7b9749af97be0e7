import { type Bytes, concat, copy, random } from './bytes.js';

export const nonceLength = 12;
export const tagLength = 16;
/** What sealing adds to a plain text: nonce before, tag after. */
export const sealOverhead = nonceLength + tagLength;

/** Thrown when bytes cannot be opened: wrong key, wrong place or altered. */
export class SealBroken extends Error {
  override name = 'SealBroken';
}

/** Says whether this browser offers encryption here: it does so on https and on localhost only. */
export function sealingAvailable(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

/** Imports 32 bytes as an AES-256-GCM key that cannot be read back. */
export function importKey(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** Seals with a random nonce; returns nonce, cipher text and tag in a row. */
export async function seal(key: CryptoKey, plain: Bytes, associated: Bytes): Promise<Bytes> {
  return sealWithNonce(key, random(nonceLength), plain, associated);
}

/** Seals with a given nonce. Only for test vectors: a nonce used twice breaks the key. */
export async function sealWithNonce(
  key: CryptoKey,
  nonce: Bytes,
  plain: Bytes,
  associated: Bytes,
): Promise<Bytes> {
  const params = { name: 'AES-GCM', iv: nonce, additionalData: associated };
  return concat(nonce, new Uint8Array(await crypto.subtle.encrypt(params, key, plain)));
}

/** Opens what seal returned for the same associated data; throws SealBroken otherwise. */
export async function open(key: CryptoKey, sealed: Uint8Array, associated: Bytes): Promise<Bytes> {
  if (sealed.length < sealOverhead) {
    throw new SealBroken('too short');
  }
  const params = { name: 'AES-GCM', iv: copy(sealed.subarray(0, nonceLength)), additionalData: associated };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(params, key, copy(sealed.subarray(nonceLength))));
  } catch (cause) {
    throw new SealBroken('wrong key or altered', { cause });
  }
}
