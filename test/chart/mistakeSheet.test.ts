import { describe, expect, it } from 'vitest';
import { GLYPH_ROWS, GLYPHS } from '../../src/chart/glyphs.js';
import { mistakeSheet, SHEET_IMAGES } from '../../src/chart/mistakeSheet.js';
import { Picture, textColumns } from '../../src/chart/picture.js';
import type { Mistake } from '../../src/train/mistakes.js';
import { decodePng, encodePng } from '../../src/node/image.js';
import { tinySet } from '../support/tinyData.js';

const set = tinySet(200, 1);
const mistakesOf = (count: number): Mistake[] =>
  Array.from({ length: count }, (_, index) => ({ index, label: 0, answer: 11, confidence: 0.99, probability: 0.01 }));

/** The red, green and blue of a pixel. */
const colourAt = ({ pixels, columns }: Picture, row: number, column: number): number[] => [
  ...pixels.subarray((row * columns + column) * 4, (row * columns + column) * 4 + 3),
];

describe('a picture', () => {
  it('keeps to its edges, and scales images by whole pixels from paper to ink', () => {
    const picture = new Picture(4, 6, [9, 9, 9]);
    picture.box(-2, 4, 4, 99, [1, 2, 3]);
    picture.image(2, 0, { pixels: Uint8Array.of(0, 255), rows: 1, columns: 2 }, 2, [255, 255, 255], [0, 0, 0]);
    const reds = Array.from({ length: 4 }, (_, row) =>
      Array.from({ length: 6 }, (__, column) => colourAt(picture, row, column)[0]),
    );
    expect(reds).toEqual([
      [9, 9, 9, 9, 1, 1],
      [9, 9, 9, 9, 1, 1],
      [255, 255, 0, 0, 9, 9],
      [255, 255, 0, 0, 9, 9],
    ]);
    expect(picture.pixels.every((value, at) => at % 4 !== 3 || value === 255)).toBe(true);
  });

  it('writes letters as wide as it says', () => {
    const words = 'label→answer, 99.8%';
    const picture = new Picture(30, 400, [255, 255, 255]);
    picture.text(3, 5, words, { colour: [0, 0, 0], scale: 2 });
    const inked = Array.from({ length: 400 }, (_, column) => column).filter((column) =>
      Array.from({ length: 30 }, (__, row) => colourAt(picture, row, column)[0]).includes(0),
    );
    expect([inked[0], inked.at(-1)]).toEqual([5, 5 + textColumns(words, 2) - 1]);
  });

  it('has letters of nine rows that are as wide as each other', () => {
    for (const rows of Object.values(GLYPHS)) {
      expect(rows).toHaveLength(GLYPH_ROWS);
      expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    }
    expect(new Set(Object.values(GLYPHS).map((rows) => rows.join())).size).toBe(Object.keys(GLYPHS).length);
  });
});

describe('the sheet of mistakes', () => {
  it('shows as many images as there are, to a limit, and says how many there are', () => {
    const rows = [0, 1, 10, 11, SHEET_IMAGES, SHEET_IMAGES + 50].map(
      (count) => mistakeSheet(mistakesOf(count), set, count).rows,
    );
    expect(rows[1]).toBe(rows[2]);
    expect(rows[3]! - rows[2]!).toBe((rows[4]! - rows[2]!) / 5);
    expect(rows[5]).toBe(rows[4]);
    expect(rows[0]).toBeLessThan(rows[1]!);
  });

  it('is a PNG that reads back', () => {
    const sheet = mistakeSheet(mistakesOf(12), set, 12);
    const { rows, columns, pixels } = decodePng(encodePng(sheet));
    expect([rows, columns]).toEqual([sheet.rows, sheet.columns]);
    expect(Buffer.compare(pixels, sheet.pixels)).toBe(0);
  });
});
