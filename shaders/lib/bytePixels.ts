import { f32 } from './number.js';

// Pixels of a set of images, which lie there as bytes, four to a word: read where they are wanted, as
// (byte/255 − mean)/std. A load brings four.

/** Where bytes become pixels. */
export interface BytePixels {
  /** Images in the set. */
  readonly count: number;
  /** What a byte is multiplied by, and what is added then, as WGSL. */
  readonly scale: string;
  readonly shift: string;
}

export const bytePixelsOf = (count: number, { mean, std }: { mean: number; std: number }): BytePixels => ({
  count,
  scale: f32(1 / (255 * std)),
  shift: f32(-mean / std),
});

/**
 * WGSL that names the pixels at these columns of a row whose first word is `word`. Needs `normalised(byte, unit)`.
 * The bytes stay where they are, and a power of two brings them down: software adapters shift one lane at a time.
 */
export function bytePixels(word: string, columns: readonly number[], name: (column: number) => string): string {
  const words = [...new Set(columns.map((column) => Math.floor(column / 4)))];
  return words
    .map((at) => {
      const bytes = columns.filter((column) => Math.floor(column / 4) === at);
      const first = bytes[0] ?? 0;
      const load = `let word_${name(first)} = images[${word} + ${at}u];`;
      const pixels = bytes.map((column) => {
        const byte = column % 4;
        const unit = byte === 0 ? '1.0' : `${2 ** (-8 * byte)}`;
        return `let ${name(column)} = normalised(word_${name(first)} & ${255 * 256 ** byte}u, ${unit});`;
      });
      return [load, ...pixels].join(' ');
    })
    .join('\n    ');
}
