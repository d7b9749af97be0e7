import { type Bytes, concat, fromBase64url, fromHex } from './bytes.js';

export const signatureLength = 64;
export const publicKeyLength = 32;

/** Signs with a private key it never hands out. */
export interface Signer {
  readonly publicKey: Bytes;
  sign(message: Bytes): Promise<Bytes>;
}

/** Checks signatures of one public key. */
export interface Verifier {
  verify(signature: Bytes, message: Bytes): Promise<boolean>;
}

/** Makes a signer from a 32-byte seed, by WebCrypto where it knows Ed25519. */
export async function signerFromSeed(seed: Bytes): Promise<Signer> {
  return (await webSigner(seed)) ?? (await import('./ed25519-noble.js')).nobleSigner(seed);
}

/** Makes a verifier, by WebCrypto where it knows Ed25519. */
export async function verifierFor(publicKey: Bytes): Promise<Verifier> {
  return (await webVerifier(publicKey)) ?? (await import('./ed25519-noble.js')).nobleVerifier(publicKey);
}

// The fixed DER prefix of an Ed25519 private key in PKCS#8, before its 32 bytes.
const pkcs8Prefix = fromHex('302e020100300506032b657004220420');

/** A WebCrypto signer, or null where the browser has none. */
export async function webSigner(seed: Bytes): Promise<Signer | null> {
  try {
    const pkcs8 = concat(pkcs8Prefix, seed);
    const readable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
    const { x } = await crypto.subtle.exportKey('jwk', readable);
    if (x === undefined) {
      return null;
    }
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
    return {
      publicKey: fromBase64url(x),
      sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, message)),
    };
  } catch {
    return null;
  }
}

async function webVerifier(publicKey: Bytes): Promise<Verifier | null> {
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    return {
      verify: (signature, message) => crypto.subtle.verify('Ed25519', key, signature, message),
    };
  } catch {
    return null;
  }
}
