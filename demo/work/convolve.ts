// The worked convolution: computed by the op that nets are made of.

import { conv2d, evaluate } from '../../src/lab.js';
import type { Device } from '../../src/index.js';
import type { Convolved, ConvolveRequest } from '../protocol.js';
import type { Desk, Handlers } from './desk.js';

export const convolveHandlers = (desk: Desk): Handlers<'convolve'> => ({
  convolve: (request) => desk.beside(convolve(desk, request)),
});

async function convolve({ device, post }: Desk, asked: ConvolveRequest): Promise<void> {
  if (device === undefined) return;
  const convolved = await convolvedOf(asked, device);
  post({ type: 'convolved', convolved }, [convolved.sums.buffer, convolved.products.buffer]);
}

/**
 * One convolution with several filters: the kernel, and beside it each of its weights with zeros around it, so that the
 * products come from the same kernel of the engine as their sum.
 * @param device without one, the formulas are computed in f64
 */
export async function convolvedOf(asked: ConvolveRequest, device?: Device): Promise<Convolved> {
  const { image, side, kernel, window, stride, padding } = asked;
  const size = window * window;
  const filters = new Float32Array((1 + size) * size);
  filters.set(kernel);
  kernel.forEach((weight, i) => (filters[(1 + i) * size + i] = weight));
  const { shape, value } = await evaluate(
    ({ x, w }) => conv2d(x, w, { stride, padding }),
    {
      x: { shape: [1, 1, side, side], data: Float32Array.from(image) },
      w: { shape: [1 + size, 1, window, window], data: filters },
    },
    { gradients: [], ...(device && { device }) },
  );
  const [, , rows = 1, columns = 1] = shape;
  const plane = rows * columns;
  return { asked, rows, columns, sums: value.slice(0, plane), products: value.slice(plane) };
}
