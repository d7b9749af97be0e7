// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { open, SealBroken, seal } from './aead.js';
import { fromBase64url, fromHex, toBase64url, toHex, utf8 } from './bytes.js';
import { signerFromSeed, verifierFor, webSigner } from './ed25519.js';
import { nobleSigner, nobleVerifier } from './ed25519-noble.js';
import { BrokenLink, formatFragment, parseFragment } from './fragment.js';
import {
  contentKey,
  deriveKeys,
  newSecret,
  type PadSecret,
  viewSecret,
  WrongSecret,
  writeSigner,
} from './padkeys.js';

const padId = '0199a2b4-7c1e-7def-8123-456789abcdef';
const fixed: PadSecret = { right: 'edit', seed: new Uint8Array(32).map((_, at) => at) };

describe('keys of a pad', () => {
  it('follow from the edit seed as the vectors say', async () => {
    const { publicKey } = await writeSigner(fixed);
    expect({
      view: toHex((await viewSecret(fixed)).seed),
      public: toHex(publicKey),
      content: toHex(await contentKey(fixed, padId, 1, publicKey)),
    }).toEqual({
      view: 'ae1ff4ddc6569a79b8d25079ea33f908b469dfd2623f6f3b247c83762c43b62d',
      public: '83d04be1b6088ca25c10e7c2ff9638003f226f46112d2e18ce23823db465baef',
      content: '211ef9c76cf728443119b40baaa5bc584e77590d77d98eb21d1b3144d13d6fb3',
    });
  });

  it('are the same for reading whether they come from the edit or the view seed', async () => {
    const { publicKey } = await writeSigner(fixed);
    const view = await viewSecret(fixed);
    expect(await contentKey(view, padId, 1, publicKey)).toEqual(await contentKey(fixed, padId, 1, publicKey));
    expect((await deriveKeys(view, padId, 1, publicKey)).signer).toBeNull();
    await expect(writeSigner(view)).rejects.toThrow(WrongSecret);
  });

  it('differ with pad, epoch and public key', async () => {
    const { publicKey } = await writeSigner(fixed);
    const other = publicKey.map((value) => value ^ 1);
    const keys = await Promise.all([
      contentKey(fixed, padId, 1, publicKey),
      contentKey(fixed, padId, 2, publicKey),
      contentKey(fixed, padId.replace('0199', '0198'), 1, publicKey),
      contentKey(fixed, padId, 1, other),
    ]);
    expect(new Set(keys.map(toHex)).size).toBe(4);
  });

  it('refuse the edit seed of another pad', async () => {
    const { publicKey } = await writeSigner(newSecret());
    await expect(deriveKeys(fixed, padId, 1, publicKey)).rejects.toThrow(WrongSecret);
  });
});

describe('sealing', () => {
  it('opens with the same associated data only', async () => {
    const { publicKey } = await writeSigner(fixed);
    const { content } = await deriveKeys(fixed, padId, 1, publicKey);
    const sealed = await seal(content, utf8('Niederschrift'), utf8('hier'));
    expect(await open(content, sealed, utf8('hier'))).toEqual(utf8('Niederschrift'));
    await expect(open(content, sealed, utf8('dort'))).rejects.toThrow(SealBroken);
    await expect(open(content, sealed.subarray(0, 20), utf8('hier'))).rejects.toThrow(SealBroken);
  });
});

describe('Ed25519', () => {
  // RFC 8032, section 7.1, test 2.
  const seed = fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
  const publicKey = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c';
  const signature =
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00';

  it('gives the signature of the standard, with WebCrypto and without', async () => {
    for (const signer of [await signerFromSeed(seed), nobleSigner(seed)]) {
      expect(toHex(signer.publicKey)).toBe(publicKey);
      expect(toHex(await signer.sign(fromHex('72')))).toBe(signature);
    }
    expect(await webSigner(seed)).not.toBeNull();
  });

  it('refuses altered signatures and messages, with WebCrypto and without', async () => {
    for (const verifier of [await verifierFor(fromHex(publicKey)), nobleVerifier(fromHex(publicKey))]) {
      expect(await verifier.verify(fromHex(signature), fromHex('72'))).toBe(true);
      expect(await verifier.verify(fromHex(signature), fromHex('73'))).toBe(false);
      expect(await verifier.verify(fromHex(`00${signature.slice(2)}`), fromHex('72'))).toBe(false);
      expect(await verifier.verify(fromHex('00'), fromHex('72'))).toBe(false);
    }
  });
});

describe('the fragment of a link', () => {
  it('carries token and secret there and back', () => {
    const fragment = { token: 'a'.repeat(43), secret: fixed };
    expect(parseFragment(`#${formatFragment(fragment)}`)).toEqual(fragment);
    const view = { token: null, secret: { right: 'view', seed: fixed.seed } as const };
    expect(parseFragment(formatFragment(view))).toEqual(view);
    expect(parseFragment('')).toEqual({ token: null, secret: null });
  });

  it('says so when it was cut off or altered', () => {
    const whole = formatFragment({ token: null, secret: fixed });
    for (const broken of [whole.slice(0, -1), `${whole}A`, whole.replace('AAEC', 'AA C'), 't=short', 'e=']) {
      expect(() => parseFragment(broken)).toThrow(BrokenLink);
    }
  });

  it('uses canonical base64url', () => {
    expect(fromBase64url(toBase64url(fixed.seed))).toEqual(fixed.seed);
    expect(() => fromBase64url('AB')).toThrow(SyntaxError);
    expect(() => fromBase64url('A+==')).toThrow(SyntaxError);
  });
});
