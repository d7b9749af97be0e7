// @vitest-environment node
import { describe, expect, it } from 'vitest';
import vectors from '../../../../pads/testdata/frames.json';
import { SealBroken, sealWithNonce } from '../crypto/aead.js';
import { type Bytes, copy, fromHex, toHex, utf8 } from '../crypto/bytes.js';
import { deriveKeys, newSecret, type PadSecret, viewSecret, writeSigner } from '../crypto/padkeys.js';
import { decodeBatch, encodeBatch } from './batch.js';
import {
  associatedData,
  decodeFrame,
  encodeFrame,
  FrameBroken,
  type FrameHeader,
  signedBytes,
} from './frame.js';
import { PlainSealer, SecretSealer } from './sealer.js';

const secret: PadSecret = { right: 'edit', seed: fromHex(vectors.edit_seed) };

async function sealer(
  options: { pad?: string; epoch?: number; from?: PadSecret } = {},
): Promise<SecretSealer> {
  const { publicKey } = await writeSigner(secret);
  const pad = options.pad ?? vectors.pad;
  const epoch = options.epoch ?? 1;
  const keys = await deriveKeys(options.from ?? secret, pad, epoch, publicKey);
  return new SecretSealer({ pad, epoch, keys, canWrite: true });
}

describe('frames', () => {
  it('are what the vectors say, byte by byte', async () => {
    const { publicKey } = await writeSigner(secret);
    expect(toHex(publicKey)).toBe(vectors.public_key);
    const keys = await deriveKeys(secret, vectors.pad, 1, publicKey);
    const header: FrameHeader = {
      class: 'confidential',
      kind: 'update',
      epoch: 1,
      id: fromHex(vectors.frame_id),
      covers: 0,
    };
    const associated = associatedData(vectors.pad, header);
    const body = await sealWithNonce(keys.content, fromHex(vectors.nonce), utf8(vectors.payload), associated);
    const signature = (await keys.signer?.sign(signedBytes(vectors.pad, header, body))) ?? null;
    expect(toHex(encodeFrame({ ...header, body, signature }))).toBe(vectors.confidential_update);
    const plain = { ...header, class: 'organisation', body: utf8(vectors.payload), signature: null } as const;
    expect(toHex(encodeFrame(plain))).toBe(vectors.organisation_update);
    const snapshot = { ...plain, kind: 'snapshot', covers: vectors.covers } as const;
    expect(toHex(encodeFrame(snapshot))).toBe(vectors.organisation_snapshot);
  });

  it('read back as they were written', () => {
    const frame = decodeFrame(fromHex(vectors.organisation_snapshot));
    expect(frame).toMatchObject({
      class: 'organisation',
      kind: 'snapshot',
      epoch: 1,
      covers: vectors.covers,
    });
    expect(toHex(encodeFrame(frame))).toBe(vectors.organisation_snapshot);
  });

  it('refuse what is cut off, of another version or unknown', () => {
    const good = fromHex(vectors.confidential_update);
    for (const bad of [
      good.subarray(0, 31),
      good.subarray(0, 60),
      at(good, 0, 2),
      at(good, 1, 9),
      at(good, 2, 9),
      at(good, 3, 1),
      at(good, 31, 1),
    ]) {
      expect(() => decodeFrame(bad)).toThrow(FrameBroken);
    }
  });
});

describe('a sealed frame', () => {
  it('fails when any single byte is altered', async () => {
    const one = await sealer();
    const frame = await one.seal('update', utf8('Beschluss'));
    expect((await one.open('update', frame)).payload).toEqual(utf8('Beschluss'));
    for (let index = 0; index < frame.length; index++) {
      const altered = at(frame, index, (frame[index] ?? 0) ^ 0x01);
      await expect(one.open('update', altered), `byte ${index}`).rejects.toThrow();
    }
  });

  it('fails unsigned kinds when any single byte is altered', async () => {
    const one = await sealer();
    const frame = await one.seal('awareness', utf8('Ada'));
    for (let index = 0; index < frame.length; index++) {
      const altered = at(frame, index, (frame[index] ?? 0) ^ 0x80);
      await expect(one.open('awareness', altered), `byte ${index}`).rejects.toThrow();
    }
  });

  it('opens in its own pad, epoch and kind only', async () => {
    const frame = await (await sealer()).seal('update', utf8('x'));
    await expect(
      (await sealer({ pad: vectors.pad.replace('0199', '0198') })).open('update', frame),
    ).rejects.toThrow(SealBroken);
    await expect((await sealer({ epoch: 2 })).open('update', frame)).rejects.toThrow(FrameBroken);
    await expect((await sealer()).open('snapshot', frame)).rejects.toThrow(FrameBroken);
    const plain = new PlainSealer({ epoch: 1, canWrite: true });
    await expect(plain.open('update', frame)).rejects.toThrow(FrameBroken);
    await expect((await sealer()).open('update', await plain.seal('update', utf8('x')))).rejects.toThrow(
      FrameBroken,
    );
  });

  it('cannot be written from a view link, but a cursor can', async () => {
    const view = await sealer({ from: await viewSecret(secret) });
    expect(view.canWrite).toBe(false);
    await expect(view.seal('update', utf8('x'))).rejects.toThrow(SealBroken);
    const cursor = await view.seal('awareness', utf8('cursor'));
    expect((await (await sealer()).open('awareness', cursor)).payload).toEqual(utf8('cursor'));
  });

  it('of a forger with the content key but another write key is refused', async () => {
    const forger = await writeSigner(newSecret());
    const one = await sealer();
    const frame = decodeFrame(await one.seal('update', utf8('x')));
    const signature = await forger.sign(signedBytes(vectors.pad, frame, frame.body));
    await expect(one.open('update', encodeFrame({ ...frame, signature }))).rejects.toThrow('wrong signature');
  });
});

describe('a batch', () => {
  it('carries updates there and back', () => {
    const updates = [utf8('a'), utf8(''), utf8('ccc')];
    expect(decodeBatch(encodeBatch(updates))).toEqual(updates);
    expect(() => decodeBatch(encodeBatch(updates).subarray(0, -1))).toThrow(RangeError);
    expect(() => decodeBatch(utf8('xy'))).toThrow(RangeError);
  });
});

function at(bytes: Uint8Array, index: number, value: number): Bytes {
  const out = copy(bytes);
  out[index] = value;
  return out;
}
