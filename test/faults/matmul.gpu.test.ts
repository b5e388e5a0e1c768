import { dense, matmul } from '../../src/ops/matmul.js';
import { sum } from '../../src/ops/reduce.js';
import { relu } from '../../src/ops/relu.js';
import { checkFaults } from '../support/plantFault.js';

checkFaults(
  'a dense layer',
  {
    inputs: { x: [7, 17], w: [5, 17], b: [5] },
    build: ({ x, w, b }) => relu(dense(x!, w!, b)),
  },
  {
    'the last term is left out': { at: 'matmul/plain', find: /k < 17u/, by: 'k < 16u' },
    'rows are one too short': { at: 'matmul/plain', find: /m \* 17u/, by: 'm * 16u' },
    'the bias is that of the row': { at: 'matmul/plain', find: /bias\[n\]/, by: 'bias[m]' },
    'the bias is left out': { at: 'matmul/plain', find: /sum \+= bias\[n\];/, by: '' },
    'numbers below zero pass': { at: 'matmul/plain', find: /sum <= 0\.0/, by: 'false' },
    'a bias of the tile is left out': { at: 'matmulTiled/tiled', find: /\+= bias0;/, by: '+= 0.0 * bias0;' },
    'the terms after the last whole chunk are left out': {
      at: 'matmulTiled/tiled',
      find: /let a(\d+)_0 = a\[[^;]*\(k \+ 0u\)\];(?![\s\S]*let a\d+_1)/,
      by: 'let a$1_0 = 0.0;',
    },
  },
);

checkFaults(
  'a product whose terms no workgroup tile divides',
  { inputs: { a: [9, 17], b: [17, 35] }, build: ({ a, b }) => matmul(a!, b!) },
  {
    'terms past the end count': { at: 'matmulShared/shared', find: /begin \+ k < 17u/, by: 'true' },
    'columns past the edge wrap around': {
      at: 'matmulShared/shared',
      find: /column \+ x \* 4u \+ (\d)u < 35u/,
      by: '$1u < 2u',
    },
  },
);

checkFaults(
  'a product in layout tn',
  { inputs: { a: [17, 7], b: [17, 5] }, build: ({ a, b }) => matmul(a!, b!, 'tn') },
  {
    'the first operand is read as if it were not transposed': {
      at: 'matmul/plain',
      find: /a\[k \* 7u \+ m\]/,
      by: 'a[m * 17u + k]',
    },
    'a column too far': { at: 'matmul/plain', find: /b\[k \* 5u \+ n\]/, by: 'b[k * 5u + n + 1u]' },
  },
);

checkFaults(
  'a sum over a middle axis',
  { inputs: { x: [3, 5, 7] }, build: ({ x }) => sum(x!, [1]) },
  {
    'it is over the last': { at: 'sum/plain', find: /\* 7u\]/, by: '* 1u]' },
    'the last term is left out': { at: 'sum/plain', find: /total \+= x\[base \+ 4u \* 7u\];/, by: '' },
  },
);

checkFaults(
  'a long sum',
  { inputs: { x: [4099] }, build: ({ x }) => sum(x!) },
  {
    'one of all terms is left out': { at: 'sumLanes/lanes', find: /t < 4099u/, by: 't < 4098u' },
    'half of the terms are left out': { at: 'sumLanes/lanes', find: /t \+= 64u/, by: 't += 128u' },
    'the tree begins a level too low': { at: 'sumLanes/lanes', find: /half = 32u/, by: 'half = 16u' },
  },
);
