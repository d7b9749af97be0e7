import { open, SealBroken, seal } from '../crypto/aead.js';
import { type Bytes, random } from '../crypto/bytes.js';
import type { PadKeys } from '../crypto/padkeys.js';
import {
  associatedData,
  decodeFrame,
  encodeFrame,
  type Frame,
  FrameBroken,
  type FrameHeader,
  type FrameKind,
  frameIdLength,
  isSigned,
  type PadClass,
  signedBytes,
} from './frame.js';

/** A frame that was checked and opened. */
export interface OpenedFrame extends FrameHeader {
  readonly payload: Bytes;
}

/** Turns payloads into frames of one pad and back. */
export interface Sealer {
  readonly class: PadClass;
  /** False where frames that the server stores cannot be made. */
  readonly canWrite: boolean;
  seal(kind: FrameKind, payload: Bytes, covers?: number): Promise<Bytes>;
  /** Opens a frame of the expected kind; rejects with FrameBroken or SealBroken. */
  open(kind: FrameKind, frame: Uint8Array): Promise<OpenedFrame>;
}

/** Frames of an organisation pad carry their payload as it is. */
export class PlainSealer implements Sealer {
  readonly class = 'organisation';
  readonly canWrite: boolean;
  readonly #epoch: number;

  constructor(options: { epoch: number; canWrite: boolean }) {
    this.canWrite = options.canWrite;
    this.#epoch = options.epoch;
  }

  async seal(kind: FrameKind, payload: Bytes, covers = 0): Promise<Bytes> {
    const header = newHeader(this.class, kind, this.#epoch, covers);
    return encodeFrame({ ...header, body: payload, signature: null });
  }

  async open(kind: FrameKind, bytes: Uint8Array): Promise<OpenedFrame> {
    const { body, signature: _, ...header } = expect(decodeFrame(bytes), this.class, kind, this.#epoch);
    return { ...header, payload: body };
  }
}

/** Frames of a confidential pad are sealed, and signed where the server stores them. */
export class SecretSealer implements Sealer {
  readonly class = 'confidential';
  readonly canWrite: boolean;
  readonly #pad: string;
  readonly #epoch: number;
  readonly #keys: PadKeys;

  constructor(options: { pad: string; epoch: number; keys: PadKeys; canWrite: boolean }) {
    this.#pad = options.pad;
    this.#epoch = options.epoch;
    this.#keys = options.keys;
    this.canWrite = options.canWrite && options.keys.signer !== null;
  }

  async seal(kind: FrameKind, payload: Bytes, covers = 0): Promise<Bytes> {
    const header = newHeader(this.class, kind, this.#epoch, covers);
    const body = await seal(this.#keys.content, payload, associatedData(this.#pad, header));
    return encodeFrame({ ...header, body, signature: await this.#sign(header, body) });
  }

  async open(kind: FrameKind, bytes: Uint8Array): Promise<OpenedFrame> {
    const { body, signature, ...header } = expect(decodeFrame(bytes), this.class, kind, this.#epoch);
    if (signature !== null) {
      const good = await this.#keys.verifier.verify(signature, signedBytes(this.#pad, header, body));
      if (!good) {
        throw new SealBroken('wrong signature');
      }
    }
    return { ...header, payload: await open(this.#keys.content, body, associatedData(this.#pad, header)) };
  }

  async #sign(header: FrameHeader, body: Bytes): Promise<Bytes | null> {
    if (!isSigned(header)) {
      return null;
    }
    if (this.#keys.signer === null) {
      throw new SealBroken('no write key');
    }
    return this.#keys.signer.sign(signedBytes(this.#pad, header, body));
  }
}

function newHeader(padClass: PadClass, kind: FrameKind, epoch: number, covers: number): FrameHeader {
  return { class: padClass, kind, epoch, id: random(frameIdLength), covers };
}

function expect(frame: Frame, padClass: PadClass, kind: FrameKind, epoch: number): Frame {
  if (frame.class !== padClass || frame.kind !== kind || frame.epoch !== epoch) {
    throw new FrameBroken('not the frame that was expected');
  }
  return frame;
}
