import { EngineError } from '../core/errors.js';
import { bytesOf, sizeOf, textOf, type Shape } from '../core/shape.js';
import { Graph, type Tensor } from '../graph/graph.js';
import type { Layer, LayerParameter, LayerState, NetMode } from './layer.js';

/** A parameter of a net, by its name in PyTorch. */
export interface NetParameter extends LayerParameter {
  readonly name: string;
}

/** A state of a net besides its parameters, by its name in PyTorch. */
export interface NetState extends LayerState {
  readonly name: string;
}

/** One line of a summary. */
export interface LayerSummary {
  readonly label: string;
  /** Without the batch axis. */
  readonly output: Shape;
  readonly parameters: number;
  /** Of the parameters. */
  readonly bytes: number;
  /** Multiply-adds of one image, forward. */
  readonly macs: number;
}

/** A net as a sentence: what goes in, and the layers it passes. */
export interface Net {
  readonly name: string;
  /** Of one image, [C, H, W]. */
  readonly input: Shape;
  /** Of one image: one logit a class. */
  readonly output: Shape;
  readonly parameters: readonly NetParameter[];
  /** What training keeps besides: running statistics. */
  readonly states: readonly NetState[];
  readonly layers: readonly LayerSummary[];
  /** All multiply-adds of one image, forward. */
  readonly macs: number;
  /** Bytes of all parameters. */
  readonly bytes: number;
  /**
   * Declares parameters and states in the tensor's graph and appends the net: x [N, C, H, W] → logits [N, classes].
   * @param mode as in evaluation if absent
   * @param visit hears of each layer, in the order of their application, which is that of `layers`
   */
  build(x: Tensor, mode?: NetMode, visit?: (applied: AppliedLayer) => void): Tensor;
}

/** A layer of a net as it stands in a graph. */
export interface AppliedLayer {
  /** As in the summary: `conv2d 6 3×3`. */
  readonly label: string;
  /** What goes in, and what comes out: batch axis first. A layer that does nothing in this mode gives its input. */
  readonly x: Tensor;
  readonly y: Tensor;
  /** Named as in PyTorch: `conv1.weight`. */
  readonly parameters: readonly Tensor[];
  readonly states: readonly Tensor[];
}

const EVALUATING: NetMode = { kind: 'evaluate' };

/** Random streams of layers begin here; each application of a layer has the next, whether it draws or not. */
const FIRST_LAYER_STREAM = 1 << 16;

/** A layer as it was applied, and what it asked for. */
interface Passed extends AppliedLayer {
  readonly layer: Layer;
  readonly own: readonly NetParameter[];
  readonly kept: readonly NetState[];
}

/** Appends a layer to the net that is being said. Its parameters are new ones each time: sharing is using a tensor twice. */
export type Apply = (layer: Layer, x: Tensor) => Tensor;

/**
 * A net said as a function: branches, residuals, and any ops between layers.
 *
 *     functional('residual', [8, 14, 14], (x, apply) => {
 *       const y = apply(conv2d(8, 3, { padding: 1 }), x);
 *       return apply(dense(10), apply(flatten(), add(apply(relu(), y), x)));
 *     })
 *
 * Parameters are named by kind and order of application, as in a sequential net.
 *
 * @param name for people and files
 * @param input one image's shape, [C, H, W]
 * @param say x [N, C, H, W] → logits [N, classes]; called for every plan, and must say the same each time
 * @throws EngineError 'shape' where a layer does not fit what it is applied to
 */
export function functional(name: string, input: Shape, say: (x: Tensor, apply: Apply) => Tensor): Net {
  const parameters: NetParameter[] = [];
  const states: NetState[] = [];
  const summaries: LayerSummary[] = [];

  const pass = (x: Tensor, mode: NetMode, visit: (passed: Passed) => void): Tensor => {
    const counts = new Map<string, number>();
    let stream = FIRST_LAYER_STREAM;
    return say(x, (layer, from) => {
      const prefix = layer.prefix ?? 'layer';
      const count = (counts.get(prefix) ?? 0) + 1;
      const named = <T>(asked: Readonly<Record<string, T>> = {}): [key: string, one: T & { name: string }][] =>
        Object.entries(asked).map(([key, one]) => [key, { ...one, name: `${prefix}${count}.${key}` }]);
      const own = named(layer.parameters?.(from.shape));
      const kept = named(layer.states?.(from.shape));
      if (own.length + kept.length > 0) counts.set(prefix, count);
      const { graph } = from;
      const tensors = Object.fromEntries(
        own.map(([key, { name: full, shape }]) => [key, graph.parameter(full, shape)]),
      );
      const memory = Object.fromEntries(
        kept.map(([key, { name: full, shape }]) => [key, graph.state(full, shape, { arena: 'running' })]),
      );
      const y = layer.apply(from, tensors, { mode, states: memory, stream: stream++ });
      visit({
        layer,
        label: layer.label,
        x: from,
        y,
        parameters: Object.values(tensors),
        states: Object.values(memory),
        own: own.map(([, one]) => one),
        kept: kept.map(([, one]) => one),
      });
      return y;
    });
  };

  const graph = new Graph();
  const output = pass(graph.state('x', [1, ...input]), EVALUATING, ({ layer, x, y, own, kept }) => {
    parameters.push(...own);
    states.push(...kept);
    const count = own.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    summaries.push({
      label: layer.label,
      output: y.shape.slice(1),
      parameters: count,
      bytes: own.reduce((sum, { shape }) => sum + bytesOf(shape, 'f32'), 0),
      macs: layer.macs?.(x.shape, y.shape) ?? 0,
    });
  });

  return {
    name,
    input,
    output: output.shape.slice(1),
    parameters,
    states,
    layers: summaries,
    macs: summaries.reduce((sum, layer) => sum + layer.macs, 0),
    bytes: summaries.reduce((sum, layer) => sum + layer.bytes, 0),
    build: (x, mode = EVALUATING, visit = () => undefined) => {
      if (x.shape.length !== input.length + 1 || input.some((size, axis) => size !== x.shape[axis + 1])) {
        throw new EngineError('shape', {
          place: `net ${name}`,
          given: `x ${textOf(x.shape)}`,
          wanted: `a batch of ${textOf(input)}`,
        });
      }
      return pass(x, mode, visit);
    },
  };
}

/** A net of layers one after the other; otherwise as `functional`. */
export const sequential = (name: string, input: Shape, ...layers: readonly Layer[]): Net =>
  functional(name, input, (x, apply) => layers.reduce((from, layer) => apply(layer, from), x));

/** A summary as lines of text: layer, output, parameters, their bytes, multiply-adds. */
export function summaryText(net: Net): string {
  const rows = net.layers.map(({ label, output, parameters, bytes, macs }) => [
    label,
    textOf(output),
    ...[parameters, bytes, macs].map(String),
  ]);
  const table = [
    ['layer', 'output', 'parameters', 'bytes', 'MACs'],
    ['input', textOf(net.input), '0', '0', '0'],
    ...rows,
    ['total', textOf(net.output), `${net.bytes / 4}`, `${net.bytes}`, `${net.macs}`],
  ];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
