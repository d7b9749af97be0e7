import { ed25519 } from '@noble/curves/ed25519.js';
import { type Bytes, copy } from './bytes.js';
import type { Signer, Verifier } from './ed25519.js';

/** Signs without WebCrypto, for browsers that do not know Ed25519. */
export function nobleSigner(seed: Bytes): Signer {
  const secret = copy(seed);
  return {
    publicKey: copy(ed25519.getPublicKey(secret)),
    sign: async (message) => copy(ed25519.sign(message, secret)),
  };
}

/** Checks signatures without WebCrypto, by the rules of RFC 8032 that Go and WebCrypto apply. */
export function nobleVerifier(publicKey: Bytes): Verifier {
  return {
    verify: async (signature, message) => {
      try {
        return ed25519.verify(signature, message, publicKey, { zip215: false });
      } catch {
        return false;
      }
    },
  };
}
