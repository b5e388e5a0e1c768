// A picture of plain pixels: boxes, grey images and letters, without a browser.

import { GLYPH_ROWS, GLYPHS } from './glyphs.js';

export type Colour = readonly [red: number, green: number, blue: number];

/** A grey image as bytes: 0 is paper, 255 is ink. */
export interface GreyImage {
  /** [rows, columns] */
  readonly pixels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
}

export interface TextStyle {
  readonly colour: Colour;
  /** Pixels of the picture to a pixel of a letter. */
  readonly scale: number;
}

export class Picture {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns, 4]: red, green, blue, alpha. */
  readonly pixels: Uint8Array<ArrayBuffer>;

  constructor(rows: number, columns: number, paper: Colour) {
    this.rows = rows;
    this.columns = columns;
    this.pixels = new Uint8Array(rows * columns * 4);
    this.box(0, 0, rows, columns, paper);
  }

  /** Fills a box; what lies outside the picture is left out. */
  box(top: number, left: number, rows: number, columns: number, [red, green, blue]: Colour): void {
    for (let y = Math.max(0, top); y < Math.min(this.rows, top + rows); y++) {
      for (let x = Math.max(0, left); x < Math.min(this.columns, left + columns); x++) {
        this.pixels.set([red, green, blue, 255], (y * this.columns + x) * 4);
      }
    }
  }

  /** A grey image, each of its pixels a box of `scale` by `scale`, from paper to ink. */
  image(
    top: number,
    left: number,
    { pixels, rows, columns }: GreyImage,
    scale: number,
    paper: Colour,
    ink: Colour,
  ): void {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const share = (pixels[row * columns + column] ?? 0) / 255;
        const mixed = paper.map((value, i) => Math.round(value + share * ((ink[i] ?? 0) - value)));
        const [red = 0, green = 0, blue = 0] = mixed;
        this.box(top + row * scale, left + column * scale, scale, scale, [red, green, blue]);
      }
    }
  }

  /** Letters from the left; one that has no glyph is a gap. */
  text(top: number, left: number, words: string, { colour, scale }: TextStyle): void {
    let x = left;
    for (const letter of words) {
      const glyph = GLYPHS[letter] ?? GLYPHS[' '] ?? [];
      glyph.forEach((line, row) => {
        for (let column = 0; column < line.length; column++) {
          if (line[column] === '#') this.box(top + row * scale, x + column * scale, scale, scale, colour);
        }
      });
      x += ((glyph[0]?.length ?? 0) + 1) * scale;
    }
  }
}

/** Columns that letters take. */
export function textColumns(words: string, scale: number): number {
  const columns = Array.from(words).reduce(
    (sum, letter) => sum + ((GLYPHS[letter] ?? GLYPHS[' '])?.[0]?.length ?? 0) + 1,
    -1,
  );
  return Math.max(0, columns) * scale;
}

/** Rows that letters take. */
export const textRows = (scale: number): number => GLYPH_ROWS * scale;
