// What a trainer gives to a checkpoint, and what it takes from one.

import { EngineError } from '../core/errors.js';
import { sha256 } from '../core/sha256.js';
import { sameShape, textOf, type DType, type Shape } from '../core/shape.js';
import type { Dataset, Splits } from '../data/dataset.js';
import type { StateData, StateReader, Store } from '../engine/store.js';
import type { Checkpoint, CheckpointState } from '../io/checkpoint.js';
import type { CheckpointFacts, DataFacts } from '../io/checkpointFacts.js';
import type { Net } from '../nn/net.js';
import { mustFitNet } from '../nn/weights.js';
import { ALL_FINITE } from '../ops/control.js';
import { Late } from './late.js';
import { BASES } from './lossScale.js';

/** A state as a graph and a plan say it. */
interface StateSpec {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Rows that follow from the counters. */
const ROWS: ReadonlySet<string> = new Set(['rates', BASES]);

/** All states that a checkpoint holds: not the data, not the rates, no arena as a whole. */
const keptOf = <S extends StateSpec>(states: readonly S[]): readonly S[] =>
  states.filter(({ name, dtype }) => dtype !== 'u8' && !ROWS.has(name) && !name.endsWith('[*]'));

/** Reads the states of a run that a checkpoint holds; what it needs for that is made when first wanted. */
export class RunStates {
  readonly #kept: readonly StateSpec[];
  readonly #isWeight: ReadonlySet<string>;
  readonly #reader: Late<StateReader>;

  constructor(store: Pick<Store, 'reader'>, states: readonly StateSpec[], weightNames: readonly string[]) {
    this.#kept = keptOf(states);
    this.#isWeight = new Set(weightNames);
    const close = (reader: StateReader): void => reader[Symbol.dispose]();
    this.#reader = new Late(() => store.reader(this.#kept.map(({ name }) => name)), close);
  }

  /**
   * As they are when everything submitted is done.
   * @throws EngineError 'diverged' if they are those of a run that cannot go on
   */
  async read(): Promise<Pick<Checkpoint, 'weights' | 'states'>> {
    const reader = await this.#reader.value();
    const values = await reader.read();
    if (values.get('guard')?.[0] !== ALL_FINITE) {
      throw new EngineError('diverged', {
        place: 'checkpoint',
        given: 'a run whose loss or gradient was not finite',
        wanted: 'a run that can go on',
        wayOut: 'Go on from an earlier checkpoint with a smaller rate.',
      });
    }
    const weights = new Map<string, { shape: Shape; data: Float32Array<ArrayBuffer> }>();
    const others = new Map<string, CheckpointState>();
    for (const { name, shape } of this.#kept) {
      const data = values.get(name);
      if (data instanceof Float32Array && this.#isWeight.has(name)) weights.set(name, { shape, data });
      else if (data instanceof Float32Array || data instanceof Uint32Array) others.set(name, { shape, data });
    }
    return { weights, states: others };
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }
}

/** What begins the names of the best epoch's weights among the states. */
const BEST = 'best/';

/** Weights of the best epoch as states of a checkpoint; none if they were not kept. */
export const bestStates = (net: Net, best: ReadonlyMap<string, StateData>): Checkpoint['states'] =>
  new Map(
    [...net.parameters, ...net.states].flatMap(({ name, shape }) => {
      const data = best.get(name);
      return data instanceof Float32Array ? [[BEST + name, { shape, data }] as const] : [];
    }),
  );

/** A checkpoint's states without the best epoch's weights. */
export const runningStates = ({ states }: Checkpoint): Checkpoint['states'] =>
  new Map([...states].filter(([name]) => !name.startsWith(BEST)));

/**
 * The best epoch's weights, if the checkpoint has them.
 * @throws EngineError 'weights' if they are not those of the net
 */
export function bestWeights({ states }: Checkpoint, net: Net): ReadonlyMap<string, Float32Array<ArrayBuffer>> {
  const kept = [...states].flatMap(([name, { shape, data }]) =>
    name.startsWith(BEST) && data instanceof Float32Array ? [[name.slice(BEST.length), { shape, data }] as const] : [],
  );
  if (kept.length > 0) mustFitNet(net, new Map(kept));
  return new Map(kept.map(([name, { data }]) => [name, data]));
}

/** Throws EngineError 'weights' unless the checkpoint has every state of the graph in its shape and type, and no other. */
export function mustHaveStates(checkpoint: Checkpoint, states: readonly StateSpec[]): void {
  const given = new Map<string, CheckpointState>([...checkpoint.weights, ...runningStates(checkpoint)]);
  const problems = keptOf(states).flatMap(({ name, dtype, shape }) => {
    const state = given.get(name);
    given.delete(name);
    if (state === undefined) return [`no ${name}`];
    const kind = state.data instanceof Float32Array ? 'f32' : 'u32';
    if (kind === dtype && sameShape(state.shape, shape)) return [];
    return [`${name} as ${kind} ${textOf(state.shape)} instead of ${dtype} ${textOf(shape)}`];
  });
  for (const name of given.keys()) problems.push(`${name}, which this run does not have`);
  if (problems.length === 0) return;
  throw new EngineError('weights', {
    place: 'resume',
    given: `a checkpoint with ${problems.join('; ')}`,
    wanted: 'the states of this net and optimizer',
    wayOut: 'Resume with the settings that the run was begun with.',
  });
}

/** Throws EngineError 'data' unless the images and labels are those of the checkpoint's run, bit for bit. */
export async function mustBeSameData({ data }: CheckpointFacts, splits: Splits): Promise<void> {
  const facts = await factsOfData(splits);
  if (facts.sha256 === data.sha256) return;
  throw new EngineError('data', {
    place: 'resume',
    given: `${facts.count} training images of ${facts.name}, digest ${facts.sha256.slice(0, 12)}…`,
    wanted: `the ${data.count} of ${data.name} that the run was begun with, digest ${data.sha256.slice(0, 12)}…`,
    wayOut: 'Choose the same data, or begin a run of its own with these weights.',
  });
}

const digests = new WeakMap<Dataset, Promise<string>>();

/** What a checkpoint says of the training set; its digest is computed once. */
export async function factsOfData({ name, train }: Splits): Promise<DataFacts> {
  const digest = digests.get(train) ?? digestOf(train);
  digests.set(train, digest);
  return { name, count: train.count, sha256: await digest };
}

async function digestOf({ images, labels }: Dataset): Promise<string> {
  const both = await Promise.all([sha256(images), sha256(labels)]);
  return sha256(new TextEncoder().encode(both.join('')));
}
