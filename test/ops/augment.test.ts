import { describe, expect, it } from 'vitest';
import { imageWord, signed, wholeBelow } from '../../src/core/random.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { augment } from '../../src/ops/augment.js';
import type { AugmentOptions } from '../../src/ops/augmentation.js';

interface Asked {
  readonly indices?: readonly number[];
  readonly step?: number;
  readonly perEpoch?: number;
  readonly side?: number;
  readonly seed?: number;
  readonly pixels?: (n: number, row: number, column: number) => number;
}

/** Images of one channel, augmented: one list of pixels for each. */
function augmented(
  options: AugmentOptions,
  { indices = [0], step = 0, perEpoch = 10, side = 8, seed = 1, pixels = () => 1 }: Asked = {},
): number[][] {
  const graph = new Graph();
  const x = graph.state('x', [indices.length, 1, side, side]);
  const images = graph.state('indices', [indices.length], { dtype: 'u32' });
  const counter = graph.state('step', [1], { dtype: 'u32' });
  const formulas = new Formulas(graph);
  const size = side * side;
  const values = Array.from({ length: indices.length * size }, (_, at) =>
    pixels(Math.floor(at / size), Math.floor((at % size) / side), at % side),
  );
  formulas.set(x, values);
  formulas.set(images, indices);
  formulas.set(counter, [step]);
  const { data } = formulas.read(augment(x, images, counter, { ...options, seed, stream: 5, perEpoch, fill: 0 }));
  return indices.map((_, n) => Array.from(data.subarray(n * size, (n + 1) * size)));
}

const everything: AugmentOptions = {
  shift: 2,
  rotate: 20,
  scale: [0.8, 1.25],
  shear: 10,
  elastic: { most: 1 },
  erase: { chance: 0.5 },
  noise: 0.3,
};
const hill = (_: number, row: number, column: number): number => row * 10 + column;

describe('augment', () => {
  it('does nothing where nothing is asked for', () => {
    expect(augmented({}, { pixels: hill })).toEqual(augmented({ rotate: 0, shift: 0 }, { pixels: hill }));
    expect(augmented({}, { pixels: hill })[0]?.slice(8, 11)).toEqual([10, 11, 12]);
  });

  it('gives an image the same in an epoch, wherever it is in a batch of any size', () => {
    const image = () => (_: number, row: number, column: number) => hill(0, row, column);
    const [alone] = augmented(everything, { indices: [17], step: 25, perEpoch: 10, pixels: image() });
    const [, , third] = augmented(everything, { indices: [3, 9, 17], step: 5, perEpoch: 2, pixels: image() });
    expect(third).toEqual(alone);
    // Another epoch, image or seed is another chance.
    for (const other of [{ step: 30 }, { indices: [18] }, { seed: 2 }]) {
      const asked = { indices: [17], step: 25, perEpoch: 10, pixels: image(), ...other };
      expect(augmented(everything, asked)[0]).not.toEqual(alone);
    }
  });

  it('shifts whole pixels, each number of them about as often', () => {
    const indices = Array.from({ length: 900 }, (_, i) => i);
    const dot = (_: number, row: number, column: number) => (row === 4 && column === 4 ? 1 : 0);
    const counts = new Map<number, number>();
    for (const image of augmented({ shift: 1 }, { indices, pixels: dot })) {
      const at = image.indexOf(1);
      expect(image.reduce((a, b) => a + b)).toBe(1);
      counts.set(at, (counts.get(at) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([27, 28, 29, 35, 36, 37, 43, 44, 45]);
    // Five standard errors of 900 · 1/9.
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(5 * Math.sqrt((100 * 8) / 9));
  });

  it('turns and scales a ramp about its middle as linear maps do', () => {
    // Between pixels a ramp is read exactly, so far from the border its values are the coordinates.
    const place = { seed: 1, stream: 5, epoch: 0, image: 0 };
    const middle = 3.5;
    const t = signed(imageWord(place, 2)) * Math.tan(Math.PI / 18);
    const angle = 2 * Math.atan(t);
    const [turned = []] = augmented({ rotate: 20 }, { pixels: (_, row) => row });
    const [row, column] = [4, 2];
    const wanted = middle + Math.cos(angle) * (row - middle) - Math.sin(angle) * (column - middle);
    expect(turned[row * 8 + column]).toBeCloseTo(wanted, 12);

    const [half = []] = augmented({ scale: [2, 2] }, { pixels: hill });
    expect(half[2 * 8 + 5]).toBeCloseTo(10 * (middle - 0.75) + middle + 0.75, 12);
  });

  it('displaces no further than asked, and alike at neighbours', () => {
    const [moved = []] = augmented({ elastic: { most: 2, spacing: 7 } }, { side: 28, pixels: (_, row) => row });
    let furthest = 0;
    for (let row = 3; row < 25; row++) {
      for (let column = 3; column < 25; column++) {
        const by = (at: number) => (moved[row * 28 + at] ?? 0) - row;
        furthest = Math.max(furthest, Math.abs(by(column)));
        // Along a row the slope is at most 1.5 · 2·most / spacing.
        if (column > 3) expect(Math.abs(by(column) - by(column - 1))).toBeLessThan(1.5 * (4 / 7));
      }
    }
    expect(furthest).toBeLessThanOrEqual(2);
    expect(furthest).toBeGreaterThan(0.5);
  });

  it('erases one rectangle of the sides asked for, as often as asked for', () => {
    const indices = Array.from({ length: 400 }, (_, i) => i);
    let erased = 0;
    for (const image of augmented({ erase: { chance: 0.5, least: 0.25, most: 0.5 } }, { indices })) {
      const rows = new Set(image.flatMap((value, at) => (value === 0 ? [Math.floor(at / 8)] : [])));
      const columns = new Set(image.flatMap((value, at) => (value === 0 ? [at % 8] : [])));
      const count = image.filter((value) => value === 0).length;
      expect(count).toBe(rows.size * columns.size);
      if (count === 0) continue;
      erased++;
      for (const { size } of [rows, columns]) expect([2, 3, 4]).toContain(size);
    }
    expect(Math.abs(erased - 200)).toBeLessThan(5 * Math.sqrt(100));
  });

  it('adds noise of mean 0 and the deviation asked for', () => {
    const indices = Array.from({ length: 100 }, (_, i) => i);
    const noise = augmented({ noise: 0.5 }, { indices })
      .flat()
      .map((value) => value - 1);
    const mean = noise.reduce((a, b) => a + b) / noise.length;
    const variance = noise.reduce((sum, value) => sum + value ** 2, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan((5 * 0.5) / Math.sqrt(6400));
    expect(Math.abs(variance - 0.25)).toBeLessThan(5 * 0.25 * Math.sqrt(2 / 6400));
  });

  it('draws the same numbers since the first release', () => {
    const place = { seed: 1, stream: 2, epoch: 3, image: 4 };
    expect([0, 1, 2 ** 30].map((draw) => wholeBelow(imageWord(place, draw), 1000))).toEqual([534, 112, 148]);
    expect(wholeBelow(2 ** 32 - 1, 65_536)).toBe(65_535);
    expect([0, 2 ** 31, 2 ** 32 - 1].map(signed)).toEqual([-1, 0, 1 - 2 ** -23]);
  });

  it.each<[AugmentOptions, RegExp]>([
    [{ shift: 8 }, /shift 8; wanted a whole number from 0 to 7/],
    [{ shift: 0.5 }, /shift 0\.5/],
    [{ rotate: NaN }, /rotate NaN; wanted degrees from 0 to 90/],
    [{ scale: [1.1, 0.9] }, /scale 1\.1 to 0\.9/],
    [{ shear: 90 }, /shear 90/],
    [{ elastic: { most: -1 } }, /elastic\.most -1/],
    [{ elastic: { most: 1, spacing: 0 } }, /elastic\.spacing 0/],
    [{ erase: { chance: 2 } }, /erase\.chance 2/],
    [{ erase: { chance: 1, least: 0.5 } }, /erase 0\.5 to 0\.4/],
    [{ noise: Infinity }, /noise Infinity/],
  ])('%j is refused by name', (options, message) => {
    expect(() => augmented(options)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) }),
    );
  });
});
