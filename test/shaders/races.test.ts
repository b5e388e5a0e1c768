// Two invocations of a workgroup that touch one word without a barrier between them, of which one writes: found by an
// interpreter that runs a workgroup in lockstep, so on no GPU, and whatever the adapter’s luck. Only shaders that share
// workgroup memory are asked: the others have an element each, and read past an edge where WGSL clamps and the
// interpreter throws.

import { describe, expect, it } from 'vitest';
import { detectRaces } from 'wgsl_reflect/wgsl_reflect.module.js';
import type { PlannedDispatch } from '../../src/compile/plan.js';
import { defaultProfile } from '../../src/core/profile.js';
import { laws } from '../laws/index.js';
import type { KernelLaw } from '../support/checkOp.js';
import { everyPlan, graphOf } from '../support/kernelCase.js';

/** A dispatch with what its operands hold. */
interface Run {
  readonly dispatch: PlannedDispatch;
  readonly values: ReadonlyMap<string, ArrayBufferView<ArrayBuffer>>;
}

/** Words of all bindings of a run: beyond them the interpreter takes seconds. */
const MOST_WORDS = 3000;

const BARRIER = 'workgroupBarrier();';

/** What makes a run worth more: a barrier that others lack, then its size. */
const weightOf = (run: Run): number => run.dispatch.code.split(BARRIER).length * MOST_WORDS + wordsOf(run);

const wordsOf = ({ dispatch }: Run): number => dispatch.bindings.reduce((sum, { bytes }) => sum + bytes / 4, 0);

/**
 * For every shader with workgroup memory, the run with the most barriers among the laws, and of those the largest that the
 * interpreter does in a moment.
 */
function runs(): ReadonlyMap<string, Run> {
  const chosen = new Map<string, Run>();
  for (const law of Object.values(laws).flat()) {
    if (!('kernelCase' in law)) continue;
    const { kernelCase } = law as KernelLaw;
    const { graph, values, outputs, kernels } = graphOf(kernelCase);
    const byName = new Map([...values].map(([state, data]) => [state.name, data] as const));
    for (const { dispatches } of everyPlan(graph, outputs, defaultProfile('gpu'), kernels, kernelCase.dialects)) {
      for (const dispatch of dispatches.filter(({ code }) => code.includes('var<workgroup>'))) {
        const name = `${dispatch.entry}/${dispatch.variant}`;
        const run = { dispatch, values: byName };
        const known = chosen.get(name);
        if (wordsOf(run) > MOST_WORDS || (known !== undefined && weightOf(run) <= weightOf(known))) continue;
        chosen.set(name, run);
      }
    }
  }
  return chosen;
}

function racesOf({ dispatch, values }: Run, code = dispatch.code): readonly string[] {
  const { entry, groups, bindings } = dispatch;
  const memory = bindings.map(({ number, buffer, bytes }) => {
    const words = new Uint32Array(bytes / 4);
    const data = values.get(buffer);
    if (data !== undefined) new Uint8Array(words.buffer).set(new Uint8Array(data.buffer).subarray(0, bytes));
    return [number, words] as const;
  });
  // The interpreter overlooks a barrier that a block begins with.
  const text = code.replaceAll('workgroupBarrier();', 'let nothing = 0u; workgroupBarrier();');
  const { races, errors } = detectRaces(text, entry, [...groups], { 0: Object.fromEntries(memory) });
  return [...errors, ...races.map(({ message }) => message)];
}

const all = runs();

it('convolutions, products, sums, extremes, norms and the loss share workgroup memory in some variant', () => {
  const convolutions = ['conv2d/gemm', 'conv2dBiasRelu/gemm', 'conv2dGradW/gemm', 'conv2dGradX/gemm'];
  expect([...all.keys()].sort()).toEqual([
    'amaxLanes/lanes',
    'aminLanes/lanes',
    'argmaxLanes/lanes',
    'clipFactor/lanes',
    'clipFactor/plain',
    'clipPartsLanes/lanes',
    ...convolutions,
    'conv2dMaxPool/window',
    'logSoftmaxGradLanes/lanes',
    'logSoftmaxLanes/lanes',
    'lossHead/workgroup',
    'matmulGemm/gemm',
    'matmulShared/shared',
    'moments/four',
    'moments/lanes',
    'normSums/four',
    'normSums/lanes',
    'permuteTiled/tiled',
    'softmaxGradLanes/lanes',
    'softmaxLanes/lanes',
    'sumLanes/lanes',
  ]);
});

for (const [name, run] of all) {
  describe(name, () => {
    it('has no two invocations that race for a word', () => {
      expect(racesOf(run).slice(0, 3)).toEqual([]);
    });

    const pieces = run.dispatch.code.split(BARRIER);
    it.each(pieces.slice(1).map((_, i) => i))('would have them without its barrier %i', (left) => {
      const code = pieces.reduce((text, piece, i) => text + (i === left + 1 ? '' : BARRIER) + piece);
      expect(racesOf(run, code)[0]).toMatch(/race/i);
    });
  });
}
