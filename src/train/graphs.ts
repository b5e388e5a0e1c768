import { Graph, type Tensor } from '../graph/graph.js';
import type { Net } from '../nn/net.js';
import { countEqual, countPairs } from '../ops/batch.js';
import { augment } from '../ops/augment.js';
import type { TrainingAugmentation } from '../ops/augmentation.js';
import { advance } from '../ops/control.js';
import { batchOf, gatherImages, gatherLabels, scatterRows } from '../ops/data.js';
import { mixRows, mixup } from '../ops/mixup.js';
import { argmaxRows, crossEntropyRows, softmax } from '../ops/softmax.js';
import type { Optimizer } from '../optim/optimizer.js';
import { augmentAttrs, MIXUP_STREAM } from './augmentations.js';
import { batchLoss, lossRows } from './batchLoss.js';
import type { Loss } from './losses.js';
import { appendStepEnd, type UpdateSettings } from './stepEnd.js';

/** Rows of learning rates on the GPU: how far ahead of the GPU they can be filled. */
export const RATE_ROWS = 4096;
/** Steps whose loss and accuracy the GPU remembers: how late they may be read. */
export const RING_ROWS = 4096;

/** What the images of a set look like, and how they become the net's input: (x/255 − mean)/std. */
export interface ImageSet {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
}

export interface BatchSettings {
  readonly batch: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly mean: number;
  readonly std: number;
  /** Of training images alone. */
  readonly augment?: TrainingAugmentation | undefined;
  /** The cross-entropy if absent. */
  readonly loss?: Loss | undefined;
}

/**
 * One training step: batch, net, loss, gradients, update, counters, metrics. Where several batches make a step, one batch
 * of it: the update, and all that is counted in steps, comes with the last.
 */
export function trainGraph(
  net: Net,
  set: ImageSet,
  settings: BatchSettings,
  optimizer: Optimizer,
  update: UpdateSettings = {},
): Graph {
  const graph = new Graph();
  const step = graph.state('step', [1], { dtype: 'u32' });
  const guard = graph.state('guard', [1], { dtype: 'u32' });
  const rates = graph.state('rates', [RATE_ROWS, 4]);
  const ring = graph.state('metrics', [RING_ROWS, 3]);
  const { accumulate: length = 1 } = update;
  const perEpoch = Math.ceil(set.count / settings.batch);
  const turns = length > 1 ? { batch: graph.state('batches', [1], { dtype: 'u32' }), perEpoch, length } : undefined;
  const counter = turns?.batch ?? step;
  const { x: plain, indices, classes, labels, live } = batchFrom(graph, 'train', counter, set, settings);
  const { mixup: alpha, ...changes } = settings.augment ?? {};
  const isChanged = Object.keys(changes).length > 0;
  const seen = isChanged ? augment(plain, indices, counter, augmentAttrs(changes, { ...settings, perEpoch })) : plain;
  const mixed =
    alpha === undefined
      ? undefined
      : mixup(indices, live, counter, { alpha, seed: settings.seed, stream: MIXUP_STREAM, perEpoch });
  const x = mixed ? mixRows(seen, mixed.partners, mixed.own) : seen;

  const effects: ((guard: Tensor) => void)[] = [];
  const logits = net.build(x, {
    kind: 'train',
    step: counter,
    seed: settings.seed,
    live,
    atEnd: (effect) => effects.push(effect),
  });
  const others = mixed && { labels: gatherLabels(classes, mixed.images), own: mixed.own };
  const loss = batchLoss(settings.loss, logits, labels, live, others);
  // Of a mixture, by the label of its larger part.
  const correct = countEqual(argmaxRows(logits), labels, live);
  const forward = { loss, correct, live, step, guard, rates, ring, ...(turns && { turns }) };
  const healthy = appendStepEnd(graph, forward, optimizer, update);
  effects.forEach((effect) => effect(healthy));
  return graph;
}

/** A set that is evaluated and not trained on. */
export type HeldOut = 'test' | 'validation';

/**
 * One batch of an evaluation in file order: the loss and the answer of each image go to rows of the set, and how many
 * images of a label got which answer is counted.
 * @param confident the cross-entropy of each answer too, as if it were the label: −ln of how sure the net is of it; and that
 * of each label, where the loss is another
 */
export function evaluationGraph(
  net: Net,
  set: ImageSet,
  settings: BatchSettings,
  of: HeldOut = 'test',
  confident = false,
): Graph {
  const classes = net.output[0] ?? 0;
  const graph = new Graph();
  const step = graph.state(`${of}.step`, [1], { dtype: 'u32' });
  const guard = graph.state(`${of}.guard`, [1], { dtype: 'u32' });
  const losses = graph.state(`${of}.losses`, [set.count]);
  const answers = graph.state(`${of}.answers`, [set.count], { dtype: 'u32' });
  const confusion = graph.state(`${of}.confusion`, [classes, classes], { dtype: 'u32' });
  const { x, labels, live } = batchFrom(graph, of, step, set, { ...settings, shuffle: false });

  const logits = net.build(x);
  const keep = (state: Tensor, rows: Tensor): void => graph.assign(state, scatterRows(state, rows, step, live));
  const { rows, counts } = settings.loss
    ? lossRows(settings.loss, logits, labels)
    : { rows: crossEntropyRows(logits, labels) };
  keep(losses, rows);
  if (counts !== undefined) keep(graph.state(`${of}.counts`, [set.count]), counts);
  const answer = argmaxRows(logits);
  keep(answers, answer);
  graph.assign(confusion, countPairs(confusion, labels, answer, live));
  if (confident) {
    keep(graph.state(`${of}.answerLosses`, [set.count]), crossEntropyRows(logits, answer));
    if (settings.loss) keep(graph.state(`${of}.labelLosses`, [set.count]), crossEntropyRows(logits, labels));
  }
  graph.assign(step, advance(step, guard));
  return graph;
}

/** The probabilities of a batch of images that are written into the Store. */
export function predictGraph(
  net: Net,
  set: ImageSet,
  settings: BatchSettings,
): { readonly graph: Graph; readonly probabilities: Tensor } {
  const graph = new Graph();
  const step = graph.state('predict.step', [1], { dtype: 'u32' });
  const images = graph.state('predict.images', [set.count, set.rows, set.columns], { dtype: 'u8' });
  const { indices } = batchOf(step, { count: set.count, batch: set.count, seed: 0, shuffle: false });
  const probabilities = softmax(net.build(gatherImages(images, indices, settings)));
  return { graph, probabilities };
}

function batchFrom(
  graph: Graph,
  name: string,
  step: Tensor,
  { count, rows, columns }: ImageSet,
  { batch, seed, shuffle, mean, std }: BatchSettings,
): Readonly<Record<'x' | 'indices' | 'classes' | 'labels' | 'live', Tensor>> {
  const images = graph.state(`${name}.images`, [count, rows, columns], { dtype: 'u8' });
  const classes = graph.state(`${name}.labels`, [count], { dtype: 'u8' });
  const { indices, live } = batchOf(step, { count, batch, seed, shuffle });
  const x = gatherImages(images, indices, { mean, std });
  return { x, indices, classes, labels: gatherLabels(classes, indices), live };
}
