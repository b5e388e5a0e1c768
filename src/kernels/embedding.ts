import * as shaders from '../../shaders/embedding.wgsl.js';
import { linearGroups, spreadGroups } from '../../shaders/lib/linear.js';
import { sizeOf, sizes2 } from '../core/shape.js';
import { embeddingGrad, embeddingOp } from '../ops/embedding.js';
import type { Kernel, Variant } from './kernel.js';
import { operandsOf, single } from './single.js';

export const embeddingKernel = single(embeddingOp, ({ inputs: [table, indices], outputs: [y] }) => {
  const [V, D] = sizes2(table.shape);
  const code = shaders.embedding({ V, D, P: sizeOf(indices.shape) });
  return [{ code, bind: { table, indices, y }, groups: spreadGroups(sizeOf(y.shape)), flops: 0 }];
});

/** Columns that share one walk through the indices: a software adapter pays for each index that is looked at. */
const COLUMNS = 8;

export const embeddingGradKernel: Kernel = {
  name: 'embeddingGrad',
  match: (node) => {
    const operands = operandsOf(embeddingGrad, node);
    if (operands === undefined) return undefined;
    const [dy, indices] = operands.inputs;
    const [dtable] = operands.outputs;
    const [V, D] = sizes2(dtable.shape);
    const P = sizeOf(indices.shape);
    const variant = (name: string, dialect: Variant['dialect'], columns: number): Variant => ({
      name,
      dialect,
      steps: () => [
        {
          code: shaders.embeddingGrad({ V, D, P }, columns),
          bind: { dy, indices, dtable },
          groups: linearGroups(V * Math.ceil(D / columns)),
          flops: P * D,
        },
      ],
    });
    const plain = variant('plain', 'any', 1);
    return { nodes: [node], variants: D === 1 ? [plain] : [variant('columns', 'cpu', Math.min(D, COLUMNS)), plain] };
  },
};
