import type { Plan } from '../compile/plan.js';
import { EngineError } from '../core/errors.js';
import { uniform } from '../core/random.js';
import { openTested } from '../engine/openTested.js';
import type { Session, TensorReader } from '../engine/session.js';
import { predictGraph } from './graphs.js';
import { Late } from './late.js';
import { statesWith, type Shared } from './shared.js';

/** Images that one run of the predicting plan takes; more go through in several runs. */
const MOST = 16;

/** The predicting plan, and the way to read its answers. */
interface Opened {
  readonly session: Session;
  readonly reader: TensorReader;
}

/** The plan that turns a few images into probabilities; compiled when first wanted. */
export class Predictor {
  readonly #shared: Shared;
  readonly #opened: Late<Opened>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(shared: Shared) {
    this.#shared = shared;
    this.#opened = new Late(() => this.#open(), close);
  }

  /** Undefined before the first prediction. */
  get plan(): Plan | undefined {
    return this.#opened.opened?.session.plan;
  }

  /** Predictions run one after the other: they share the images' place in the Store. */
  run(pixels: Uint8Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    const next = this.#last.then(() => this.#run(pixels));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #run(pixels: Uint8Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    const { net, store } = this.#shared;
    const [, rows = 0, columns = 0] = net.input;
    const size = rows * columns;
    const classes = net.output[0] ?? 0;
    if (pixels.length === 0 || pixels.length % size !== 0) {
      throw new EngineError('data', {
        place: 'predict',
        given: `${pixels.length} pixels`,
        wanted: `whole images of ${rows} × ${columns}`,
      });
    }
    const { session, reader } = await this.#opened.value();
    const count = pixels.length / size;
    const answer = new Float32Array(count * classes);
    for (let first = 0; first < count; first += MOST) {
      const images = Math.min(MOST, count - first);
      const batch = new Uint8Array(MOST * size);
      batch.set(pixels.subarray(first * size, (first + images) * size));
      store.write('predict.images', batch);
      session.run();
      const values = await reader.read();
      answer.set(values.subarray(0, images * classes), first * classes);
    }
    return answer;
  }

  async #open(): Promise<Opened> {
    const { store, net, settings, kernels, tests, weights } = this.#shared;
    const [, rows = 0, columns = 0] = net.input;
    const { graph, probabilities } = predictGraph(net, { count: MOST, rows, columns }, settings);
    const session = await openTested(store, graph, {
      ...tests,
      name: 'predict',
      kernels,
      keep: [probabilities],
      states: () => statesWith(weights, { 'predict.images': noise(MOST * rows * columns) }),
    });
    try {
      return { session, reader: await session.reader(probabilities) };
    } catch (error) {
      session[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#opened[Symbol.dispose]();
  }
}

function close({ session, reader }: Opened): void {
  session[Symbol.dispose]();
  reader[Symbol.dispose]();
}

/** Seeded bytes. */
const noise = (count: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: count }, (_, i) => Math.floor(256 * uniform(7, 0, i)));
