import { EngineError } from '../core/errors.js';
import type { Dataset } from '../data/dataset.js';
import { openTested } from '../engine/openTested.js';
import type { Session } from '../engine/session.js';
import type { StateData, StateReader } from '../engine/store.js';
import type { Evaluation } from './events.js';
import { ALL_FINITE } from '../ops/control.js';
import { evaluationGraph, type HeldOut } from './graphs.js';
import { Late } from './late.js';
import { Queue } from './queue.js';
import { statesWith, type Shared } from './shared.js';

/** The evaluating plan, and the way to read what it found. */
interface Opened {
  readonly session: Session;
  readonly queue: Queue;
  readonly reader: StateReader;
}

/** The plan that passes a whole set through the net; compiled when first wanted. */
export class Evaluator {
  readonly #shared: Shared;
  readonly #set: Dataset;
  readonly #name: HeldOut;
  readonly #opened: Late<Opened>;
  #last: Promise<unknown> = Promise.resolve();
  #passing: Promise<unknown> | undefined;

  constructor(shared: Shared, set: Dataset, name: HeldOut) {
    this.#shared = shared;
    this.#set = set;
    this.#name = name;
    this.#opened = new Late(() => this.#open(), close);
  }

  /** Evaluations run one after the other: they share the rows that they fill. */
  run(): Promise<Evaluation> {
    const next = this.#last.then(() => this.#run());
    this.#last = next.catch(() => undefined);
    return next;
  }

  /**
   * Pending while batches go through, else undefined: training that is submitted between two of them would change the
   * weights under them.
   */
  get passing(): Promise<unknown> | undefined {
    return this.#passing;
  }

  async #run(): Promise<Evaluation> {
    const opened = await this.#opened.value();
    const pass = this.#pass(opened).finally(() => (this.#passing = undefined));
    this.#passing = pass.catch(() => undefined);
    const read = await pass;
    const losses = read.get(`${this.#name}.losses`) as Float32Array<ArrayBuffer>;
    const answers = read.get(`${this.#name}.answers`) as Uint32Array<ArrayBuffer>;
    return this.#summary(losses, answers);
  }

  async #pass({ queue, reader }: Opened): Promise<ReadonlyMap<string, StateData>> {
    const { store, settings } = this.#shared;
    store.write(`${this.#name}.step`, Uint32Array.of(0));
    let left = Math.ceil(this.#set.count / settings.batch);
    while (left > 0) {
      const count = queue.next(left);
      await queue.run(count);
      left -= count;
    }
    return reader.read();
  }

  async #open(): Promise<Opened> {
    const { store, net, settings, kernels, pace, tests, weights } = this.#shared;
    const name = this.#name;
    const graph = evaluationGraph(net, this.#set, settings, name);
    const states = {
      [`${name}.images`]: this.#set.images,
      [`${name}.labels`]: this.#set.labels,
      [`${name}.guard`]: Uint32Array.of(ALL_FINITE),
    };
    const session = await openTested(store, graph, {
      ...tests,
      name: name === 'test' ? 'evaluate' : 'validate',
      kernels,
      states: () => statesWith(weights, states),
    });
    try {
      for (const [name, data] of Object.entries(states)) store.write(name, data);
      const reader = await store.reader([`${name}.losses`, `${name}.answers`]);
      return { session, queue: new Queue(session, pace), reader };
    } catch (error) {
      session[Symbol.dispose]();
      throw error;
    }
  }

  #summary(losses: Float32Array, answers: Uint32Array): Evaluation {
    const { labels, count } = this.#set;
    const classes = this.#shared.net.output[0] ?? 0;
    const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    let total = 0;
    for (let i = 0; i < count; i++) {
      total += losses[i] ?? NaN;
      const row = confusion[labels[i] ?? 0];
      const answer = answers[i] ?? 0;
      if (row !== undefined) row[answer] = (row[answer] ?? 0) + 1;
    }
    if (!Number.isFinite(total)) {
      const first = losses.findIndex((loss) => !Number.isFinite(loss));
      throw new EngineError('diverged', {
        place: 'evaluate',
        given: `the loss of ${this.#name} image ${first} is ${losses[first]}`,
        wanted: 'finite losses',
        wayOut: 'The weights are not finite or far too large: train again with a smaller learning rate.',
      });
    }
    const correct = confusion.reduce((sum, row, label) => sum + (row[label] ?? 0), 0);
    return {
      loss: total / count,
      accuracy: correct / count,
      confusion,
      answers: answers.slice(),
      losses: losses.slice(),
    };
  }

  [Symbol.dispose](): void {
    this.#opened[Symbol.dispose]();
  }
}

function close({ session, reader }: Opened): void {
  session[Symbol.dispose]();
  reader[Symbol.dispose]();
}
