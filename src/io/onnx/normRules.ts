// Norms. ONNX operator specification, opset 17: BatchNormalization, LayerNormalization.

import { sizeOf } from '../../core/shape.js';
import type { Tensor } from '../../graph/graph.js';
import { momentsOp, runningStatisticsOp, type MomentsAttrs } from '../../ops/moments.js';
import { normaliseOp, type NormaliseAttrs, type NormPart } from '../../ops/normalise.js';
import type { Call } from './pieces.js';
import { rule, type Rule, type Site } from './rule.js';
import { target } from './shapeRules.js';

const partOf = (site: Site, { parts }: NormaliseAttrs, name: NormPart): string | undefined =>
  parts.includes(name) ? site.input(2 + parts.indexOf(name)) : undefined;

const filled = (site: Site, name: string, count: number, value: number): string =>
  site.constant(name, new Array<number>(count).fill(value), [count]);

/** By running statistics, as in evaluation. */
function byRunning(site: Site, statistics: Site, epsilon: number, attrs: NormaliseAttrs): Call {
  const { count } = attrs.channels;
  return {
    op: 'BatchNormalization',
    inputs: [
      site.input(0),
      partOf(site, attrs, 'weight') ?? filled(site, 'ones', count, 1),
      partOf(site, attrs, 'bias') ?? filled(site, 'zeros', count, 0),
      statistics.input(0),
      statistics.input(1),
    ],
    attributes: { epsilon: { float: epsilon } },
  };
}

/** Rows by their own mean and deviation, or by their root mean square; the weight and bias of each place in a row with it. */
function ofRows(
  site: Site,
  rows: string,
  run: number,
  { epsilon, centred }: MomentsAttrs,
  weight?: string,
  bias?: string,
): Call {
  if (centred) {
    return {
      op: 'LayerNormalization',
      inputs: [rows, weight ?? filled(site, 'ones', run, 1), ...(bias === undefined ? [] : [bias])],
      attributes: { axis: { int: -1 }, epsilon: { float: epsilon } },
    };
  }
  const squares = site.call('Mul', [rows, rows]);
  const mean = site.call('ReduceMean', [squares], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  const root = site.call('Sqrt', [site.call('Add', [mean, site.constant('epsilon', [epsilon])])]);
  return weighted(site, { op: 'Div', inputs: [rows, root] }, weight, bias);
}

/** y·weight + bias. */
function weighted(site: Site, y: Call, weight?: string, bias?: string): Call {
  if (weight === undefined) return y;
  const scaled = { op: 'Mul', inputs: [site.call(y.op, y.inputs, y.attributes), weight] };
  return bias === undefined ? scaled : { op: 'Add', inputs: [site.call(scaled.op, scaled.inputs), bias] };
}

function byOwn(site: Site, moments: MomentsAttrs, attrs: NormaliseAttrs): Call {
  const x = site.node.inputs[0] as Tensor;
  const { channels } = attrs;
  const { run } = moments.groups;
  const [weight, bias] = (['weight', 'bias'] as const).map((name) => partOf(site, attrs, name));
  const isFlat = x.shape.at(-1) === run;
  const rows = isFlat
    ? site.input(0)
    : site.call('Reshape', [site.input(0), site.constant('rows', [-1, run], [2], 'int64')]);
  const back = (y: Call): Call =>
    isFlat ? y : { op: 'Reshape', inputs: [site.call(y.op, y.inputs, y.attributes), target(site, site.sizesOf(x))] };
  // A weight for each place in a row, or for each channel of an image.
  if (channels.run === 1 && channels.count === run) return back(ofRows(site, rows, run, moments, weight, bias));
  const asChannels = (part: string | undefined): string | undefined =>
    part &&
    site.call('Reshape', [
      part,
      site.constant('channels', [channels.count, ...x.shape.slice(2).map(() => 1)], [x.shape.length - 1], 'int64'),
    ]);
  return weighted(site, back(ofRows(site, rows, run, moments)), asChannels(weight), asChannels(bias));
}

function normalised(site: Site, attrs: NormaliseAttrs): Call {
  const statistics = site.from(1);
  const running = statistics && runningStatisticsOp.attrsOf(statistics.node);
  const x = site.node.inputs[0];
  const isOfChannels = x?.shape[1] === attrs.channels.count && sizeOf(x.shape.slice(2)) === attrs.channels.run;
  if (statistics && running && isOfChannels) return byRunning(site, statistics, running.epsilon, attrs);
  const own = statistics && momentsOp.attrsOf(statistics.node);
  if (own === undefined || statistics?.node.inputs[0] !== x || attrs.parts.includes('live'))
    throw site.refuse('statistics that are neither running ones nor its own');
  return byOwn(site, own, attrs);
}

export const normRules: readonly Rule[] = [rule(normaliseOp, normalised, { grows: true })];
