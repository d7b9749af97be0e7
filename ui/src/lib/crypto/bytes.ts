/** Bytes backed by a plain ArrayBuffer, which is what WebCrypto accepts. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The UTF-8 form of a text. */
export function utf8(text: string): Bytes {
  return new Uint8Array(encoder.encode(text));
}

/** The text of UTF-8 bytes; throws on malformed input. */
export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Joins parts into one array. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A copy that owns its buffer, for views into larger buffers. */
export function copy(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Cryptographically random bytes. */
export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Base64url without padding. */
export function toBase64url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Reads base64url without padding; anything else, even a stray bit at the end, throws. */
export function fromBase64url(value: string): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(value)) {
    throw new SyntaxError('not base64url');
  }
  const bytes = fromBase64(value.replaceAll('-', '+').replaceAll('_', '/'));
  if (toBase64url(bytes) !== value) {
    throw new SyntaxError('not canonical base64url');
  }
  return bytes;
}

/** Standard base64, as JSON answers of the server carry bytes. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  const step = 0x8000;
  for (let at = 0; at < bytes.length; at += step) {
    binary += String.fromCharCode(...bytes.subarray(at, at + step));
  }
  return btoa(binary);
}

export function fromBase64(value: string): Bytes {
  const binary = atob(value);
  const out = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) {
    out[at] = binary.charCodeAt(at);
  }
  return out;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (value) => value.toString(16).padStart(2, '0')).join('');
}

export function fromHex(value: string): Bytes {
  if (value.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(value)) {
    throw new SyntaxError('not hexadecimal');
  }
  const out = new Uint8Array(value.length / 2);
  for (let at = 0; at < out.length; at++) {
    out[at] = Number.parseInt(value.slice(at * 2, at * 2 + 2), 16);
  }
  return out;
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The 16 bytes of a UUID in its canonical text form. */
export function uuidBytes(id: string): Bytes {
  if (!uuidForm.test(id)) {
    throw new SyntaxError('not a UUID');
  }
  return fromHex(id.replaceAll('-', ''));
}
