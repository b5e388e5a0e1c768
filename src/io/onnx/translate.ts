// From a graph to the parts of a model: each node by the rule of its op, after those that it reads.

import type { Node, Tensor } from '../../graph/graph.js';
import type { Net } from '../../nn/net.js';
import type { Weights } from '../../nn/weights.js';
import { elementRules } from './elementRules.js';
import { normRules } from './normRules.js';
import type { Attributes, Call, ElementType, Initializer, OnnxGraph, OnnxNode, ValueInfo } from './pieces.js';
import { poolRules } from './poolRules.js';
import { productRules } from './productRules.js';
import { refuse } from './refuse.js';
import type { Rule, Site } from './rule.js';
import { shapeRules } from './shapeRules.js';
import { twinsOf, type Twins } from './twins.js';

const rules: ReadonlyMap<string, Rule> = new Map(
  [...productRules, ...poolRules, ...elementRules, ...normRules, ...shapeRules].map((one) => [one.op, one]),
);

/** The names of a model's one input and one output. */
export const INPUT = 'input';
export const OUTPUT = 'output';

type Parts = Pick<OnnxGraph, 'nodes' | 'initializers' | 'values'> & { readonly output: ValueInfo };

/** Whole numbers are u32 here; places and sizes are int64 in ONNX. */
const typeOf = ({ dtype }: Tensor): ElementType => (dtype === 'f32' ? 'float' : 'int64');

/**
 * A net as nodes from the value named `input` on.
 * @param input the name of what the net takes
 * @throws EngineError 'graph' for what has no form in ONNX
 */
export function translate(net: Net, weights: Weights, input: string): Parts {
  const twins = twinsOf(net);
  const model = new Translation(twins, weights, input);
  model.finish();
  const { nodes, values } = model;
  const output = { name: OUTPUT, type: typeOf(twins.output), sizes: twins.sizesOf(twins.output) };
  // Weights in the net's order, then the numbers of nodes.
  const places = new Map([...weights.keys()].map((name, place) => [name, place]));
  const placeOf = ({ name }: Initializer): number => places.get(name) ?? places.size;
  const initializers = model.initializers.toSorted((a, b) => placeOf(a) - placeOf(b));
  return { nodes, initializers, values, output };
}

class Translation {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: Initializer[] = [];
  readonly values: ValueInfo[] = [];
  readonly #twins: Twins;
  readonly #weights: Weights;
  /** What tensors are called in the model. */
  readonly #names: Map<Tensor, string>;
  readonly #taken: Set<string>;
  /** How many nodes that lead to the output read a tensor. */
  readonly #readers: ReadonlyMap<Tensor, number>;

  constructor(twins: Twins, weights: Weights, input: string) {
    this.#twins = twins;
    this.#weights = weights;
    this.#names = new Map([[twins.input, input]]);
    this.#taken = new Set([INPUT, OUTPUT, ...weights.keys()]);
    this.#readers = readersOf(twins.output);
  }

  finish(): void {
    const { output } = this.#twins;
    if (output.node === undefined) this.#append({ op: 'Identity', inputs: [this.#nameOf(output)] }, 'identity', output);
    else this.#nameOf(output);
  }

  #nameOf(tensor: Tensor): string {
    const known = this.#names.get(tensor);
    if (known !== undefined) return known;
    const name = tensor.node === undefined ? this.#weight(tensor) : this.#made(tensor, tensor.node);
    this.#names.set(tensor, name);
    return name;
  }

  #weight({ name, shape }: Tensor): string {
    const weight = this.#weights.get(name);
    if (weight === undefined) throw refuse(`${name}, a state that is no weight of the net`);
    this.initializers.push({ name, type: 'float', shape, values: weight.data });
    return name;
  }

  #made(tensor: Tensor, node: Node): string {
    const where = this.#placeOf(tensor);
    const found = rules.get(node.op);
    if (found === undefined || tensor.output > 0) throw refuse(where);
    if (!found.grows && !this.#twins.isSteady(node)) throw refuse(`${where}, whose settings depend on the batch`);
    const name = this.#free(this.#twins.layerOf(tensor)?.name ?? tensor.name.replace(/\.0$/, ''));
    const said = found.say(this.#site(node, name));
    // Another op by the name of one of the engine's.
    if (said === undefined) throw refuse(where);
    if (typeof said !== 'string') return this.#append(said, name, tensor);
    return tensor === this.#twins.output ? this.#append({ op: 'Identity', inputs: [said] }, name, tensor) : said;
  }

  #append(call: Call, name: string, tensor: Tensor): string {
    const sizes = this.#twins.sizesOf(tensor);
    const isLast = tensor === this.#twins.output;
    const made = isLast ? OUTPUT : name;
    const label = this.#twins.layerOf(tensor)?.label;
    const shape = `[${sizes.map((size) => size ?? '?').join(', ')}]`;
    this.nodes.push({ ...call, name, output: made, doc: label && `${label} → ${shape}` });
    if (!isLast) this.values.push({ name: made, type: typeOf(tensor), sizes, doc: label });
    return made;
  }

  #site(node: Node, name: string): Site {
    const site = (place: number, mayHaveOthers: boolean): Site | undefined => {
      const tensor = node.inputs[place];
      if (tensor?.node === undefined || (!mayHaveOthers && this.#readers.get(tensor) !== 1)) return undefined;
      return this.#site(tensor.node, name);
    };
    return {
      node,
      input: (place) => this.#nameOf(node.inputs[place] as Tensor),
      sizesOf: (tensor) => this.#twins.sizesOf(tensor),
      call: (op, inputs, attributes?: Attributes) => {
        const made = this.#free(`${name}/${op}`);
        this.nodes.push({ op, inputs, name: made, output: made, ...(attributes && { attributes }) });
        return made;
      },
      constant: (key, values, shape = [], type = 'float') => {
        const own = this.#free(`${name}/${key}`);
        this.initializers.push({ name: own, type, shape, values });
        return own;
      },
      only: (place) => site(place, false),
      from: (place) => site(place, true),
      refuse: (what) => refuse(`${this.#placeOf(node.outputs[0] as Tensor)}: ${what}`),
    };
  }

  #placeOf(tensor: Tensor): string {
    const layer = this.#twins.layerOf(tensor);
    return layer === undefined ? tensor.name : `${tensor.name} of the layer ${layer.label}`;
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(name);
    return name;
  }
}

function readersOf(output: Tensor): Map<Tensor, number> {
  const readers = new Map<Tensor, number>();
  const visit = (tensor: Tensor): void => {
    const count = readers.get(tensor) ?? 0;
    readers.set(tensor, count + 1);
    if (count === 0) tensor.node?.inputs.forEach(visit);
  };
  visit(output);
  return readers;
}
