import { base } from '../../../lib/api/index.js';
import { list, t } from '../../../lib/i18n/index.svelte.js';
import type { Message } from '../wire.js';

/** A file as messages carry it. */
export type FileFacts = NonNullable<Message['files']>[number];

/** What the browser can tell about a file before it is sent; it only reserves space. */
export interface Measured {
  readonly width?: number;
  readonly height?: number;
  readonly duration_ms?: number;
  readonly waveform?: number[];
}

export const addressOf = (id: string): string => `${base}/files/${id}`;
export const saveAddressOf = (id: string): string => `${addressOf(id)}?download=1`;
export const thumbOf = (id: string, width: 400 | 1200 = 400): string =>
  `${addressOf(id)}/thumb?width=${width}`;

const patience = 3_000;

/** What kind of file the browser takes it for. The server looks again. */
export function guessKind(type: string): FileFacts['kind'] {
  if (/^image\/(jpeg|png|gif|webp)$/.test(type)) return 'image';
  if (type.startsWith('video/')) return 'video';
  if (type.startsWith('audio/')) return 'audio';
  return type === 'application/pdf' ? 'pdf' : 'other';
}

/** Measures a picture, a film or a sound by loading its beginning. */
export async function measure(url: string, kind: FileFacts['kind']): Promise<Measured> {
  const measured =
    kind === 'image' ? pictureSize(url) : kind === 'video' || kind === 'audio' ? mediaSize(url, kind) : null;
  if (!measured) return {};
  const late = new Promise<Measured>((resolve) => setTimeout(() => resolve({}), patience));
  return Promise.race([measured.catch(() => ({})), late]);
}

async function pictureSize(url: string): Promise<Measured> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return { width: image.naturalWidth, height: image.naturalHeight };
}

function mediaSize(url: string, kind: 'video' | 'audio'): Promise<Measured> {
  const media = document.createElement(kind);
  return new Promise((resolve, reject) => {
    media.preload = 'metadata';
    media.onloadedmetadata = () => {
      const ms = Math.round(media.duration * 1000);
      const size =
        media instanceof HTMLVideoElement ? { width: media.videoWidth, height: media.videoHeight } : {};
      resolve({ ...size, ...(Number.isFinite(ms) && ms > 0 ? { duration_ms: ms } : {}) });
    };
    media.onerror = () => reject(new Error('not readable'));
    media.src = url;
  });
}

/** Minutes and seconds of a length in milliseconds. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** What files say to somebody who does not see them. */
export function filesSentence(files: readonly FileFacts[]): string {
  const [only] = files;
  if (files.length === 1 && only?.kind === 'voice')
    return t('files.voiceSentence', { duration: clock(only.duration_ms ?? 0) });
  return t('files.sentence', { count: files.length, names: list(files.map((file) => file.name)) });
}
