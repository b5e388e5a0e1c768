import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { digitImage, digits } from '../../src/data/digits.js';
import { FORMS } from '../../src/data/strokes.js';

const hash = (...parts: Uint8Array[]) => {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('hex');
};
const { train, test } = digits({ seed: 3, train: 3000, test: 500 });

describe('generated digits', () => {
  it('are the same bytes as ever, in every engine', () => {
    const { train: golden } = digits({ seed: 1, train: 200, test: 1 });
    expect(hash(golden.images, golden.labels)).toBe('3d9aa30dbfa36a9da4f2327beb3573d215d6041f757c987c330d4e67c7827223');
  });

  it('can be made one by one, in any order', () => {
    for (const index of [2999, 0, 1234]) {
      const { pixels, label } = digitImage(3, index);
      expect(hash(pixels)).toBe(hash(train.images.subarray(index * 784, (index + 1) * 784)));
      expect(label).toBe(train.labels[index]);
    }
  });

  it('show every digit equally often, and not in a fixed order', () => {
    for (const { labels, count } of [train, test]) {
      const counts = new Array<number>(10).fill(0);
      for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
      expect(counts).toEqual(new Array<number>(10).fill(count / 10));
    }
    const orders = new Set(Array.from({ length: 50 }, (_, i) => train.labels.slice(10 * i, 10 * i + 10).join('')));
    expect(orders.size).toBeGreaterThan(20);
  });

  it('are all different: no image twice, none of the test set in the training set, none under another seed', () => {
    const other = digits({ seed: 4, train: 500, test: 1 }).train;
    const seen = new Set<string>();
    for (const { images, count } of [train, test, other]) {
      for (let i = 0; i < count; i++) seen.add(hash(images.subarray(i * 784, (i + 1) * 784)));
    }
    expect(seen.size).toBe(4000);
  });

  it('have the mean and standard deviation of MNIST, 0.1307 and 0.3081, to within 0.01', () => {
    let [sum, squares] = [0, 0];
    for (const value of train.images) {
      sum += value / 255;
      squares += (value / 255) ** 2;
    }
    const mean = sum / train.images.length;
    expect(Math.abs(mean - 0.1307)).toBeLessThan(0.01);
    expect(Math.abs(Math.sqrt(squares / train.images.length - mean * mean) - 0.3081)).toBeLessThan(0.01);
  });

  it('have their centre of mass at (14, 14) to half a pixel, but for the few too lopsided for that', () => {
    let off = 0;
    for (let i = 0; i < 1000; i++) {
      const pixels = train.images.subarray(i * 784, (i + 1) * 784);
      let [mass, y, x] = [0, 0, 0];
      pixels.forEach((value, at) => {
        mass += value;
        y += value * Math.floor(at / 28);
        x += value * (at % 28);
      });
      const distance = Math.max(Math.abs(y / mass - 14), Math.abs(x / mass - 14));
      expect(distance).toBeLessThan(3);
      if (distance > 0.5) off++;
    }
    expect(off).toBeLessThan(10);
  });

  it('of one digit resemble each other more than those of another', () => {
    // The nearest mean image is the right one for most, or the forms are wrong.
    const means = Array.from({ length: 10 }, (_, digit) => {
      const sums = new Float64Array(784);
      train.labels.forEach((label, i) => {
        if (label !== digit) return;
        for (let at = 0; at < 784; at++) sums[at] = (sums[at] ?? 0) + (train.images[i * 784 + at] ?? 0);
      });
      return sums.map((sum) => sum / 300);
    });
    let right = 0;
    test.labels.forEach((label, i) => {
      const pixels = test.images.subarray(i * 784, (i + 1) * 784);
      const distances = means.map((mean) => pixels.reduce((sum, value, at) => sum + (value - (mean[at] ?? 0)) ** 2, 0));
      if (distances.indexOf(Math.min(...distances)) === label) right++;
    });
    expect(right / test.count).toBeGreaterThan(0.65);
  });

  it('come in any number but none', () => {
    expect(digits({ train: 7, test: 1 }).train.count).toBe(7);
    for (const count of [0, -1, 1.5, Number.NaN]) expect(() => digits({ train: count })).toThrow(EngineError);
  });
});

describe('the forms', () => {
  it('are there for each of the ten digits, in several ways, inside their field', () => {
    expect(FORMS.length).toBe(10);
    for (const forms of FORMS) {
      expect(forms.length).toBeGreaterThanOrEqual(4);
      for (const { share, strokes } of forms) {
        expect(share).toBeGreaterThan(0);
        for (const { x, y, corner } of strokes) {
          expect(x.length).toBeGreaterThan(1);
          expect([y.length, corner.length]).toEqual([x.length, x.length]);
          expect(Math.min(...y)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...y)).toBeLessThanOrEqual(100);
          expect(Math.min(...x)).toBeGreaterThanOrEqual(-10);
          expect(Math.max(...x)).toBeLessThanOrEqual(90);
        }
      }
    }
  });
});
