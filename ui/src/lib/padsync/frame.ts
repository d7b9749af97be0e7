import { type Bytes, concat, copy, toHex, utf8, uuidBytes } from '../crypto/bytes.js';
import { signatureLength } from '../crypto/ed25519.js';

/** The wire form of everything a pad stores or sends; docs/pads.md describes it byte by byte. */
export const frameVersion = 1;
export const headerLength = 32;
export const frameIdLength = 16;

export type PadClass = 'organisation' | 'confidential';
/** A local frame is this device's own copy of a document; it is never sent and servers refuse it. */
export type FrameKind = 'update' | 'snapshot' | 'awareness' | 'title' | 'local';

const classCodes = { organisation: 1, confidential: 2 } as const;
const kindCodes = { update: 1, snapshot: 2, awareness: 3, title: 4, local: 5 } as const;

export interface FrameHeader {
  readonly class: PadClass;
  readonly kind: FrameKind;
  readonly epoch: number;
  /** 16 random bytes: the same frame sent twice is stored once. */
  readonly id: Bytes;
  /** For snapshots and local copies the seq of the last update they contain, otherwise 0. */
  readonly covers: number;
}

export interface Frame extends FrameHeader {
  /** What follows the header: plain bytes, or nonce, cipher text and tag. */
  readonly body: Bytes;
  /** Null where the kind is not signed. */
  readonly signature: Bytes | null;
}

/** Thrown for bytes that are no frame of this version. */
export class FrameBroken extends Error {
  override name = 'FrameBroken';
}

/** Only what the server stores in a confidential pad is signed: readers may show their cursor too. */
export function isSigned(header: Pick<FrameHeader, 'class' | 'kind'>): boolean {
  return header.class === 'confidential' && header.kind !== 'awareness' && header.kind !== 'local';
}

export function encodeHeader(header: FrameHeader): Bytes {
  if (header.id.length !== frameIdLength) {
    throw new FrameBroken('a frame id has 16 bytes');
  }
  const out = new Uint8Array(headerLength);
  const view = new DataView(out.buffer);
  out[0] = frameVersion;
  out[1] = classCodes[header.class];
  out[2] = kindCodes[header.kind];
  view.setUint32(4, header.epoch);
  out.set(header.id, 8);
  view.setBigUint64(24, BigInt(header.covers));
  return out;
}

/** The bytes that sealing binds a body to: the pad and the whole header. */
export function associatedData(pad: string, header: FrameHeader): Bytes {
  return concat(utf8('rathaus/pad/v1/seal\0'), uuidBytes(pad), encodeHeader(header));
}

/** The bytes that a signature covers: the pad, the header and the body. */
export function signedBytes(pad: string, header: FrameHeader, body: Bytes): Bytes {
  return concat(utf8('rathaus/pad/v1/frame\0'), uuidBytes(pad), encodeHeader(header), body);
}

export function encodeFrame(frame: Frame): Bytes {
  if (isSigned(frame) !== (frame.signature !== null)) {
    throw new FrameBroken('signature missing or not expected');
  }
  return concat(encodeHeader(frame), frame.body, frame.signature ?? new Uint8Array(0));
}

export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length < headerLength || bytes[0] !== frameVersion || bytes[3] !== 0) {
    throw new FrameBroken('not a frame of this version');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header: FrameHeader = {
    class: nameOf(classCodes, bytes[1]),
    kind: nameOf(kindCodes, bytes[2]),
    epoch: view.getUint32(4),
    id: copy(bytes.subarray(8, 24)),
    covers: readCovers(view),
  };
  if (header.covers !== 0 && header.kind !== 'snapshot' && header.kind !== 'local') {
    throw new FrameBroken('only a snapshot covers something');
  }
  const tail = isSigned(header) ? signatureLength : 0;
  if (bytes.length < headerLength + tail) {
    throw new FrameBroken('signature missing');
  }
  const end = bytes.length - tail;
  return {
    ...header,
    body: copy(bytes.subarray(headerLength, end)),
    signature: tail === 0 ? null : copy(bytes.subarray(end)),
  };
}

/** The id as text, to compare and to store. */
export function idText(id: Uint8Array): string {
  return toHex(id);
}

function readCovers(view: DataView): number {
  const covers = view.getBigUint64(24);
  if (covers > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new FrameBroken('impossible position');
  }
  return Number(covers);
}

function nameOf<Name extends string>(codes: Readonly<Record<Name, number>>, code: number | undefined): Name {
  for (const name of Object.keys(codes) as Name[]) {
    if (codes[name] === code) {
      return name;
    }
  }
  throw new FrameBroken('unknown class or kind');
}
