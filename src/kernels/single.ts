import type { Profile } from '../core/profile.js';
import type { Node, Tensor } from '../graph/graph.js';
import type { Op, Several } from '../graph/op.js';
import type { Kernel, Step } from './kernel.js';

/** A node whose operands can be taken apart by position; the op has counted them. */
export interface Operands<Attrs extends object> {
  readonly inputs: Several<Tensor>;
  readonly outputs: Several<Tensor>;
  readonly attrs: Attrs;
}

/** The operands of a node of this op; undefined for a node of another. */
export function operandsOf<Attrs extends object>(op: Op<Attrs>, node: Node): Operands<Attrs> | undefined {
  const attrs = op.attrsOf(node);
  if (attrs === undefined) return undefined;
  return {
    inputs: node.inputs as Several<Tensor>,
    outputs: node.outputs as Several<Tensor>,
    attrs,
  };
}

/** The plain kernel of a single op, right on every adapter: the yardstick of every faster one. */
export function single<Attrs extends object>(
  op: Op<Attrs>,
  steps: (operands: Operands<Attrs>, profile: Profile) => readonly Step[],
): Kernel {
  return {
    name: op.name,
    match: (node) => {
      const operands = operandsOf(op, node);
      if (operands === undefined) return undefined;
      return {
        nodes: [node],
        variants: [{ name: 'plain', dialect: 'any', steps: (profile) => steps(operands, profile) }],
      };
    },
  };
}
