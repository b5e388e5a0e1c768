import type { Graph, Tensor } from '../graph/graph.js';
import { gradients } from '../graph/tape.js';
import { clipFactor } from '../ops/clipFactor.js';
import { advance, firstNonFinite, recordStep } from '../ops/control.js';
import { pack } from '../ops/pack.js';
import { mul } from '../ops/arithmetic.js';
import { addTurn, recordTurn, turnOf, whenDue } from '../ops/turns.js';
import { grouped, type ParameterGroup } from '../optim/groups.js';
import type { Optimizer, UpdateOperands } from '../optim/optimizer.js';
import { scalerOf, scaleSettings, type LossScaleOptions, type Scaler } from './lossScale.js';

/** Bounds on gradients: their norm over all parameters, or each element's size. */
export type ClipSettings = { readonly norm: number } | { readonly value: number };

/** How gradients become an update, apart from the optimizer's own settings. */
export interface UpdateSettings {
  readonly groups?: readonly ParameterGroup[] | undefined;
  readonly clip?: ClipSettings | undefined;
  /** Batches of a step. */
  readonly accumulate?: number | undefined;
  /** Gradients are those of the loss times a scale, and a step whose gradients overflow is skipped. */
  readonly lossScale?: LossScaleOptions | undefined;
}

/** What a step has found by its forward pass, and its counters. */
export interface Forward {
  readonly loss: Tensor;
  readonly correct: Tensor;
  readonly live: Tensor;
  readonly step: Tensor;
  readonly guard: Tensor;
  readonly rates: Tensor;
  readonly ring: Tensor;
  /** Where several batches make a step: how many went before, and how many an epoch has. */
  readonly turns?: { readonly batch: Tensor; readonly perEpoch: number; readonly length: number };
}

/**
 * Appends the way back, the guard, the update, the metrics and the counters.
 * @returns what of this batch is not finite, as `firstNonFinite` says it; or the guard, once it is set
 */
export function appendStepEnd(
  graph: Graph,
  forward: Forward,
  optimizer: Optimizer,
  { groups = [], clip, lossScale }: UpdateSettings,
): Tensor {
  const { loss, correct, live, step, guard, rates, ring, turns } = forward;
  const members = graph.members('parameters');
  const { trained, segments } = grouped(members, groups, optimizer);
  const scaler = lossScale && scalerOf(graph, rates, step, scaleSettings(lossScale));
  const slopes = gradients(loss, trained, scaler?.scale);
  const parameters = graph.arena('parameters');
  const startOf = (member: Tensor): number => member.place?.offset ?? 0;
  const packed = pack(slopes, trained.map(startOf), parameters.shape[0] ?? 0);

  const turn = turns && turnOf(turns.batch, turns);
  const total = turn === undefined ? packed : added(graph, packed, turn);
  const found = firstNonFinite(guard, loss, total, members.map(startOf));
  const due = turn === undefined ? found : whenDue(found, turn);
  optimizer.update(graph, {
    parameters,
    rates: scaler?.row ?? rates,
    step,
    guard: due,
    ...bounded(total, clip, scaler),
    ...(segments && { segments }),
  });

  // What overflows under a scale is skipped, and the counters move on.
  const healthy = scaler === undefined ? found : scaler.adjust(guard, due);
  graph.assign(guard, healthy);
  if (turns === undefined || turn === undefined) {
    graph.assign(ring, recordStep(ring, step, loss, correct, live));
    graph.assign(step, advance(step, healthy));
    return found;
  }
  graph.assign(ring, recordTurn(ring, step, loss, correct, live, turn));
  graph.assign(turns.batch, advance(turns.batch, healthy));
  graph.assign(step, advance(step, whenDue(healthy, turn)));
  return found;
}

/** The gradients of a turn so far. */
function added(graph: Graph, slopes: Tensor, turn: Tensor): Tensor {
  const sum = graph.state('accumulated', slopes.shape);
  const total = addTurn(sum, slopes, turn);
  graph.assign(sum, total);
  return total;
}

/** Gradients as the update sees them: without the scale, and within their bounds. */
function bounded(
  slopes: Tensor,
  clip: ClipSettings | undefined,
  scaler: Scaler | undefined,
): Pick<UpdateOperands, 'gradients' | 'factor' | 'most'> {
  if (clip !== undefined && 'norm' in clip) {
    const own = scaler === undefined ? slopes : mul(slopes, scaler.unscale);
    return { gradients: own, factor: clipFactor(own, clip.norm) };
  }
  return { gradients: slopes, ...(scaler && { factor: scaler.unscale }), ...(clip && { most: clip.value }) };
}
