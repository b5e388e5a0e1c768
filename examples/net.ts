import { layers, sequential, summaryText } from 'weft-gpu';

const { conv2d, dense, flatten, maxPool2d, relu } = layers;

/** A net of one's own: everything that the engine's nets can do, it can. */
export const small = sequential(
  'small',
  [1, 28, 28],
  conv2d(4, 5, { stride: 2, padding: 2 }),
  relu(),
  maxPool2d(2),
  flatten(),
  dense(10),
);
console.log(summaryText(small));
