import type { Page } from 'playwright-core';

/** A photo as a phone takes it: a JPEG that says where it was taken. */
export async function photoWithPlace(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 320;
    canvas.height = 240;
    const pen = canvas.getContext('2d');
    if (!pen) throw new Error('no canvas');
    pen.fillStyle = '#7a7f87';
    pen.fillRect(0, 0, 320, 240);
    pen.fillStyle = '#26292e';
    pen.beginPath();
    pen.ellipse(160, 130, 70, 38, 0, 0, Math.PI * 2);
    pen.fill();
    return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
  });
  const plain = Buffer.from(base64, 'base64');
  return Buffer.concat([plain.subarray(0, 2), exifPlace(), plain.subarray(2)]);
}

/** The segment of a JPEG with a position: 50° 7' north. */
function exifPlace(): Buffer {
  const tiff = Buffer.alloc(80);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(8, 4);
  // The main directory has one entry: where the directory of positions is.
  tiff.writeUInt16LE(1, 8);
  entry(tiff, 10, 0x8825, 4, 1, 26);
  // Two entries: north, and the degrees.
  tiff.writeUInt16LE(2, 26);
  entry(tiff, 28, 1, 2, 2, 0x4e);
  entry(tiff, 40, 2, 5, 3, 56);
  for (const [at, value] of [50, 1, 7, 1, 0, 1].entries()) tiff.writeUInt32LE(value, 56 + at * 4);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

function entry(into: Buffer, at: number, tag: number, type: number, count: number, value: number): void {
  into.writeUInt16LE(tag, at);
  into.writeUInt16LE(type, at + 2);
  into.writeUInt32LE(count, at + 4);
  into.writeUInt32LE(value, at + 8);
}
