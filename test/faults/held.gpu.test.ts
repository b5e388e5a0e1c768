import type { Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { add } from '../../src/ops/arithmetic.js';
import { countEqual, softmaxCrossEntropy } from '../../src/ops/batch.js';
import { conv2d } from '../../src/ops/conv2d.js';
import { dense } from '../../src/ops/matmul.js';
import { maxPool2d } from '../../src/ops/maxPool2d.js';
import { relu } from '../../src/ops/relu.js';
import { reshape } from '../../src/ops/reshape.js';
import { argmaxRows } from '../../src/ops/softmax.js';
import type { KernelCase } from '../support/checkOp.js';
import { checkFaults } from '../support/plantFault.js';

/** A convolutional layer behind a relu, and its gradients. */
const layer = (by: Readonly<Record<string, Tensor>>): readonly Tensor[] => {
  const [x, w, b] = [by['x']!, by['w']!, by['b']!];
  const z = relu(add(conv2d(relu(x), w, { padding: 1 }), reshape(b, [5, 1, 1])));
  const y = maxPool2d(z, { window: 2 });
  return [y, ...gradients(y, [x, w, b], y)];
};
const layerCase: KernelCase = {
  dialects: ['cpu'],
  inputs: { x: [3, 4, 7, 9], w: [5, 4, 3, 3], b: [5] },
  build: layer,
};

checkFaults('a convolutional layer in one kernel', layerCase, {
  'the smallest of a window wins': { at: 'conv2dHeld', find: /\(value > best\)/, by: '(value < best)' },
  'the bias of another filter': { at: 'conv2dHeld', find: /= b\[min\(first/, by: '= b[min(1u + first' },
  'what is below zero passes': { at: 'conv2dHeld', find: / <= 0\.0\)/, by: ' <= -9.0)' },
  'a row above the image counts': { at: 'conv2dHeld', find: /(let inside_x0 = ).*?;/, by: '$1true;' },
});

checkFaults('the gradient of a convolutional layer by its images', layerCase, {
  'a slope goes to a pixel that did not win': {
    at: 'conv2dGradXHeld',
    find: /(won_\w+) == (pixel[^)]*)\)/,
    by: '$1 == 1u + $2)',
  },
  'the gate is open': { at: 'conv2dGradXHeld', find: /gate\[([^\]]*)\] > 0\.0/, by: 'gate[$1] > -9.0' },
});

checkFaults('the gradient of a convolutional layer by its filters', layerCase, {
  'two images of a quad are left out': { at: 'convGradWHeld', find: / \+ quadSwapY\(.*\)/, by: '' },
  'a slice is left out': { at: 'convGradWSum', find: /slice = 1u/, by: 'slice = 2u' },
  'images past the last count': { at: 'convGradWHeld', find: /let alive = .*;/, by: 'let alive = true;' },
});

checkFaults(
  'the end of a net in one kernel',
  {
    dialects: ['cpu'],
    inputs: {
      x: [7, 9],
      labels: { shape: [7], dtype: 'u32', values: [0, 1, 2, 0, 1, 2, 0] },
      live: { shape: [1], dtype: 'u32', values: [5] },
      w0: { shape: [6, 9], arena: 'parameters' },
      b0: { shape: [6], arena: 'parameters' },
      w1: { shape: [3, 6], arena: 'parameters' },
      b1: { shape: [3], arena: 'parameters' },
    },
    build: ({ x, labels, live, w0, b0, w1, b1 }) => {
      const logits = dense(relu(dense(relu(x!), w0!, b0)), w1!, b1);
      const loss = softmaxCrossEntropy(logits, labels!, live);
      return [countEqual(argmaxRows(logits), labels!, live!), ...gradients(loss, [w0!, b0!, w1!, b1!, x!])];
    },
  },
  {
    'what is below zero passes': { at: 'denseTail', find: /select\((s\d_\d_\d), 0\.0, \1 <= 0\.0\)/, by: '$1' },
    'weights of another invocation': { at: 'denseTail', find: /quadSwapX\(own0\)/, by: 'quadSwapY(own0)' },
    'gates are open on the way back': { at: 'denseTail', find: /\] > 0\.0\)/, by: '] > -9.0)' },
  },
);
