import type { Plan } from '../compile/plan.js';
import { EngineError } from '../core/errors.js';
import type { Dataset } from '../data/dataset.js';
import { openTested } from '../engine/openTested.js';
import type { Session } from '../engine/session.js';
import type { StateData, StateReader } from '../engine/store.js';
import type { Evaluation } from './events.js';
import { ALL_FINITE } from '../ops/control.js';
import { evaluationGraph, type HeldOut } from './graphs.js';
import { Late } from './late.js';
import { mistakesOf, type Answers, type Mistake, type Rows } from './mistakes.js';
import { Queue } from './queue.js';
import { statesWith, type Shared } from './shared.js';

/** An evaluating plan, and the ways to read what it found. */
interface Opened {
  readonly session: Session;
  readonly queue: Queue;
  /** Losses and the confusion matrix. */
  readonly totals: StateReader;
  /** Of each image, all that the plan knows. */
  readonly rows: StateReader;
}

/** What an epoch is judged by. */
export type Judgement = Pick<Evaluation, 'loss' | 'accuracy' | 'confusion'>;

type States = ReadonlyMap<string, StateData>;

/** The plans that pass a whole set through the net; compiled when first wanted. */
export class Evaluator {
  readonly #shared: Shared;
  readonly #set: Dataset;
  readonly #name: HeldOut;
  readonly #plain: Late<Opened>;
  /** Knows how sure each answer is, too. */
  readonly #confident: Late<Opened>;
  #last: Promise<unknown> = Promise.resolve();
  #passing: Promise<unknown> | undefined;

  constructor(shared: Shared, set: Dataset, name: HeldOut) {
    this.#shared = shared;
    this.#set = set;
    this.#name = name;
    this.#plain = new Late(() => this.#open(false), close);
    this.#confident = new Late(() => this.#open(true), close);
  }

  /** Undefined before the first evaluation. */
  get plan(): Plan | undefined {
    return this.#plain.opened?.session.plan;
  }

  /** Loss, accuracy and confusion matrix; the answers stay on the GPU. */
  judge(): Promise<Judgement> {
    return this.#next(async () => this.#judgement(await this.#pass(this.#plain, 'totals')));
  }

  /** The same, and answer and loss of each image. */
  run(): Promise<Evaluation> {
    return this.#next(async () => {
      const read = await this.#pass(this.#plain, 'rows');
      return { ...this.#judgement(read), answers: this.#words(read, 'answers'), losses: this.#numbers(read, 'losses') };
    });
  }

  /** The wrong answers, the surest first. */
  mistakes(most?: number): Promise<Mistake[]> {
    return this.#next(async () => mistakesOf(await this.#rows(), most));
  }

  /** Every answer, and how sure the net is of it. */
  answers(): Promise<Answers> {
    return this.#next(async () => {
      const { answers, losses, answerLosses } = await this.#rows();
      return {
        answers,
        confidences: answerLosses.map((loss) => Math.exp(-loss)),
        probabilities: losses.map((loss) => Math.exp(-loss)),
      };
    });
  }

  /**
   * Pending while batches go through, else undefined: training that is submitted between two of them would change the
   * weights under them.
   */
  get passing(): Promise<unknown> | undefined {
    return this.#passing;
  }

  /** Evaluations run one after the other: they share the states that they fill. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #rows() {
    const read = await this.#pass(this.#confident, 'rows');
    this.#mustBeFinite(this.#numbers(read, 'losses'));
    const losses = this.#numbers(read, this.#shared.settings.loss ? 'labelLosses' : 'losses');
    const [answers, answerLosses] = [this.#words(read, 'answers'), this.#numbers(read, 'answerLosses')];
    return { labels: this.#set.labels, answers, losses, answerLosses } satisfies Rows;
  }

  async #pass(plan: Late<Opened>, wanted: 'totals' | 'rows'): Promise<States> {
    const opened = await plan.value();
    const pass = this.#submit(opened, opened[wanted]).finally(() => (this.#passing = undefined));
    this.#passing = pass.catch(() => undefined);
    return pass;
  }

  async #submit({ queue }: Opened, reader: StateReader): Promise<States> {
    const { store, settings } = this.#shared;
    store.write(`${this.#name}.step`, Uint32Array.of(0));
    store.write(`${this.#name}.confusion`, new Uint32Array(this.#classes ** 2));
    let left = Math.ceil(this.#set.count / settings.batch);
    while (left > 0) {
      const count = queue.next(left);
      await queue.run(count);
      left -= count;
    }
    return reader.read();
  }

  async #open(confident: boolean): Promise<Opened> {
    const { store, net, settings, kernels, pace, tests, weights } = this.#shared;
    const name = this.#name;
    const graph = evaluationGraph(net, this.#set, settings, name, confident);
    const states = {
      [`${name}.images`]: this.#set.images,
      [`${name}.labels`]: this.#set.labels,
      [`${name}.guard`]: Uint32Array.of(ALL_FINITE),
    };
    const session = await openTested(store, graph, {
      ...tests,
      name: confident ? 'mistakes' : name === 'test' ? 'evaluate' : 'validate',
      kernels,
      states: () => statesWith(weights, states),
    });
    const readers: StateReader[] = [];
    const readerOf = async (...of: string[]): Promise<StateReader> => {
      const reader = await store.reader(of.map((state) => `${name}.${state}`));
      readers.push(reader);
      return reader;
    };
    try {
      for (const [state, data] of Object.entries(states)) store.write(state, data);
      const counts = graph.states.some((state) => state.name === `${name}.counts`) ? ['counts'] : [];
      const labels = settings.loss ? ['labelLosses'] : [];
      const totals = await readerOf('losses', 'confusion', ...counts);
      const sure = confident ? ['answerLosses', ...labels] : [];
      const rows = await readerOf('losses', 'confusion', 'answers', ...counts, ...sure);
      return { session, queue: new Queue(session, pace), totals, rows };
    } catch (error) {
      for (const reader of readers) reader[Symbol.dispose]();
      session[Symbol.dispose]();
      throw error;
    }
  }

  get #classes(): number {
    return this.#shared.net.output[0] ?? 0;
  }

  #words(read: States, state: string): Uint32Array<ArrayBuffer> {
    return read.get(`${this.#name}.${state}`) as Uint32Array<ArrayBuffer>;
  }

  #numbers(read: States, state: string): Float32Array<ArrayBuffer> {
    return read.get(`${this.#name}.${state}`) as Float32Array<ArrayBuffer>;
  }

  #judgement(read: States): Judgement {
    const losses = this.#numbers(read, 'losses');
    this.#mustBeFinite(losses);
    const [counts, classes] = [this.#words(read, 'confusion'), this.#classes];
    const confusion = Array.from({ length: classes }, (_, label) => [
      ...counts.subarray(label * classes, (label + 1) * classes),
    ]);
    const correct = confusion.reduce((sum, row, label) => sum + (row[label] ?? 0), 0);
    // Images whose label names no class are in no row of it.
    const counted = confusion.flat().reduce((sum, count) => sum + count, 0);
    const total = losses.reduce((sum, loss) => sum + loss, 0);
    const weights = read.has(`${this.#name}.counts`) ? this.#numbers(read, 'counts') : undefined;
    const images = weights?.reduce((sum, weight) => sum + weight, 0) ?? this.#set.count;
    return { loss: total / images, accuracy: correct / counted, confusion };
  }

  #mustBeFinite(losses: Float32Array): void {
    const first = losses.findIndex((loss) => !Number.isFinite(loss));
    if (first < 0) return;
    throw new EngineError('diverged', {
      place: 'evaluate',
      given: `the loss of ${this.#name} image ${first} is ${losses[first]}`,
      wanted: 'finite losses',
      wayOut: 'The weights are not finite or far too large: train again with a smaller learning rate.',
    });
  }

  [Symbol.dispose](): void {
    this.#plain[Symbol.dispose]();
    this.#confident[Symbol.dispose]();
  }
}

function close({ session, totals, rows }: Opened): void {
  session[Symbol.dispose]();
  totals[Symbol.dispose]();
  rows[Symbol.dispose]();
}
