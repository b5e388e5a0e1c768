import { EngineError } from '../core/errors.js';
import { sizeOf, textOf, type Shape } from '../core/shape.js';
import type { Device } from '../gpu/device.js';
import { Formulas } from '../graph/evaluate.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { fill, gradients } from '../graph/tape.js';
import type { Kernel } from '../kernels/kernel.js';
import { Session } from './session.js';
import { Store } from './store.js';

/** Numbers with a shape. Whole numbers that are no operands of arithmetic, such as labels, come as a Uint32Array. */
export interface Operand {
  readonly shape: Shape;
  readonly data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
}

export interface EvaluateOptions {
  /** The GPU to compute on; without it the formulas are computed in f64 and rounded at the end. */
  readonly device?: Device;
  /** Names of the inputs whose gradients are wanted; every f32 input by default. */
  readonly gradients?: readonly string[];
  readonly kernels?: readonly Kernel[];
}

export interface Evaluated {
  readonly shape: Shape;
  readonly value: Float32Array<ArrayBuffer>;
  /** Of the sum of all elements of the value, by the names of the inputs. */
  readonly gradients: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
}

/**
 * Computes a few ops and their gradients, on a GPU or by formulas: the door for experiments and checks.
 *
 *     await evaluate(({ x, w }) => conv2d(x, w), { x: { shape: [1, 1, 4, 4], data }, w: … }, { device })
 *
 * @param fn builds one f32 tensor from tensors named like the inputs
 * @throws EngineError 'shape' for data that does not fill its shape, 'usage' for a gradient of no input, and whatever the ops throw
 */
export async function evaluate<Name extends string>(
  fn: (inputs: Readonly<Record<Name, Tensor>>) => Tensor,
  inputs: Readonly<Record<Name, Operand>>,
  options: EvaluateOptions = {},
): Promise<Evaluated> {
  const graph = new Graph();
  const states = Object.entries<Operand>(inputs).map(([name, { shape, data }]) => {
    if (!(data instanceof Float32Array) && !(data instanceof Uint32Array)) {
      throw new EngineError('dtype', {
        place: `evaluate, input ${name}`,
        given: 'data of another kind',
        wanted: 'a Float32Array, or a Uint32Array for labels and counts',
      });
    }
    if (data.length !== sizeOf(shape)) {
      throw new EngineError('shape', {
        place: `evaluate, input ${name}`,
        given: `${data.length} values`,
        wanted: `${sizeOf(shape)} for ${textOf(shape)}`,
      });
    }
    return { name, data, tensor: graph.state(name, shape, { dtype: data instanceof Float32Array ? 'f32' : 'u32' }) };
  });
  // One for each input: what Object.fromEntries cannot say of its keys.
  const y = fn(Object.fromEntries(states.map(({ name, tensor }) => [name, tensor])) as Record<Name, Tensor>);
  const names = options.gradients ?? states.filter(({ tensor }) => tensor.dtype === 'f32').map(({ name }) => name);
  const unknown = names.find((name) => !states.some((state) => state.name === name));
  if (unknown !== undefined) {
    throw new EngineError('usage', {
      place: 'evaluate',
      given: `a gradient of ${unknown}`,
      wanted: `gradients of ${states.map(({ name }) => name).join(', ')}`,
    });
  }
  const wanted = states.filter(({ name }) => names.includes(name));
  const slopes =
    wanted.length === 0
      ? []
      : gradients(
          y,
          wanted.map(({ tensor }) => tensor),
          fill.one([y], { value: 1 }),
        );

  const read = options.device === undefined ? readByFormulas() : await readOnGpu(options.device);
  const value = await read(y);
  const pairs = await Promise.all(
    wanted.map(async ({ name }, i) => {
      const slope = slopes[i];
      return [name, slope === undefined ? new Float32Array() : await read(slope)] as const;
    }),
  );
  return { shape: y.shape, value, gradients: Object.fromEntries(pairs) };

  function readByFormulas(): (tensor: Tensor) => Promise<Float32Array<ArrayBuffer>> {
    const formulas = new Formulas(graph);
    for (const { tensor, data } of states) formulas.set(tensor, data);
    return (tensor) => Promise.resolve(Float32Array.from(formulas.read(tensor).data));
  }

  async function readOnGpu(device: Device): Promise<(tensor: Tensor) => Promise<Float32Array<ArrayBuffer>>> {
    using store = new Store(device);
    using session = await Session.compile(store, graph, {
      name: 'evaluate',
      keep: [y, ...slopes],
      kernels: options.kernels,
    });
    for (const { name, data } of states) store.write(name, data);
    session.run();
    const values = new Map<Tensor, Float32Array<ArrayBuffer>>();
    for (const tensor of [y, ...slopes]) values.set(tensor, (await session.read(tensor)) as Float32Array<ArrayBuffer>);
    return (tensor) => Promise.resolve(values.get(tensor) ?? new Float32Array());
  }
}
