import type { Output } from '../../lib/api/operations.js';
import { fromBase64, text } from '../../lib/crypto/bytes.js';
import type { PadSecret } from '../../lib/crypto/padkeys.js';
import { deriveKeys } from '../../lib/crypto/padkeys.js';
import { PlainSealer, type Sealer, SecretSealer } from '../../lib/padsync/sealer.js';
import { secretOf } from './keyring.js';

/** A pad without its content, as the server tells it. */
export type Pad = Output<'GET /pads/{pad}'>;

/** The sealer for a pad. Confidential pads need their secret. */
export async function sealerFor(pad: Pad, secret: PadSecret | null): Promise<Sealer | null> {
  const canWrite = pad.right !== 'read';
  if (pad.class === 'organisation') return new PlainSealer({ epoch: pad.epoch, canWrite });
  if (secret === null || pad.public_key === undefined) return null;
  const keys = await deriveKeys(secret, pad.id, pad.epoch, fromBase64(pad.public_key));
  return new SecretSealer({ pad: pad.id, epoch: pad.epoch, keys, canWrite });
}

/** The title for people; null when it is sealed and this browser has no key. Empty means untitled. */
export async function titleOf(pad: Pad): Promise<string | null> {
  if (pad.class === 'organisation') return pad.title;
  const secret = await secretOf(pad.id).catch(() => null);
  if (secret === null) return null;
  if (pad.title_frame === undefined) return '';
  try {
    const sealer = await sealerFor(pad, secret);
    return sealer === null ? null : text((await sealer.open('title', fromBase64(pad.title_frame))).payload);
  } catch {
    return null;
  }
}
