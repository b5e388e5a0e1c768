import * as shaders from '../../shaders/lossHead.wgsl.js';
import { sizes2 } from '../core/shape.js';
import type { Node, Tensor } from '../graph/graph.js';
import type { Op } from '../graph/op.js';
import { fill } from '../graph/tape.js';
import { countEqualOp, liveMeanGrad, liveMeanOp } from '../ops/batch.js';
import { argmaxRowsOp, crossEntropyRowsGrad, crossEntropyRowsOp } from '../ops/softmax.js';
import { temporary, type Kernel, type Match, type Step, type Uses, type Variant } from './kernel.js';
import { operandsOf } from './single.js';

/** Rows and classes up to which one workgroup of a GPU is faster than many and a second dispatch. */
const MOST_ROWS = 1024;
const MOST_CLASSES = 64;

/**
 * The loss of a batch, its gradient for the logits, and how many of the batch are classified right: seven ops that read
 * the same few numbers, and seven dispatches that would wait for each other.
 */
export const lossHeadKernel: Kernel = { name: 'lossHead', match: matchHead };

/** The nodes of a loss head that begins here, and what they read and make. */
export interface Head {
  readonly nodes: readonly Node[];
  readonly params: shaders.HeadParams;
  readonly bind: Readonly<Record<'logits' | 'labels' | 'live' | 'dx' | 'loss' | 'correct', Tensor>> & {
    readonly seed?: Tensor;
  };
}

function matchHead(node: Node, uses: Uses): Match | undefined {
  const head = headOf(node, uses);
  return head && { nodes: head.nodes, variants: headVariants(head) };
}

export function headOf(node: Node, uses: Uses): Head | undefined {
  const rows = operandsOf(crossEntropyRowsOp, node);
  if (rows === undefined) return undefined;
  const [logits, labels] = rows.inputs;

  const mean = onward(liveMeanOp, rows.outputs[0], uses);
  const [loss] = mean?.outputs ?? [];
  const live = mean?.inputs[1];
  const best = reader(argmaxRowsOp, logits);
  const count = onward(countEqualOp, best?.outputs[0], uses);
  const [correct] = count?.outputs ?? [];
  const grad = logits.graph.nodes.find(
    (other) =>
      crossEntropyRowsGrad.attrsOf(other) !== undefined && other.inputs[1] === logits && other.inputs[2] === labels,
  );
  const spread = grad?.inputs[0]?.node;
  const [dx] = grad?.outputs ?? [];
  const [slope] = spread?.outputs ?? [];
  const [seed] = spread?.inputs ?? [];
  if (!mean || !best || !count || !spread || !grad || slope === undefined || seed === undefined) return undefined;
  if (loss === undefined || live === undefined || correct === undefined || dx === undefined) return undefined;

  const sameBatch = count.inputs.includes(labels) && count.inputs[2] === live && spread.inputs[1] === live;
  if (!sameBatch || liveMeanGrad.attrsOf(spread) === undefined || uses.soleReader(slope) !== grad) return undefined;

  const [N, C] = sizes2(logits.shape);
  const bound = { logits, labels, live, dx, loss, correct };
  // The gradient of the loss is a number of the text, or a state: a loss scale.
  const filled = seed.node && fill.attrsOf(seed.node);
  if (seed.node !== undefined && filled !== undefined && uses.soleReader(seed) === spread) {
    const nodes = [node, mean, best, count, seed.node, spread, grad];
    return { nodes, params: { N, C, seed: filled.value }, bind: bound };
  }
  if (seed.place === undefined) return undefined;
  return {
    nodes: [node, mean, best, count, spread, grad],
    params: { N, C, seed: undefined },
    bind: { ...bound, seed },
  };
}

/** The node of this op that is the first to read a tensor; others may read it too. */
const reader = <Attrs extends object>(op: Op<Attrs>, tensor: Tensor | undefined): Node | undefined =>
  tensor?.graph.nodes.find((node) => op.attrsOf(node) !== undefined && node.inputs[0] === tensor);

/** The node of this op that alone reads a tensor. */
function onward<Attrs extends object>(op: Op<Attrs>, tensor: Tensor | undefined, uses: Uses): Node | undefined {
  const next = tensor && uses.soleReader(tensor);
  return next !== undefined && op.attrsOf(next) !== undefined ? next : undefined;
}

function headVariants({ params, bind }: Head): readonly Variant[] {
  const { N, C } = params;
  const flops = 8 * N * C;
  return [
    {
      name: 'workgroup',
      dialect: 'gpu',
      fits: () => N <= MOST_ROWS && C <= MOST_CLASSES,
      steps: () => [{ code: shaders.lossHead(params), bind, groups: [1, 1, 1], flops }],
    },
    {
      name: 'rows',
      dialect: 'any',
      steps: () => {
        const { loss, correct, ...operands } = bind;
        const rows = temporary('lossHead.rows', [2, N]);
        const code = shaders.lossHeadRows(params);
        return [
          { code, bind: { ...operands, rows }, groups: shaders.headGroups(N), flops },
          headSumStep(N, { rows, live: bind.live, loss, correct }),
        ];
      },
    },
  ];
}

/** Adds up what the rows have. */
export const headSumStep = (N: number, bind: Step['bind']): Step => ({
  code: shaders.lossHeadSum({ N }),
  bind,
  groups: [1, 1, 1],
  flops: 0,
  merge: 'sums',
});
