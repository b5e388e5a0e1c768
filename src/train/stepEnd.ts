import type { Graph, Tensor } from '../graph/graph.js';
import { gradients } from '../graph/tape.js';
import { clipFactor } from '../ops/clipFactor.js';
import { advance, firstNonFinite, recordStep } from '../ops/control.js';
import { pack } from '../ops/pack.js';
import { addTurn, recordTurn, turnOf, whenDue } from '../ops/turns.js';
import { grouped, type ParameterGroup } from '../optim/groups.js';
import type { Optimizer, UpdateOperands } from '../optim/optimizer.js';

/** Bounds on gradients: their norm over all parameters, or each element's size. */
export type ClipSettings = { readonly norm: number } | { readonly value: number };

/** How gradients become an update, apart from the optimizer's own settings. */
export interface UpdateSettings {
  readonly groups?: readonly ParameterGroup[] | undefined;
  readonly clip?: ClipSettings | undefined;
  /** Batches of a step. */
  readonly accumulate?: number | undefined;
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
 * @returns the guard's word after this batch
 */
export function appendStepEnd(
  graph: Graph,
  forward: Forward,
  optimizer: Optimizer,
  { groups = [], clip }: UpdateSettings,
): Tensor {
  const { loss, correct, live, step, guard, rates, ring, turns } = forward;
  const members = graph.members('parameters');
  const { trained, segments } = grouped(members, groups, optimizer);
  const slopes = gradients(loss, trained);
  const parameters = graph.arena('parameters');
  const startOf = (member: Tensor): number => member.place?.offset ?? 0;
  const packed = pack(slopes, trained.map(startOf), parameters.shape[0] ?? 0);

  const update = (slopesOfStep: Tensor, word: Tensor): void => {
    const operands = { parameters, gradients: slopesOfStep, rates, step, guard: word, ...(segments && { segments }) };
    optimizer.update(graph, { ...operands, ...clipped(slopesOfStep, clip) });
  };
  const guardOf = (slopesSoFar: Tensor): Tensor => {
    const healthy = firstNonFinite(guard, loss, slopesSoFar, members.map(startOf));
    graph.assign(guard, healthy);
    return healthy;
  };

  if (turns === undefined) {
    const healthy = guardOf(packed);
    update(packed, healthy);
    graph.assign(ring, recordStep(ring, step, loss, correct, live));
    graph.assign(step, advance(step, healthy));
    return healthy;
  }
  const turn = turnOf(turns.batch, turns);
  const sum = graph.state('accumulated', packed.shape);
  const total = addTurn(sum, packed, turn);
  graph.assign(sum, total);
  const healthy = guardOf(total);
  const due = whenDue(healthy, turn);
  update(total, due);
  graph.assign(ring, recordTurn(ring, step, loss, correct, live, turn));
  graph.assign(turns.batch, advance(turns.batch, healthy));
  graph.assign(step, advance(step, due));
  return healthy;
}

function clipped(slopes: Tensor, clip: ClipSettings | undefined): Pick<UpdateOperands, 'clip'> {
  if (clip === undefined) return {};
  return { clip: 'norm' in clip ? { factor: clipFactor(slopes, clip.norm) } : { most: clip.value } };
}
