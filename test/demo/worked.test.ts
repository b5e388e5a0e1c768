import { describe, expect, it } from 'vitest';
import { short, term } from '../../demo/parts/numberCell.js';
import { KERNELS, nameOf, PICTURES, SIDE, WINDOW } from '../../demo/parts/workedExamples.js';
import { convolvedOf } from '../../demo/work/convolve.js';

/** Sums by the definition, each product by itself. */
function byHand(image: readonly number[], kernel: readonly number[], stride: number, padding: number) {
  const size = Math.floor((SIDE + 2 * padding - WINDOW) / stride) + 1;
  const windows = Array.from({ length: size * size }, (_, at) =>
    kernel.map((weight, i) => {
      const row = Math.floor(at / size) * stride - padding + Math.floor(i / WINDOW);
      const column = (at % size) * stride - padding + (i % WINDOW);
      const isInside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
      return isInside ? (image[row * SIDE + column] ?? NaN) * weight : 0;
    }),
  );
  return { size, windows };
}

describe('the worked convolution', () => {
  it('has every product of every window, and their sums, for any stride and padding', async () => {
    for (const stride of [1, 2, 3]) {
      for (const padding of [0, 1, 2]) {
        const [image, kernel] = [PICTURES.mixed, KERNELS.sharpen];
        const asked = { type: 'convolve', image, side: SIDE, kernel, window: WINDOW, stride, padding } as const;
        const { rows, columns, sums, products } = await convolvedOf(asked);
        const { size, windows } = byHand(image, kernel, stride, padding);
        expect([rows, columns]).toEqual([size, size]);
        windows.forEach((terms, at) => {
          // Adding 0 takes the sign from −0.
          expect(terms.map((each) => each + 0)).toEqual(
            kernel.map((_, i) => (products[i * sums.length + at] ?? NaN) + 0),
          );
          expect(sums[at]).toBe(terms.reduce((sum, each) => sum + each, 0));
        });
      }
    }
  });

  it('begins with pictures and kernels of one size, each known by its numbers alone', () => {
    for (const [name, numbers] of Object.entries(PICTURES)) {
      expect([numbers.length, nameOf(PICTURES, numbers)]).toEqual([SIDE * SIDE, name]);
    }
    for (const [name, numbers] of Object.entries(KERNELS)) {
      expect([numbers.length, nameOf(KERNELS, numbers)]).toEqual([WINDOW * WINDOW, name]);
    }
    expect(nameOf(KERNELS, KERNELS.add.with(4, 2))).toBeUndefined();
  });
});

describe('numbers in cells', () => {
  it('have a true minus, few digits, and no sign of zero', () => {
    expect([-1.5, -0, 0.125, 2, -0.001].map(short)).toEqual(['−1.5', '0', '0.13', '2', '0']);
    expect([term(-2, true), term(-2, false), term(2, false), term(-0, false)]).toEqual(['−2', '− 2', '+ 2', '+ 0']);
  });
});
