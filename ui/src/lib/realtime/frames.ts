/** The wire of docs/protocol.md: text objects and binary frames. */

export const version = 1;
export const headSize = 28;

/** Topic kinds that have binary frames, by their number on the wire. */
const binaryTopics: Readonly<Record<number, string>> = { 1: 'pad' };

export type Incoming =
  | { readonly type: 'hello'; readonly connection: string; readonly heartbeat: number }
  | { readonly type: 'ok'; readonly re: number; readonly value: unknown }
  | { readonly type: 'error'; readonly re: number; readonly error: unknown }
  | {
      readonly type: 'event';
      readonly name: string;
      readonly topic: string;
      readonly seq: number;
      readonly data: unknown;
    };

export interface BinaryFrame {
  readonly topic: string;
  readonly kind: number;
  /** The server's seq, 0 when the frame is not stored. */
  readonly seq: number;
  readonly payload: Uint8Array<ArrayBuffer>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Reads a text message: one or more objects, separated by line feeds. Unknown objects are skipped. */
export function readText(text: string): Incoming[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => readObject(parse(line)) ?? []);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function readObject(value: unknown): Incoming | null {
  if (!isRecord(value)) return null;
  if (isRecord(value.hello)) {
    const { connection, heartbeat } = value.hello;
    return { type: 'hello', connection: String(connection ?? ''), heartbeat: Number(heartbeat) || 25 };
  }
  if (typeof value.re === 'number') {
    return 'error' in value
      ? { type: 'error', re: value.re, error: value.error }
      : { type: 'ok', re: value.re, value: value.ok };
  }
  if (typeof value.ev !== 'string' || typeof value.topic !== 'string') return null;
  const seq = typeof value.seq === 'number' ? value.seq : 0;
  return { type: 'event', name: value.ev, topic: value.topic, seq, data: value.data };
}

/** Reads a binary message; null when it is not one of ours. */
export function readBinary(buffer: ArrayBuffer): BinaryFrame | null {
  if (buffer.byteLength < headSize) return null;
  const view = new DataView(buffer);
  const topicKind = binaryTopics[view.getUint8(1)];
  if (view.getUint8(0) !== version || topicKind === undefined) return null;
  return {
    topic: `${topicKind}:${readUuid(new Uint8Array(buffer, 4, 16))}`,
    kind: view.getUint8(2),
    seq: Number(view.getBigUint64(20)),
    payload: new Uint8Array(buffer.slice(headSize)),
  };
}

/** Builds a binary question about topic, such as pad:<uuid>. */
export function writeBinary(
  topic: string,
  kind: number,
  question: number,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const [name, uuid = ''] = topic.split(':');
  const topicKind = Object.entries(binaryTopics).find(([, known]) => known === name)?.[0];
  if (topicKind === undefined) throw new Error(`topic ${topic} has no binary frames`);
  const frame = new Uint8Array(headSize + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, version);
  view.setUint8(1, Number(topicKind));
  view.setUint8(2, kind);
  frame.set(writeUuid(uuid), 4);
  view.setBigUint64(20, BigInt(question));
  frame.set(payload, headSize);
  return frame;
}

function readUuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function writeUuid(text: string): Uint8Array {
  const hex = text.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new Error(`${text} is not a UUID`);
  return Uint8Array.from({ length: 16 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));
}
