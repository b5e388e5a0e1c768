import { avgPool2d } from '../../src/ops/avgPool2d.js';
import { maxPool2dGrad, maxPool2dOp } from '../../src/ops/maxPool2d.js';
import { poolAttrs } from '../../src/ops/poolWindow.js';
import { checkFaults } from '../support/plantFault.js';

const overlapping = poolAttrs('maxPool2d', { window: 3, stride: 2, padding: 1 });
/** Every other pixel of a row is as large as its neighbour. */
const ties = Array.from({ length: 2 * 7 * 9 }, (_, i) => Math.floor(i / 2) % 5);

checkFaults(
  'maxPool2d with ties',
  {
    inputs: { x: { shape: [1, 2, 7, 9], values: ties } },
    build: ({ x }) => maxPool2dOp.apply([x!], overlapping),
  },
  {
    'the last of equals wins': { at: 'maxPool2d/plain', find: /value > best/, by: 'value >= best' },
    'the winner is counted along columns': {
      at: 'maxPool2d/plain',
      find: /winner = row \* 9u \+ column/,
      by: 'winner = column * 7u + row',
    },
    'the window is a row too low': {
      at: 'maxPool2d/plain',
      find: /min\(p \* 2u \+ 2u, 7u\)/,
      by: 'min(p * 2u + 1u, 7u)',
    },
  },
);

checkFaults(
  'maxPool2dGrad of windows that overlap',
  {
    inputs: { dy: [1, 1, 2, 2], index: { shape: [1, 1, 2, 2], dtype: 'u32', values: [4, 4, 4, 8] } },
    build: ({ dy, index }) => maxPool2dGrad.one([dy!, index!], { ...overlapping, image: [3, 3] }),
  },
  {
    'a pixel that won twice gets one slope': { at: 'maxPool2dGrad/plain', find: /sum \+= dy/, by: 'sum = dy' },
    'the neighbour of the winner gets its slope': {
      at: 'maxPool2dGrad/plain',
      find: /== row \* 3u \+ column/,
      by: '== row * 3u + column + 1u',
    },
  },
);

checkFaults(
  'avgPool2d with padding',
  {
    inputs: { x: [1, 2, 7, 9] },
    build: ({ x }) => avgPool2d(x!, { window: 3, stride: 2, padding: 1 }),
  },
  {
    'the mean is of eight pixels': { at: 'avgPool2d/plain', find: /y\[i\] = sum \* [\d.]+/, by: 'y[i] = sum * 0.125' },
    'the pixel beyond the left edge is the last of the row above': {
      at: 'avgPool2d/plain',
      find: /if \(column >= 9u\) \{ continue; \}/,
      by: '',
    },
  },
);
