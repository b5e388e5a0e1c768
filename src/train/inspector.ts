import { EngineError } from '../core/errors.js';
import { sizeOf } from '../core/shape.js';
import { InspectPlan } from '../explain/inspectPlan.js';
import type { Inspection } from '../explain/inspection.js';
import { weightNamesOf } from '../nn/weights.js';
import { Late } from './late.js';
import { mustBeWholeSetting } from './settings.js';
import { statesWith, type Shared } from './shared.js';

export interface InspectOptions {
  /** The class that the image shows: with it come gradients, of the cross-entropy of this image alone. */
  readonly label?: number;
  /** Names of the weights that are read, as in PyTorch; all of them by default. */
  readonly weights?: readonly string[];
}

/** Shows what every layer makes of an image. Both plans are compiled when first wanted. */
export class Inspector {
  readonly #shared: Shared;
  readonly #forward: Late<InspectPlan>;
  readonly #withGradients: Late<InspectPlan>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(shared: Shared) {
    this.#shared = shared;
    this.#forward = new Late(() => this.#open(false), close);
    this.#withGradients = new Late(() => this.#open(true), close);
  }

  /** Looks come one after the other: they share the image's place in the Store. */
  run(pixels: Uint8Array<ArrayBuffer>, options: InspectOptions): Promise<Inspection> {
    const next = this.#last.then(() => this.#run(pixels, options));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #run(pixels: Uint8Array<ArrayBuffer>, { label, weights }: InspectOptions): Promise<Inspection> {
    const { net } = this.#shared;
    const all = weightNamesOf(net);
    if (pixels.length !== sizeOf(net.input)) {
      throw new EngineError('data', {
        place: 'inspect',
        given: `${pixels.length} pixels`,
        wanted: `one image of ${net.input.slice(1).join(' × ')}`,
      });
    }
    if (label !== undefined) mustBeWholeSetting('inspect.label', label, 0, (net.output[0] ?? 1) - 1);
    const unknown = weights?.find((name) => !all.includes(name));
    if (unknown !== undefined) {
      throw new EngineError('usage', { place: 'inspect.weights', given: unknown, wanted: `of ${all.join(', ')}` });
    }
    const plan = await (label === undefined ? this.#forward : this.#withGradients).value();
    return plan.look({ pixels, label: label ?? 0, weights: weights ?? all });
  }

  #open(withGradients: boolean): Promise<InspectPlan> {
    const { store, net, settings: normalisation, kernels, tests, weights } = this.#shared;
    return InspectPlan.open({
      store,
      net,
      normalisation,
      withGradients,
      kernels,
      tests,
      weights: () => statesWith(weights, {}),
    });
  }

  [Symbol.dispose](): void {
    this.#forward[Symbol.dispose]();
    this.#withGradients[Symbol.dispose]();
  }
}

const close = (plan: InspectPlan): void => plan[Symbol.dispose]();
