import { outputsOf, sum, type SumParams } from '../../shaders/sum.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import { sumOp } from '../ops/reduce.js';
import { temporary, type Kernel, type Slot, type Step, type Variant } from './kernel.js';
import { operandsOf } from './single.js';

/**
 * One dispatch: every output walks its terms alone.
 * @param flops 0 where the sum puts together what an earlier dispatch has counted
 */
export const sumStep = (x: Slot, y: Slot, params: SumParams, flops = sizeOf(params.shape)): Step => ({
  code: sum(params),
  bind: { x, y },
  groups: linearGroups(outputsOf(params)),
  flops,
});

/** Fewer outputs than this leave cores without work when each walks its terms alone. */
const FEW_OUTPUTS = 2048;
/** From so many terms on, a second dispatch is cheaper than one long walk. */
const MANY_TERMS = 256;

/**
 * A sum; where outputs are few and terms many, in two dispatches: first over all reduced axes but the first, then over
 * that one. The order of every sum is fixed either way.
 */
export const sumKernel: Kernel = {
  name: 'sum',
  match: (node) => {
    const operands = operandsOf(sumOp, node);
    if (operands === undefined) return undefined;
    const {
      inputs: [x],
      outputs: [y],
      attrs: { axes },
    } = operands;
    const params = { shape: x.shape, axes };
    const plain: Variant = { name: 'plain', dialect: 'any', steps: () => [sumStep(x, y, params)] };
    const [first, ...rest] = axes;
    const outputs = sizeOf(y.shape);
    const long = outputs < FEW_OUTPUTS && sizeOf(x.shape) / outputs >= MANY_TERMS;
    if (first === undefined || rest.length === 0 || !long) return { nodes: [node], variants: [plain] };

    const partial = temporary(
      'sum.partial',
      x.shape.map((size, axis) => (rest.includes(axis) ? 1 : size)),
    );
    const split: Variant = {
      name: 'split',
      dialect: 'any',
      steps: () => [
        sumStep(x, partial, { shape: x.shape, axes: rest }),
        sumStep(partial, y, { shape: partial.shape, axes: [first] }),
      ],
    };
    return { nodes: [node], variants: [split, plain] };
  },
};
