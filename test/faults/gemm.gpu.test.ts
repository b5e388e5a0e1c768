import { add } from '../../src/ops/arithmetic.js';
import { conv2d, conv2dGradW } from '../../src/ops/conv2d.js';
import { relu } from '../../src/ops/relu.js';
import { reshape } from '../../src/ops/reshape.js';
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
    'slices share a plane': { at: 'conv2dGradW/gemm', find: /\(id\.z \* 9u \+/, by: '(0u * id.z +' },
    'a slice begins one pixel late': {
      at: 'conv2dGradW/gemm',
      find: /let begin = id\.z \* 24u/,
      by: 'let begin = id.z * 25u',
    },
  },
);
