import { expect, it } from 'vitest';
import { compare } from '../../bench/finetune/compare.js';
import { initialWeights } from '../../src/nn/weights.js';
import { nodeDevice } from '../support/node.js';
import { flatNet, tinySplits } from '../support/tinyData.js';

it('a comparison chooses on images held out, asks the test set after that, and tells a row for each kind', async () => {
  const device = await nodeDevice();
  const told: object[] = [];
  const recipes = [0.001, 0.1].map((rate) => ({ rate, augment: 'none' }) as const);
  const net = flatNet();
  for await (const one of compare(device, tinySplits(300, 100), {
    net,
    start: initialWeights(net, 5),
    sizes: [{ images: 40, steps: 30 }],
    recipes: { 'fine-tuned': [{ rate: 0.1, augment: 'none', freeze: '*.bias' }], scratch: recipes },
    validation: 100,
    seeds: [1, 2],
  })) {
    told.push(one);
  }
  expect(told).toMatchObject([
    { type: 'choice', kind: 'fine-tuned', images: 40, freeze: '*.bias' },
    { type: 'choice', kind: 'scratch', rate: 0.001 },
    { type: 'choice', kind: 'scratch', rate: 0.1 },
    { type: 'start' },
    { type: 'row', kind: 'fine-tuned', steps: 30, recipe: { rate: 0.1 } },
    { type: 'row', kind: 'scratch', images: 40, recipe: { rate: 0.1 } },
  ]);
  for (const { accuracies = [] } of told.slice(4) as { accuracies?: number[] }[]) {
    expect(accuracies).toHaveLength(2);
    for (const accuracy of accuracies) expect(accuracy).toBeGreaterThan(0.6);
  }
}, 120_000);
