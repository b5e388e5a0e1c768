import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { FRAME, frame } from '../../src/data/frame.js';
import { inkOf } from '../../src/data/ink.js';

/** A canvas with a hook-shaped stroke: lopsided, so that its centre of mass is not that of its box. */
function hook(side: number, at: readonly [number, number], size: number): Float32Array {
  const ink = new Float32Array(side * side);
  const fill = (top: number, left: number, height: number, width: number) => {
    for (let y = 0; y < height; y++) {
      ink.fill(1, (at[0] + top + y) * side + at[1] + left, (at[0] + top + y) * side + at[1] + left + width);
    }
  };
  const pen = Math.max(1, size >> 3);
  fill(0, 0, pen, size >> 1);
  fill(0, (size >> 1) - pen, size, pen);
  return ink;
}

function measure(pixels: Uint8Array) {
  let [mass, y, x, top, left, bottom, right] = [0, 0, 0, FRAME, FRAME, -1, -1];
  pixels.forEach((value, at) => {
    if (value === 0) return;
    const [row, column] = [Math.floor(at / FRAME), at % FRAME];
    mass += value;
    y += value * row;
    x += value * column;
    [top, left] = [Math.min(top, row), Math.min(left, column)];
    [bottom, right] = [Math.max(bottom, row), Math.max(right, column)];
  });
  return { y: y / mass, x: x / mass, height: bottom - top + 1, width: right - left + 1 };
}

describe('a framed image', () => {
  const sizes = [8, 20, 33, 64, 200];

  it('does not depend on where it was drawn', () => {
    for (const size of sizes) {
      const side = size + 40;
      const here = frame(hook(side, [3, 5], size), side, side);
      for (const at of [
        [0, 0],
        [40, 17],
        [21, 40],
      ] as const) {
        expect(frame(hook(side, at, size), side, side)).toEqual(here);
      }
    }
  });

  it('has its centre of mass within half a pixel of (14, 14)', () => {
    for (const size of sizes) {
      const { y, x } = measure(frame(hook(size + 9, [4, 2], size), size + 9, size + 9));
      expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.5);
      expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.5);
    }
  });

  it('fills 20 pixels on its longer side and keeps its aspect on the other', () => {
    for (const size of sizes) {
      const { height, width } = measure(frame(hook(size + 9, [4, 2], size), size + 9, size + 9));
      expect(height).toBe(20);
      expect(Math.abs(width - 10)).toBeLessThanOrEqual(1);
    }
  });

  it('looks the same from a large canvas and from a small one', () => {
    const [small, large] = [40, 160].map((size) => frame(hook(size, [0, 0], size), size, size));
    const difference = small?.reduce((sum, value, at) => sum + Math.abs(value - (large?.[at] ?? 0)), 0) ?? Infinity;
    expect(difference / (FRAME * FRAME)).toBeLessThan(6);
  });

  it('has its darkest ink at 255, however faint the pen', () => {
    const faint = hook(40, [0, 0], 40).map((value) => value * 0.3);
    expect(Math.max(...frame(faint, 40, 40))).toBe(255);
  });

  it('stays whole when it is as lopsided as can be', () => {
    const ink = new Float32Array(40 * 40);
    for (let y = 0; y < 40; y++) ink.fill(1, y * 40, y * 40 + 2);
    for (let y = 0; y < 10; y++) ink.fill(1, y * 40, y * 40 + 10);
    ink.fill(1, 39 * 40, 40 * 40);
    const { height, width } = measure(frame(ink, 40, 40));
    expect([height, width]).toEqual([20, 20]);
  });

  it('may be a single point', () => {
    const ink = new Float32Array(100);
    ink[57] = 1;
    expect(measure(frame(ink, 10, 10))).toMatchObject({ height: 20, width: 20 });
  });

  it('of a blank image does not exist', () => {
    expect(() => frame(new Float32Array(100), 10, 10)).toThrow(EngineError);
    expect(() => frame(new Float32Array(100), 10, 10)).toThrow(/blank image of 10×10/);
  });
});

describe('ink', () => {
  const side = 50;
  const drawn = hook(side, [8, 11], 32);
  const grey = Uint8Array.from(drawn, (value) => 230 - 190 * value);
  const rgba = (colour: (ink: number) => readonly [number, number, number, number]) =>
    Uint8ClampedArray.from(Array.from(drawn).flatMap((value) => colour(value)));
  const framed = frame(drawn, side, side);

  it('does not depend on polarity', () => {
    const negative = grey.map((value) => 255 - value);
    expect(inkOf(negative, side, side)).toEqual(inkOf(grey, side, side));
    expect(inkOf(grey, side, side)).toEqual(drawn);
  });

  it('is the same from grey, colour and transparency', () => {
    const ways = [
      rgba((ink) => (ink > 0 ? [20, 40, 160, 255] : [250, 245, 220, 255])), // blue on cream
      rgba((ink) => (ink > 0 ? [255, 230, 90, 255] : [10, 30, 20, 255])), // chalk on a board
      rgba((ink) => [0, 0, 0, 255 * ink]), // black on nothing
      rgba((ink) => [255, 255, 255, 255 * ink]), // white on nothing
    ];
    for (const pixels of ways) expect(frame(inkOf(pixels, side, side), side, side)).toEqual(framed);
    const withAlpha = Uint8Array.from(Array.from(grey).flatMap((value) => [value, 255]));
    expect(inkOf(withAlpha, side, side)).toEqual(drawn);
  });

  it('leaves out the grain of the paper', () => {
    const grainy = grey.map((value, at) => value + ((at * 7919) % 13) - 6);
    const ink = inkOf(grainy, side, side);
    expect(Math.max(...ink.filter((_, at) => drawn[at] === 0))).toBe(0);
    expect(Math.min(...ink.filter((_, at) => drawn[at] === 1))).toBeGreaterThan(0.9);
  });

  it('may touch the border', () => {
    const across = new Uint8Array(side * side).fill(255);
    for (let y = 0; y < side; y++) across.fill(0, y * side + 20, y * side + 24);
    expect(inkOf(across, side, side).reduce((sum, value) => sum + value, 0)).toBe(4 * side);
  });

  it('of a blank image does not exist', () => {
    for (const pixels of [new Uint8Array(2500).fill(255), new Uint8Array(2500), new Uint8Array(10_000)]) {
      expect(() => inkOf(pixels, side, side)).toThrow(/blank image/);
    }
  });

  it('needs as many bytes as pixels, or a small multiple', () => {
    expect(() => inkOf(new Uint8Array(2501), side, side)).toThrow(/2501 bytes for 50×50 pixels/);
  });
});
