import * as shaders from '../../shaders/optimizers.wgsl.js';
import { spreadGroups } from '../../shaders/lib/linear.js';
import { clipFactor, clipParts, clipPartsLanes, partGroups } from '../../shaders/clipFactor.wgsl.js';
import { sizeOf } from '../core/shape.js';
import { CLIP_EPSILON, clipFactorOp } from '../ops/clipFactor.js';
import { adagradUpdate, adamUpdate, lionUpdate, rmspropUpdate, sgdUpdate } from '../ops/optimizers.js';
import { controlsOf, type Update, type UpdateAttrs } from '../ops/updates.js';
import { temporary, type Kernel, type Step, type Variant } from './kernel.js';
import { operandsOf, single } from './single.js';

/** The kernel of an update: one dispatch over the arena, so many FLOPs an element. */
const updateKernel = <Attrs extends UpdateAttrs>(
  op: Update<Attrs>,
  code: (params: Attrs & shaders.UpdateParams) => string,
  flops: number,
): Kernel =>
  single(op, ({ inputs, outputs, attrs }) => {
    const [p, ...written] = outputs;
    const size = sizeOf(p.shape);
    const states = op.states(attrs);
    const { rates, step, guard, factor } = controlsOf(inputs, states.length);
    const text = code({ ...attrs, size, rows: rates.shape[0] ?? 0, scaled: factor !== undefined });
    const bound = Object.fromEntries(states.map((name, state) => [name, written[state] ?? p]));
    return [
      {
        code: text,
        bind: { g: inputs[1], rates, step, guard, p, ...bound, ...(factor && { factor }) },
        groups: spreadGroups(size),
        flops: flops * size,
      },
    ];
  });

export const sgdKernel = updateKernel(sgdUpdate, shaders.sgd, 4);
export const adamKernel = updateKernel(adamUpdate, shaders.adam, 12);
export const rmspropKernel = updateKernel(rmspropUpdate, shaders.rmsprop, 10);
export const adagradKernel = updateKernel(adagradUpdate, shaders.adagrad, 7);
export const lionKernel = updateKernel(lionUpdate, shaders.lion, 9);

/** Parts of a norm that keep a software adapter's cores busy. */
const PARTS = 256;
/** Slopes of one invocation of a GPU, and the most workgroups. */
const EACH = 16;
const MOST_GROUPS = 1024;

/** Squares in parts, then their root: one order of every sum for each variant. */
export const clipFactorKernel: Kernel = {
  name: 'clipFactor',
  match: (node) => {
    const operands = operandsOf(clipFactorOp, node);
    if (operands === undefined) return undefined;
    const {
      inputs: [slopes],
      outputs: [factor],
      attrs: { most },
    } = operands;
    const size = sizeOf(slopes.shape);
    const stepsBy = (
      parts: number,
      each: 'invocation' | 'workgroup',
      code: (p: { size: number; parts: number }) => string,
    ): readonly Step[] => {
      const squares = temporary('clip.squares', [2, parts]);
      return [
        {
          code: code({ size, parts }),
          bind: { slopes, squares },
          groups: partGroups(parts, each),
          flops: 2 * size,
        },
        {
          code: clipFactor({ parts, most, epsilon: CLIP_EPSILON }),
          bind: { squares, factor },
          groups: [1, 1, 1],
          flops: 0,
        },
      ];
    };
    const groups = Math.min(MOST_GROUPS, Math.ceil(size / (64 * EACH)));
    const lanes: Variant = {
      name: 'lanes',
      dialect: 'gpu',
      steps: () => stepsBy(groups, 'workgroup', clipPartsLanes),
    };
    const plain: Variant = {
      name: 'plain',
      dialect: 'any',
      steps: () => stepsBy(Math.min(PARTS, size), 'invocation', clipParts),
    };
    return { nodes: [node], variants: [lanes, plain] };
  },
};
