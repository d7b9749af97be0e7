import { call, FaultError } from '../../lib/api/index.js';
import type { Room } from './wire.js';

/** What is kept of a picture, in pixels. */
const side = 256;

export const pictureAddress = (room: string, picture: string): string =>
  `/api/v1/chat/rooms/${room}/picture/${picture}`;

/** Gives a room a picture. A photo goes out small and square, without anything that it says about itself. */
export async function setPicture(room: string, file: Blob): Promise<Room> {
  const picture = await base64Of(await square(file));
  return call('PUT /chat/rooms/{room}/picture', { path: { room }, body: { picture } });
}

export const removePicture = (room: string): Promise<Room> =>
  call('DELETE /chat/rooms/{room}/picture', { path: { room } });

/** The middle of a picture as a small square. */
async function square(file: Blob): Promise<Blob> {
  const shown = await createImageBitmap(file).catch(() => null);
  if (!shown) throw new FaultError('chat.room_picture_invalid', 400);
  const edge = Math.min(shown.width, shown.height);
  const canvas = new OffscreenCanvas(side, side);
  const pen = canvas.getContext('2d');
  if (!pen) throw new FaultError('chat.room_picture_invalid', 400);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(shown, (shown.width - edge) / 2, (shown.height - edge) / 2, edge, edge, 0, 0, side, side);
  shown.close();
  return canvas.convertToBlob({ type: 'image/png' });
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
