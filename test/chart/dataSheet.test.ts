import { describe, expect, it } from 'vitest';
import { dataSheet, type SheetRow } from '../../src/chart/dataSheet.js';
import { textColumns } from '../../src/chart/picture.js';

const sides = { rows: 28, columns: 20 };
const words = { title: 'digits', about: 'as they are' };
const image = new Uint8Array(560).fill(255);

const rowsOf = (classes: number, images: number, paired: boolean): SheetRow[] =>
  Array.from({ length: classes }, (_, label) => ({
    label,
    count: 6000 + label,
    images: Array.from({ length: images }, () => ({ before: image, ...(paired && { after: image }) })),
  }));

describe('a sheet of images by class', () => {
  it('has a row for each class, of two images above each other where one shows what became of the other', () => {
    const [one, two, three] = [1, 2, 3].map((classes) => dataSheet(rowsOf(classes, 4, false), words, sides).rows);
    expect(three! - two!).toBe(two! - one!);
    const paired = [1, 2].map((classes) => dataSheet(rowsOf(classes, 4, true), words, sides).rows);
    expect(paired[1]! - paired[0]!).toBeGreaterThan(two! - one! + 28);
  });

  it('is wide enough for its images, and for its words where there are none', () => {
    const [three, five] = [3, 5].map((images) => dataSheet(rowsOf(2, images, false), words, sides).columns);
    expect(five! - three!).toBe(2 * (20 * 3 + 10));
    const title = 'a title that is longer than the row of images below it can be';
    const { columns, rows } = dataSheet(rowsOf(1, 0, false), { ...words, title }, sides);
    expect(columns).toBeGreaterThanOrEqual(textColumns(title, 2));
    expect(rows).toBeGreaterThan(0);
  });
});
