import { add } from '../../src/ops/arithmetic.js';
import { conv2d, conv2dGradW, conv2dGradX } from '../../src/ops/conv2d.js';
import { maxPool2dGrad, maxPool2dOp } from '../../src/ops/maxPool2d.js';
import { sum } from '../../src/ops/reduce.js';
import { relu, reluGrad } from '../../src/ops/relu.js';
import { reshape } from '../../src/ops/reshape.js';
import { backKernels } from '../laws/convGradGemm.js';
import { gemmKernels } from '../laws/convGemm.js';
import { checkFaults } from '../support/plantFault.js';

const kernels = gemmKernels({ tile: { lanes: [4, 4], each: [4, 4] }, depth: 2, rows: 2, pixels: 8, steps: 3 });

checkFaults(
  'a convolution as a product of matrices',
  {
    inputs: { x: [3, 5, 5, 7], w: [18, 5, 2, 3], b: [18] },
    build: ({ x, w, b }) => relu(add(conv2d(x!, w!, { padding: 1 }), reshape(b!, [18, 1, 1]))),
    kernels,
  },
  {
    'a channel past the last counts': {
      at: 'conv2dBiasRelu/gemm',
      find: /\(i \+ (channel\w+) < 5u\)/,
      by: '(i + $1 < 6u)',
    },
    'a row below the image counts': {
      at: 'conv2dBiasRelu/gemm',
      find: /( \+ rowB\d+ - 1u) < 5u\)/,
      by: '$1 < 6u)',
    },
    'filters past the last wrap around': { at: 'conv2dBiasRelu/gemm', find: /if \(first \+ [^<]+ < 18u\)/, by: '' },
    'the bias is that of another filter': { at: 'conv2dBiasRelu/gemm', find: /b\[group \* 18u \+ first/, by: 'b[0u' },
    'an entry of a tile is read one term late': {
      at: 'conv2dBiasRelu/gemm',
      find: /let a1_0 = tileA\[down \+ 5u\]/,
      by: 'let a1_0 = tileA[down + 0u]',
    },
  },
);

checkFaults(
  'a gradient by the filters as a product of matrices',
  {
    inputs: { dy: [2, 9, 5, 7], x: [2, 3, 5, 7] },
    build: ({ dy, x }) =>
      conv2dGradW.one([dy!, x!], { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1, window: [3, 3] }),
    kernels,
  },
  {
    'pixels past the last count': { at: 'conv2dGradW/gemm', find: /pixel < 70u/, by: 'true' },
    'slices share a plane': { at: 'conv2dGradW/gemm', find: /let plane = id\.z \* 9u/, by: 'let plane = id.z * 0u' },
    'a slice begins one pixel late': {
      at: 'conv2dGradW/gemm',
      find: /let begin = id\.z \* 24u/,
      by: 'let begin = id.z * 25u',
    },
  },
);

const attrs = { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 } as const;
const pool = { window: [2, 2], stride: [2, 2], padding: [0, 0] } as const;

checkFaults(
  'the way back of a convolution as products of matrices',
  {
    inputs: { dy: [2, 6, 2, 3], z: [2, 6, 5, 6], x: [2, 3, 5, 6], w: [6, 3, 3, 3], y: [2, 3, 5, 6] },
    build: ({ dy, z, x, w, y }) => {
      const [, index] = maxPool2dOp.apply([z!], pool);
      const slopes = maxPool2dGrad.one([dy!, index!], { ...pool, image: [5, 6] });
      const db = sum(dy!, [0, 2, 3]);
      const dx = conv2dGradX.one([slopes, w!], { ...attrs, image: [5, 6] });
      const dw = conv2dGradW.one([slopes, x!], { ...attrs, window: [3, 3] });
      return [reluGrad.one([dx, y!], {}), dw, db];
    },
    dialects: ['gpu'],
    kernels: backKernels({ lanes: [4, 4], each: [4, 4], depth: 2, rows: 3, pixels: 8, steps: 3 }),
  },
  {
    'a loser of its window gets the slope': {
      at: 'conv2dGradX/gemm',
      find: / & \(index\[[^\]]+\] == placeB0_0\)/,
      by: '',
    },
    'a winner is looked for one row up': {
      at: 'conv2dGradX/gemm',
      find: /let placeB0_0 = \(([^;]+)\) \* 6u/,
      by: 'let placeB0_0 = ($1 - 1u) * 6u',
    },
    'a column past the image is the next row’s first': { at: 'conv2dGradX/gemm', find: /< 6u\)/g, by: '< 7u)' },
    'the gate is open at zero': { at: 'conv2dGradX/gemm', find: /> 0\.0\)/, by: '> -2.0)' },
    'the filters see slopes of losers': {
      at: 'conv2dGradW/gemm',
      find: / & \(index\[[^\]]+A0_0\] == place\)/,
      by: '',
    },
    'the sums are of one tap': {
      at: 'conv2dGradW/gemm',
      find: /, 1\.0, isOneB(\d)_(\d)\)/g,
      by: ', 0.5, isOneB$1_$2)',
    },
    'the sums of a filter go to the next': {
      at: 'conv2dGradW/gemm',
      find: /sums\[plane \+ /,
      by: 'sums[plane + 1u + ',
    },
  },
);
