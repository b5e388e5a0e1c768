import type { EngineError } from '../../core/errors.js';
import type { Node, Tensor } from '../../graph/graph.js';
import type { Op } from '../../graph/op.js';
import type { Attributes, Call, Initializer, Sizes } from './pieces.js';

/** What a rule sees of its node, and what it may add to the model before the node's own call. */
export interface Site {
  readonly node: Node;
  /** The name of an operand in the model. */
  input(place: number): string;
  sizesOf(tensor: Tensor): Sizes;
  /** A call whose result only this node reads; its name. */
  call(op: string, inputs: readonly string[], attributes?: Attributes): string;
  /** Numbers that the model holds for this node; their name. */
  constant(name: string, values: ArrayLike<number>, shape?: readonly number[], type?: Initializer['type']): string;
  /** The node that makes an operand, if nobody else reads it: then it need not be in the model for itself. */
  only(place: number): Site | undefined;
  /** The node that makes an operand. */
  from(place: number): Site | undefined;
  /** What of this node has no form in ONNX, said with its layer. */
  refuse(what: string): EngineError;
}

/** Says an op in ONNX: the call that gives its first output, or the name of what has its values already. */
export interface Rule {
  readonly op: string;
  /** Undefined for a node of another op. */
  say(site: Site): Call | string | undefined;
  /** Whether its settings may grow with the batch. */
  readonly grows: boolean;
}

export function rule<Attrs extends object>(
  op: Op<Attrs>,
  say: (site: Site, attrs: Attrs) => Call | string,
  { grows = false }: { readonly grows?: boolean } = {},
): Rule {
  return {
    op: op.name,
    grows,
    say: (site) => {
      const attrs = op.attrsOf(site.node);
      return attrs === undefined ? undefined : say(site, attrs);
    },
  };
}

/** An op of ONNX that takes the same operands and needs no settings. */
export const alike = (op: Op<object>, name: string, attributes?: Attributes): Rule =>
  rule(op, (site) => ({
    op: name,
    inputs: site.node.inputs.map((_, place) => site.input(place)),
    ...(attributes && { attributes }),
  }));
