// An image file as the net sees a drawing. The browser decodes it, here in the Worker.

import { EngineError, frame, inkOf } from '../../src/index.js';

/** The longer side that is looked at: more pixels do not make a digit clearer. */
const MOST = 224;
/** Larger files are not even decoded. */
const MOST_BYTES = 32 * 2 ** 20;

/**
 * 28×28 bytes, framed as the training images are.
 * @throws EngineError 'data' for what is too large, no image, or blank
 */
export async function pixelsOfImage(file: File): Promise<Uint8Array<ArrayBuffer>> {
  const place = 'an image file';
  if (file.size > MOST_BYTES) {
    throw new EngineError('data', { place, given: `${file.size} bytes`, wanted: `at most ${MOST_BYTES}` });
  }
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch (error) {
    throw new EngineError('data', {
      place,
      given: 'a file that no image can be read from',
      wanted: 'an image',
      cause: error,
    });
  }
  const scale = Math.min(1, MOST / Math.max(bitmap.width, bitmap.height));
  const [columns, rows] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  if (rows === undefined || columns === undefined) throw new RangeError('a bitmap without sides');
  const context = new OffscreenCanvas(columns, rows).getContext('2d');
  if (context === null) throw new Error('The browser gives no canvas to read images with.');
  context.drawImage(bitmap, 0, 0, columns, rows);
  bitmap.close();
  const { data } = context.getImageData(0, 0, columns, rows);
  return frame(inkOf(data, rows, columns), rows, columns);
}
