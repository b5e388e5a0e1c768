import { EngineError } from '../core/errors.js';
import { Session } from '../engine/session.js';
import type { Tensor } from '../graph/graph.js';
import { predictGraph } from './graphs.js';
import type { Shared } from './shared.js';

/** Images that one run of the predicting plan takes; more go through in several runs. */
const MOST = 16;

/** The plan that turns a few images into probabilities; compiled when first wanted. */
export class Predictor {
  readonly #shared: Shared;
  #opening: Promise<{ readonly session: Session; readonly probabilities: Tensor }> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(shared: Shared) {
    this.#shared = shared;
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
    const { session, probabilities } = await (this.#opening ??= this.#open());
    const count = pixels.length / size;
    const answer = new Float32Array(count * classes);
    for (let first = 0; first < count; first += MOST) {
      const images = Math.min(MOST, count - first);
      const batch = new Uint8Array(MOST * size);
      batch.set(pixels.subarray(first * size, (first + images) * size));
      store.write('predict.images', batch);
      session.run();
      const values = await session.read(probabilities);
      answer.set(values.subarray(0, images * classes), first * classes);
    }
    return answer;
  }

  async #open(): Promise<{ session: Session; probabilities: Tensor }> {
    const { store, net, settings, kernels } = this.#shared;
    const [, rows = 0, columns = 0] = net.input;
    const { graph, probabilities } = predictGraph(net, { count: MOST, rows, columns }, settings);
    const session = await Session.compile(store, graph, { name: 'predict', kernels, keep: [probabilities] });
    return { session, probabilities };
  }

  [Symbol.dispose](): void {
    void this.#opening?.then(({ session }) => session[Symbol.dispose]()).catch(() => undefined);
  }
}
