import { type Bytes, concat, copy } from '../crypto/bytes.js';

/**
 * The payload of an update frame: one or more Yjs updates, each after its length.
 * A list keeps batching exact and cheap; merging updates would cost time that grows with the square.
 */
export function encodeBatch(updates: readonly Uint8Array[]): Bytes {
  const parts: Uint8Array[] = [];
  for (const update of updates) {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, update.length);
    parts.push(length, update);
  }
  return concat(...parts);
}

/** Reads what encodeBatch wrote; throws RangeError on anything else. */
export function decodeBatch(payload: Uint8Array): Bytes[] {
  const updates: Bytes[] = [];
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  let at = 0;
  while (at < payload.length) {
    const length = view.getUint32(at);
    at += 4;
    if (length > payload.length - at) {
      throw new RangeError('update cut off');
    }
    updates.push(copy(payload.subarray(at, at + length)));
    at += length;
  }
  return updates;
}
