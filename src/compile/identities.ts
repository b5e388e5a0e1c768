import type { Graph, Node, Tensor } from '../graph/graph.js';
import { maxPool2dGrad, maxPool2dOp } from '../ops/maxPool2d.js';
import { sumOp } from '../ops/reduce.js';
import { reluGrad, reluOp } from '../ops/relu.js';
import { reshape } from '../ops/reshape.js';
import type { Op } from '../graph/op.js';

/** Makes a node unless its equal is there already; returns the outputs. */
export type Once = (
  op: string,
  attrs: object,
  inputs: readonly Tensor[],
  make: (inputs: readonly Tensor[]) => readonly Tensor[],
) => readonly Tensor[];

/** What stands in the new graph for a node of the old, given the operands there; undefined: the node itself. */
export type Identities = (node: Node, inputs: readonly Tensor[], once: Once) => readonly Tensor[] | undefined;

/**
 * Identities that do the same work on fewer elements, or where a kernel can take it along:
 *
 *   maxPool(relu(z)) = relu(maxPool(z))
 *   reluGrad(maxPoolGrad(dy, i), relu(z)) = maxPoolGrad(reluGrad(dy, maxPool(relu(z))), i)
 *   Σ_{h,w} maxPoolGrad(dy, i) = Σ_{p,q} dy
 *   reluGrad(reshape(dy), y) = reshape(reluGrad(dy, reshape(y)))
 *
 * The first two hold together: where a window has nothing above zero its winner depends on which comes first, but then
 * its gradient is zero either way. So they are used where nothing but this gradient reads the winners, or relu(z).
 */
export function identitiesOf(old: Graph, needed: ReadonlySet<Node>, kept: readonly Tensor[]): Identities {
  const readers = readersOf(old, needed, kept);
  const commuting = commutingPools(old, needed, readers);
  const isRelu = new Set([...commuting.values()].map(({ relu }) => relu));
  const isGrad = new Set([...commuting.values()].flatMap(({ gradients }) => gradients.map(({ pool }) => pool)));
  const gateOf = new Map(
    [...commuting].flatMap(([pool, { gradients }]) => gradients.map(({ gate }) => [gate, pool] as const)),
  );
  const isOnlyReader = ({ inputs: [dy] }: Node): boolean => dy !== undefined && readers(dy)?.length === 1;
  /** Pool of the old graph → its result after relu, and its winners, in the new. */
  const pooled = new Map<Node, readonly [y: Tensor, index: Tensor]>();

  return (node, inputs, once) => {
    const [first] = inputs;
    if (first === undefined) return undefined;
    if (isRelu.has(node)) return [first];
    if (commuting.has(node)) {
      const [before, index] = again(once, maxPool2dOp, node, [first]);
      const [y] = before === undefined ? [] : once('relu', {}, [before], (x) => reluOp.apply(x, {}));
      if (y === undefined || index === undefined) return undefined;
      pooled.set(node, [y, index]);
      return [y, index];
    }
    // Its reader makes both; until then it stands for the gradient it was given.
    if (isGrad.has(node)) return [first];
    const pool = gateOf.get(node);
    const known = pool && pooled.get(pool);
    const scattered = node.inputs[0]?.node;
    if (known !== undefined && scattered !== undefined) {
      const [y, index] = known;
      const [slopes] = gated(first, y, isOnlyReader(scattered), once);
      return slopes && again(once, maxPool2dGrad, scattered, [slopes, index]);
    }
    const [, y] = inputs;
    if (y !== undefined && reluGrad.attrsOf(node) !== undefined) return gated(first, y, isOnlyReader(node), once);
    return sumOfScattered(node, first, once);
  };
}

/** A max-pool after relu, and how their gradients follow each other. */
interface Commuting {
  readonly relu: Node;
  readonly gradients: readonly { readonly pool: Node; readonly gate: Node }[];
}

type Readers = (tensor: Tensor) => readonly Node[] | undefined;

function commutingPools(old: Graph, needed: ReadonlySet<Node>, readers: Readers): ReadonlyMap<Node, Commuting> {
  const found = new Map<Node, Commuting>();
  for (const pool of old.nodes) {
    if (!needed.has(pool) || maxPool2dOp.attrsOf(pool) === undefined) continue;
    const [x] = pool.inputs;
    const [, index] = pool.outputs;
    const relu = x?.node;
    if (x === undefined || index === undefined || relu === undefined || reluOp.attrsOf(relu) === undefined) continue;
    const gates = readers(x)?.filter((reader) => reader !== pool);
    const scatters = readers(index);
    if (gates === undefined || scatters === undefined || gates.length !== scatters.length) continue;
    const gradients = gates.flatMap((gate) => {
      const [dy, y] = gate.inputs;
      const scatter = dy?.node;
      const isPair = reluGrad.attrsOf(gate) !== undefined && y === x && dy !== x && readers(dy as Tensor)?.length === 1;
      return isPair && scatter !== undefined && scatters.includes(scatter) ? [{ pool: scatter, gate }] : [];
    });
    const all = gradients.length === gates.length;
    if (all && gradients.every(({ pool: each }) => maxPool2dGrad.attrsOf(each) !== undefined)) {
      found.set(pool, { relu, gradients });
    }
  }
  return found;
}

/** Windows of a max-pool have one winner each, so scattering changes no sum over the plane. */
function sumOfScattered(node: Node, x: Tensor, once: Once): readonly Tensor[] | undefined {
  const attrs = sumOp.attrsOf(node);
  const scatter = x.node;
  const [dy] = scatter?.inputs ?? [];
  if (attrs === undefined || scatter === undefined || dy === undefined) return undefined;
  const isWholePlane = attrs.axes.includes(2) && attrs.axes.includes(3);
  return maxPool2dGrad.attrsOf(scatter) !== undefined && isWholePlane ? again(once, sumOp, node, [dy]) : undefined;
}

/**
 * dy where y > 0. A reshape is a place in memory: what gates its result gates its operand instead, in the kernel that
 * makes it, if nobody else wants the operand as it is.
 */
function gated(dy: Tensor, y: Tensor, isSole: boolean, once: Once): readonly Tensor[] {
  const gate = (both: readonly Tensor[]) => once('reluGrad', {}, both, (given) => reluGrad.apply(given, {}));
  const [source] = dy.node?.behaviour.form === 'alias' ? dy.node.inputs : [];
  if (source === undefined || !isSole) return gate([dy, y]);
  return reshaped(once, gate([source, ...reshaped(once, y, source)])[0] as Tensor, dy);
}

/** The same elements under the shape of another tensor; through an alias before it, as every reshape. */
function reshaped(once: Once, tensor: Tensor, like: Tensor): readonly Tensor[] {
  const isAlias = tensor.node?.behaviour.form === 'alias';
  const source = isAlias ? (tensor.node?.inputs[0] ?? tensor) : tensor;
  return once('reshape', { shape: like.shape }, [source], ([x]) => [reshape(x as Tensor, like.shape)]);
}

/** A node's op with its attributes on other operands. */
const again = <Attrs extends object>(
  once: Once,
  op: Op<Attrs>,
  node: Node,
  inputs: readonly Tensor[],
): readonly Tensor[] => once(op.name, node.attrs, inputs, (given) => op.apply(given, node.attrs as Attrs));

function readersOf(old: Graph, needed: ReadonlySet<Node>, kept: readonly Tensor[]): Readers {
  const readers = new Map<Tensor, Node[]>();
  for (const node of old.nodes) {
    if (!needed.has(node)) continue;
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  const outside = new Set([...kept, ...old.assignments.map(({ value }) => value)]);
  return (tensor) => (outside.has(tensor) ? undefined : (readers.get(tensor) ?? []));
}
