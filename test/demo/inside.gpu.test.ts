// A value that is worked out is the one that the GPU computed.

import { afterAll, expect, it } from 'vitest';
import { convolutionsOf, workOut } from '../../demo/work/inside.js';
import { netOf } from '../../demo/work/nets.js';
import { digits, Trainer } from '../../src/index.js';
import { nodeDevice } from '../support/node.js';

afterAll(async () => (await nodeDevice()).idle());

it('every value of every convolution is the sum of its window times its kernel, and its bias, to rounding', async () => {
  const net = 'own-conv3x3s2p1-norm-relu-conv4x5p2-relu-pool2';
  const data = digits({ train: 20, test: 10, seed: 1 });
  using trainer = await Trainer.open({ device: await nodeDevice(), net: netOf(net), data, batch: 10 });
  const inspection = await trainer.inspect(data.test.images.slice(0, 28 * 28));
  const convs = convolutionsOf(net, inspection);
  expect(convs.map(({ name, window, stride, padding }) => [name, window, stride, padding])).toEqual([
    ['conv1', [3, 3], 2, 1],
    ['conv2', [5, 5], 1, 2],
  ]);
  for (const conv of convs) {
    const { channels, rows, columns } = conv.output;
    for (let i = 0; i < conv.output.values.length; i++) {
      const place = {
        filter: Math.floor(i / rows / columns),
        row: Math.floor(i / columns) % rows,
        column: i % columns,
      };
      const { total, value, channels: worked } = workOut(conv, place);
      expect(value).toBe(conv.output.values[i]);
      const products = worked.flatMap(({ window, kernel }) =>
        kernel.map((weight, k) => Math.abs(weight * (window[k] ?? 0))),
      );
      // So many roundings of so large a sum: Higham 2002, §3.1.
      const bound = (products.length + 2) * 2 ** -24 * (products.reduce((sum, each) => sum + each, 0) + 1);
      expect(Math.abs(total - value)).toBeLessThanOrEqual(bound);
    }
    expect(channels).toBe(conv.biases.length);
    // Beyond the edge there is the last value.
    expect(workOut(conv, { filter: 99, row: 99, column: 99 }).place).toEqual({
      filter: channels - 1,
      row: rows - 1,
      column: columns - 1,
    });
  }
});
