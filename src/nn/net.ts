import { EngineError } from '../core/errors.js';
import { bytesOf, sizeOf, textOf, type Shape } from '../core/shape.js';
import { Graph, type Tensor } from '../graph/graph.js';
import type { Layer, LayerParameter } from './layer.js';

/** A parameter of a net, by its name in PyTorch. */
export interface NetParameter extends LayerParameter {
  readonly name: string;
}

/** One line of a summary. */
export interface LayerSummary {
  readonly label: string;
  /** Without the batch axis. */
  readonly output: Shape;
  readonly parameters: number;
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
  readonly layers: readonly LayerSummary[];
  /** All multiply-adds of one image, forward. */
  readonly macs: number;
  /** Bytes of all parameters. */
  readonly bytes: number;
  /** Declares the parameters in the tensor's graph and appends the net: x [N, C, H, W] → logits [N, classes]. */
  build(x: Tensor): Tensor;
}

/**
 * A net of layers one after the other.
 * @param name for people and files
 * @param input one image's shape, [C, H, W]
 * @throws EngineError 'shape' where a layer does not fit what the one before it makes
 */
export function sequential(name: string, input: Shape, ...layers: readonly Layer[]): Net {
  const parameters: NetParameter[] = [];
  const summaries: LayerSummary[] = [];

  const passThrough = (
    x: Tensor,
    visit: (layer: Layer, from: Tensor, to: Tensor, own: readonly NetParameter[]) => void,
  ): Tensor => {
    const counts = new Map<string, number>();
    return layers.reduce((from, layer) => {
      const prefix = layer.prefix ?? 'layer';
      const asked = layer.parameters?.(from.shape) ?? {};
      const count = (counts.get(prefix) ?? 0) + 1;
      if (Object.keys(asked).length > 0) counts.set(prefix, count);
      const own = Object.entries(asked).map(([key, parameter]) => ({
        ...parameter,
        key,
        name: `${prefix}${count}.${key}`,
      }));
      const tensors = Object.fromEntries(
        own.map(({ key, name: full, shape }) => [key, from.graph.parameter(full, shape)]),
      );
      const to = layer.apply(from, tensors);
      visit(layer, from, to, own);
      return to;
    }, x);
  };

  const graph = new Graph();
  const output = passThrough(graph.state('x', [1, ...input]), (layer, from, to, own) => {
    parameters.push(...own.map(({ name: full, shape, fanIn }) => ({ name: full, shape, fanIn })));
    summaries.push({
      label: layer.label,
      output: to.shape.slice(1),
      parameters: own.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      macs: layer.macs?.(from.shape, to.shape) ?? 0,
    });
  });

  return {
    name,
    input,
    output: output.shape.slice(1),
    parameters,
    layers: summaries,
    macs: summaries.reduce((sum, layer) => sum + layer.macs, 0),
    bytes: parameters.reduce((sum, { shape }) => sum + bytesOf(shape, 'f32'), 0),
    build: (x) => {
      if (x.shape.length !== input.length + 1 || input.some((size, axis) => size !== x.shape[axis + 1])) {
        throw new EngineError('shape', {
          place: `net ${name}`,
          given: `x ${textOf(x.shape)}`,
          wanted: `a batch of ${textOf(input)}`,
        });
      }
      return passThrough(x, () => undefined);
    },
  };
}

/** A summary as lines of text: layer, output, parameters, multiply-adds. */
export function summaryText(net: Net): string {
  const rows = net.layers.map(({ label, output, parameters, macs }) => [
    label,
    textOf(output),
    `${parameters}`,
    `${macs}`,
  ]);
  const table = [
    ['layer', 'output', 'parameters', 'MACs'],
    ['input', textOf(net.input), '0', '0'],
    ...rows,
    ['total', textOf(net.output), `${net.bytes / 4}`, `${net.macs}`],
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
