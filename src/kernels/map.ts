import { activations } from '../../shaders/activations.wgsl.js';
import { arithmetic } from '../../shaders/arithmetic.wgsl.js';
import { spreadGroups } from '../../shaders/lib/linear.js';
import { map, type Formula } from '../../shaders/lib/map.js';
import { sizeOf } from '../core/shape.js';
import { activationOps } from '../ops/activations.js';
import { elementwiseOps } from '../ops/elementwise.js';
import type { MapOp } from '../ops/map.js';
import type { Kernel } from './kernel.js';
import { single } from './single.js';

/** A kernel for each member of a family, whose WGSL stands in a table under the member's name. */
const kernelsOf = <Ops extends Readonly<Record<string, MapOp<object>>>>(
  ops: Ops,
  formulas: { readonly [Name in keyof Ops]: Ops[Name] extends MapOp<infer Attrs> ? Formula<Attrs> : never },
): readonly Kernel[] =>
  Object.keys(ops).map((name) => mapKernel(ops[name] as MapOp<object>, formulas[name] as Formula<object>));

const mapKernel = (op: MapOp<object>, formula: Formula<object>): Kernel =>
  single(op, ({ inputs, outputs: [result], attrs }) => {
    const operands = op.operands.map((name, i) => ({ name, tensor: inputs[i] as (typeof inputs)[0] }));
    const code = map({
      op: op.name,
      operands: operands.map(({ name, tensor: { shape } }) => ({ name, shape })),
      shape: result.shape,
      formula: formula.body(attrs),
      functions: formula.functions,
    });
    const bind = Object.fromEntries([...operands.map(({ name, tensor }) => [name, tensor]), ['result', result]]);
    return [{ code, bind, groups: spreadGroups(sizeOf(result.shape)), flops: sizeOf(result.shape) }];
  });

/** The kernels of all families of elementwise ops. */
export const mapKernels: readonly Kernel[] = [
  ...kernelsOf(elementwiseOps, arithmetic),
  ...kernelsOf(activationOps, activations),
];
