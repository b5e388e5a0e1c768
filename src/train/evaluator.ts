import { EngineError } from '../core/errors.js';
import type { Dataset } from '../data/dataset.js';
import { Session } from '../engine/session.js';
import type { Evaluation } from './events.js';
import { ALL_FINITE } from '../ops/control.js';
import { evaluationGraph } from './graphs.js';
import { Queue } from './queue.js';
import type { Shared } from './shared.js';

/** The plan that passes a whole set through the net; compiled when first wanted. */
export class Evaluator {
  readonly #shared: Shared;
  readonly #set: Dataset;
  #opening: Promise<{ readonly session: Session; readonly queue: Queue }> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(shared: Shared, set: Dataset) {
    this.#shared = shared;
    this.#set = set;
  }

  /** Evaluations run one after the other: they share the rows that they fill. */
  run(): Promise<Evaluation> {
    const next = this.#last.then(() => this.#run());
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #run(): Promise<Evaluation> {
    const { store, settings } = this.#shared;
    const { queue } = await (this.#opening ??= this.#open());
    store.write('evaluation.step', Uint32Array.of(0));
    let left = Math.ceil(this.#set.count / settings.batch);
    while (left > 0) {
      const count = queue.next(left);
      await queue.run(count);
      left -= count;
    }
    const read = await store.read(['evaluation.losses', 'evaluation.answers']);
    const losses = read.get('evaluation.losses') as Float32Array<ArrayBuffer>;
    const answers = read.get('evaluation.answers') as Uint32Array<ArrayBuffer>;
    return this.#summary(losses, answers);
  }

  async #open(): Promise<{ session: Session; queue: Queue }> {
    const { store, net, settings, kernels, pace } = this.#shared;
    const graph = evaluationGraph(net, this.#set, settings);
    const session = await Session.compile(store, graph, { name: 'evaluate', kernels });
    store.write('test.images', this.#set.images);
    store.write('test.labels', this.#set.labels);
    store.write('evaluation.guard', Uint32Array.of(ALL_FINITE));
    return { session, queue: new Queue(session, pace) };
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
        given: `the loss of test image ${first} is ${losses[first]}`,
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
    void this.#opening?.then(({ session }) => session[Symbol.dispose]()).catch(() => undefined);
  }
}
