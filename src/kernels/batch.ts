import * as shaders from '../../shaders/batch.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import { countEqualOp, countPairsOp, liveMeanGrad, liveMeanOp } from '../ops/batch.js';
import { batchOp, gatherImagesOp, gatherLabelsOp, scatterRowsOp } from '../ops/data.js';
import type { Kernel, Step } from './kernel.js';
import { operandsOf, single } from './single.js';

export const batchKernel = single(batchOp, ({ inputs: [step], outputs: [indices, live], attrs }) => [
  { code: shaders.batchOf(attrs), bind: { step, indices, live }, groups: linearGroups(attrs.batch), flops: 0 },
]);

/** A batch's indices and their labels. */
export const labelledBatchKernel: Kernel = {
  name: 'labelledBatch',
  match: (node) => {
    const batch = operandsOf(batchOp, node);
    if (batch === undefined) return undefined;
    const [indices, live] = batch.outputs;
    const gather = indices.graph.nodes.find(
      (other) => gatherLabelsOp.attrsOf(other) !== undefined && other.inputs[1] === indices,
    );
    const [labels] = gather?.inputs ?? [];
    const [y] = gather?.outputs ?? [];
    if (gather === undefined || labels === undefined || y === undefined) return undefined;
    const { attrs } = batch;
    // Labels that the step makes itself may be made after the batch.
    if (labels.node !== undefined || sizeOf(labels.shape) !== attrs.count) return undefined;
    const [step] = batch.inputs;
    const code = shaders.batchOf({ ...attrs, labelled: true });
    const one: Step = { code, bind: { step, labels, indices, live, y }, groups: linearGroups(attrs.batch), flops: 0 };
    return { nodes: [node, gather], variants: [{ name: 'plain', dialect: 'any', steps: () => [one] }] };
  },
};

export const gatherImagesKernel = single(gatherImagesOp, ({ inputs: [images, indices], outputs: [y], attrs }) => {
  const [count = 0] = images.shape;
  const batch = sizeOf(indices.shape);
  const size = sizeOf(y.shape);
  const sizes = { count, batch, pixels: size / batch };
  const groups = linearGroups(shaders.gatherInvocations(sizes));
  return [
    { code: shaders.gatherImages({ ...sizes, ...attrs }), bind: { images, indices, y }, groups, flops: 3 * size },
  ];
});

export const gatherLabelsKernel = single(gatherLabelsOp, ({ inputs: [labels, indices], outputs: [y] }) => {
  const batch = sizeOf(indices.shape);
  const code = shaders.gatherLabels({ count: sizeOf(labels.shape), batch });
  return [{ code, bind: { labels, indices, y }, groups: linearGroups(batch), flops: 0 }];
});

export const scatterRowsKernel = single(scatterRowsOp, ({ inputs: [, rows, step, live], outputs: [y] }) => {
  const code = shaders.scatterRows({ target: sizeOf(y.shape), rows: sizeOf(rows.shape) });
  return [{ code, bind: { rows, step, live, y }, groups: linearGroups(sizeOf(rows.shape)), flops: 0 }];
});

export const liveMeanKernel = single(liveMeanOp, ({ inputs: [rows, live], outputs: [y] }) => {
  const size = sizeOf(rows.shape);
  return [{ code: shaders.liveMean({ rows: size }), bind: { rows, live, y }, groups: [1, 1, 1], flops: size }];
});

export const liveMeanGradKernel = single(liveMeanGrad, ({ inputs: [dy, live], outputs: [dx], attrs: { rows } }) => [
  { code: shaders.liveMeanGrad({ rows }), bind: { dy, live, dx }, groups: linearGroups(rows), flops: rows },
]);

export const countEqualKernel = single(countEqualOp, ({ inputs: [a, b, live], outputs: [y] }) => {
  const rows = sizeOf(a.shape);
  return [{ code: shaders.countEqual({ rows }), bind: { a, b, live, y }, groups: [1, 1, 1], flops: 0 }];
});

export const countPairsKernel = single(countPairsOp, ({ inputs: [, a, b, live], outputs: [y] }) => {
  const [rows, classes] = [sizeOf(a.shape), y.shape[0] ?? 0];
  return [
    { code: shaders.countPairs({ rows, classes }), bind: { a, b, live, y }, groups: linearGroups(rows), flops: 0 },
  ];
});
