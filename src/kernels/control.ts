import * as shaders from '../../shaders/control.wgsl.js';
import { sizeOf } from '../core/shape.js';
import { advanceOp, firstNonFiniteOp, recordStepOp } from '../ops/control.js';
import type { Kernel, Step } from './kernel.js';
import { operandsOf, single } from './single.js';

export const guardKernel = single(firstNonFiniteOp, ({ inputs: [, loss, slopes], outputs: [guard], attrs }) => {
  const size = sizeOf(slopes.shape);
  const code = shaders.firstNonFinite({ size, starts: attrs.starts });
  return [{ code, bind: { loss, slopes, guard }, groups: shaders.guardGroups(size), flops: 0 }];
});

export const advanceKernel = single(advanceOp, ({ inputs: [, guard], outputs: [step] }) => [
  { code: shaders.advance(), bind: { guard, step }, groups: [1, 1, 1], flops: 0 },
]);

export const recordKernel = single(recordStepOp, ({ inputs: [, step, loss, correct, live], outputs: [ring] }) => {
  const code = shaders.recordStep({ rows: ring.shape[0] ?? 0 });
  return [{ code, bind: { step, loss, correct, live, ring }, groups: [1, 1, 1], flops: 0 }];
});

/** A row of the ring, and then the next step, where both belong to one counter. */
export const recordAndAdvanceKernel: Kernel = {
  name: 'recordAndAdvance',
  match: (node) => {
    const record = operandsOf(recordStepOp, node);
    if (record === undefined) return undefined;
    const [, step, loss, correct, live] = record.inputs;
    const [ring] = record.outputs;
    const next = step.graph.nodes.find((other) => advanceOp.attrsOf(other) !== undefined && other.inputs[0] === step);
    const [after] = next?.outputs ?? [];
    const guard = next?.inputs[1];
    if (next === undefined || after === undefined || guard === undefined) return undefined;
    // Whoever reads the next step within this one may be what the row is made of.
    if (step.graph.nodes.some(({ inputs }) => inputs.includes(after))) return undefined;
    const code = shaders.recordStep({ rows: ring.shape[0] ?? 0, advancing: true });
    const one: Step = { code, bind: { step: after, loss, correct, live, guard, ring }, groups: [1, 1, 1], flops: 0 };
    return { nodes: [node, next], variants: [{ name: 'plain', dialect: 'any', steps: () => [one] }] };
  },
};
