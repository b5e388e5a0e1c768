// Every shader of a training step in mixed precision, through Tint.

import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.js';
import { defaultProfile, type Dialect } from '../../src/core/profile.js';
import { kernels } from '../../src/kernels/index.js';
import { nets } from '../../src/nn/nets.js';
import { adam } from '../../src/optim/adam.js';
import { trainGraph } from '../../src/train/graphs.js';
import { errorsOfAll } from '../support/tint.js';

const set = { count: 60_000, rows: 28, columns: 28 };
const settings = { batch: 64, seed: 1, shuffle: true, mean: 0.1307, std: 0.3081 };

const errorsOf = (name: string, dialect: Dialect) => {
  const graph = trainGraph(nets[name]!(), set, settings, adam(), { lossScale: {} });
  const profile = { ...defaultProfile(dialect), features: ['shader-f16', 'subgroups'] };
  // A short run: its kernels are compiled in a moment.
  const { dispatches } = compile(graph, { name, kernels, profile, precision: 'mixed', expectedSteps: 50 });
  expect(dispatches.filter(({ code }) => code.includes('array<f16')).length).toBeGreaterThan(3);
  return errorsOfAll(Object.fromEntries(dispatches.map(({ entry, code }, at) => [`${at} ${entry}`, code])));
};

describe('every shader of a training step in mixed precision is WGSL', () => {
  it.each(Object.keys(nets))('of %s, on a GPU', async (name) => {
    expect(await errorsOf(name, 'gpu')).toEqual([]);
  });

  it('of tutorial, on a software adapter', async () => {
    expect(await errorsOf('tutorial', 'cpu')).toEqual([]);
  });
});
