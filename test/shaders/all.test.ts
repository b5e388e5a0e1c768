// Every shader that any plan may have, through Tint: the nets' plans and those of all laws, in both dialects, in every
// variant. No GPU is needed, so a GPU's dialect is held here even where there is none.

import { describe, expect, it } from 'vitest';
import { bindingsOf, entryOf } from '../../src/compile/bindings.js';
import { compile } from '../../src/compile/compile.js';
import { cover } from '../../src/compile/cover.js';
import { rewrite } from '../../src/compile/rewrite.js';
import { defaultProfile } from '../../src/core/profile.js';
import type { Graph, Tensor } from '../../src/graph/graph.js';
import { kernels } from '../../src/kernels/index.js';
import type { Kernel } from '../../src/kernels/kernel.js';
import { nets } from '../../src/nn/nets.js';
import { adam } from '../../src/optim/adam.js';
import { sgd } from '../../src/optim/sgd.js';
import { evaluationGraph, predictGraph, trainGraph } from '../../src/train/graphs.js';
import { laws } from '../laws/index.js';
import type { KernelLaw } from '../support/checkOp.js';
import { graphOf } from '../support/kernelCase.js';
import { tintErrors } from '../support/tint.js';

/** All features that a shader may ask for. */
const profile = { ...defaultProfile('gpu'), features: ['subgroups', 'shader-f16'] };
const set = { count: 60_000, rows: 28, columns: 28 };
const settings = { batch: 64, seed: 1, shuffle: true, mean: 0.1307, std: 0.3081 };

/** Texts that Tint has seen, in this file: each is compiled once. */
const seen = new Set<string>();

/** What Tint says against the texts of every variant of every run of these graphs, in both dialects. */
async function errorsOf(
  graphs: readonly (readonly [graph: Graph, keep: readonly Tensor[], asked?: readonly Kernel[]])[],
): Promise<readonly string[]> {
  const texts = new Map<string, string>();
  for (const [graph, keep, asked = kernels] of graphs) {
    const { graph: smaller, of } = rewrite(graph, keep);
    const kept = new Set(keep.flatMap((tensor) => of(tensor) ?? []));
    for (const dialect of ['cpu', 'gpu'] as const) {
      const own = { ...profile, dialect };
      const runs = cover(smaller, { kernels: asked, profile: own, kept });
      for (const variant of runs.flatMap(({ variants }) => variants)) {
        if (variant.dialect !== 'any' && variant.dialect !== dialect) continue;
        if (variant.fits?.(own) === false) continue;
        for (const { code } of variant.steps(own)) {
          // What binds more is never compiled as it is: a plan folds it.
          if (bindingsOf(code).length <= 8) texts.set(code, `${entryOf(code)}/${variant.name}`);
        }
      }
      for (const expectedSteps of [50, 600, 10_000]) {
        const plan = compile(graph, { name: 'all', kernels: asked, profile: own, keep, expectedSteps });
        for (const { code, entry, variant } of plan.dispatches) texts.set(code, `${entry}/${variant} of the plan`);
      }
    }
  }
  const fresh = [...texts].filter(([code]) => !seen.has(code));
  fresh.forEach(([code]) => seen.add(code));
  const found = await Promise.all(
    fresh.map(async ([code, name]) => (await tintErrors(code)).map((error) => `${name}: ${error}`)),
  );
  return found.flat();
}

describe('every shader of the nets is WGSL', () => {
  for (const [name, net] of Object.entries(nets)) {
    it(`${name}, training`, async () => {
      const graphs = [sgd(), adam()].map((optimizer) => trainGraph(net(), set, settings, optimizer));
      expect(await errorsOf(graphs.map((graph) => [graph, []]))).toEqual([]);
    });

    it(`${name}, evaluating and predicting`, async () => {
      const { graph, probabilities } = predictGraph(net(), { ...set, count: 64 }, settings);
      const evaluation = evaluationGraph(net(), set, settings, 'test', true);
      expect(
        await errorsOf([
          [evaluation, []],
          [graph, [probabilities]],
        ]),
      ).toEqual([]);
    });
  }
});

describe('every shader of the laws is WGSL', () => {
  for (const [subject, list] of Object.entries(laws)) {
    const cases = list.filter((law): law is KernelLaw => 'kernelCase' in law);
    if (cases.length === 0) continue;
    it(subject, async () => {
      const graphs = cases.map(({ kernelCase }) => graphOf(kernelCase));
      expect(await errorsOf(graphs.map(({ graph, outputs, kernels: asked }) => [graph, outputs, asked]))).toEqual([]);
    });
  }
});

it('all that is several hundred texts', () => {
  expect(seen.size).toBeGreaterThan(300);
});
