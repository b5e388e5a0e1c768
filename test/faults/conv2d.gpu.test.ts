import { add } from '../../src/ops/arithmetic.js';
import { conv2d, conv2dGradW, conv2dGradX } from '../../src/ops/conv2d.js';
import { relu } from '../../src/ops/relu.js';
import { reshape } from '../../src/ops/reshape.js';
import { checkFaults } from '../support/plantFault.js';

checkFaults(
  'conv2d with bias and relu',
  {
    inputs: { x: [2, 3, 7, 17], w: [5, 3, 3, 3], b: [5] },
    build: ({ x, w, b }) => relu(add(conv2d(x!, w!, { padding: 1 }), reshape(b!, [5, 1, 1]))),
  },
  {
    'the image’s upper and lower edge is not looked at': {
      at: 'conv2dBiasRelu/plain',
      find: /if \(row >= 7u\) \{ continue; \}/,
      by: '',
    },
    'the bias is left out': { at: 'conv2dBiasRelu/plain', find: /sum \+= b\[k\];/, by: '' },
    'a channel too many': { at: 'conv2dBiasRelu/plain', find: /c < 3u/, by: 'c <= 3u' },
    'filters are read as if their channels came first': {
      at: 'conv2dBiasRelu/plain',
      find: /w\[\(\(k \* 3u \+ c\)/,
      by: 'w[((c * 5u + k)',
    },
    'the last element is never written': { at: 'conv2dBiasRelu/plain', find: /i >= 1190u/, by: 'i >= 1189u' },
  },
);

checkFaults(
  'conv2d of two groups with bias and relu',
  {
    inputs: { x: [2, 4, 7, 17], w: [6, 2, 3, 3], b: [6] },
    build: ({ x, w, b }) => relu(add(conv2d(x!, w!, { padding: 1, groups: 2 }), reshape(b!, [6, 1, 1]))),
  },
  {
    'the last columns of a tiled row are never written': {
      at: 'conv2dBiasRelu/tiled',
      find: /(v \+ \d+u) < 17u/,
      by: '$1 < 1u',
    },
    'a row below the image counts': { at: 'conv2dBiasRelu/tiled', find: /(row\d) < 7u/, by: '$1 < 8u' },
  },
);

checkFaults(
  'conv2dGradX with a stride',
  {
    inputs: { dy: [2, 3, 4, 9], w: [3, 2, 3, 3] },
    build: ({ dy, w }) =>
      conv2dGradX.one([dy!, w!], { stride: [2, 2], padding: [1, 1], dilation: [1, 1], groups: 1, image: [8, 18] }),
  },
  {
    'pixels between two windows are given a slope': {
      at: 'conv2dGradX/plain',
      find: /if \(below % 2u != 0u\) \{ continue; \}/,
      by: '',
    },
    'a window past the last counts': { at: 'conv2dGradX/plain', find: /q >= 9u/, by: 'q > 9u' },
    'a filter is left out': { at: 'conv2dGradX/plain', find: /firstFilter \+ 3u/, by: 'firstFilter + 2u' },
  },
);

checkFaults(
  'conv2dGradW',
  {
    inputs: { dy: [2, 3, 7, 17], x: [2, 2, 7, 17] },
    build: ({ dy, x }) =>
      conv2dGradW.one([dy!, x!], { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1, window: [3, 3] }),
  },
  {
    'the last column of slopes is left out': { at: 'conv2dGradW/plain', find: /q < 17u; q\+\+/, by: 'q < 16u; q++' },
    'rows and columns of a window are exchanged': {
      at: 'conv2dGradW/plain',
      find: /let s = i % 3u;\s+let r = i \/ 3u % 3u;/,
      by: 'let r = i % 3u; let s = i / 3u % 3u;',
    },
    'a slice of the batch is lost': { at: 'conv2dGradWSum/split', find: /slice = 1u/, by: 'slice = 2u' },
    'slices are read with a wrong stride': {
      at: 'conv2dGradWSum/split',
      find: /slice \* 54u/,
      by: 'slice * 53u',
    },
  },
);
