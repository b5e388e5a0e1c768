import { openTested, type TestedOptions, type TestSettings } from '../engine/openTested.js';
import type { Session, TensorsReader } from '../engine/session.js';
import type { StateData, Store } from '../engine/store.js';
import type { Net } from '../nn/net.js';
import type { Normalisation } from '../ops/data.js';
import { IMAGE, inspectGraph, LABEL, type InspectGraph } from './inspectGraph.js';
import { inspectionOf, tensorsIn, type Inspection } from './inspection.js';

/** What an inspecting plan is compiled over. */
export interface InspectPlanOptions {
  /** Holds the net's weights. */
  readonly store: Store;
  readonly net: Net;
  readonly normalisation: Normalisation;
  /** Whether a label comes with each image. */
  readonly withGradients: boolean;
  readonly kernels: TestedOptions['kernels'];
  readonly tests: TestSettings;
  /** Weights by name that a self-test computes with. */
  weights(): ReadonlyMap<string, StateData>;
}

/** One image to look at. */
export interface Look {
  /** [rows, columns]. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly label: number;
  /** Names of the weights to read. */
  readonly weights: readonly string[];
}

/** A plan that passes one image through the net, with or without the way back. Looks must come one after the other. */
export class InspectPlan {
  readonly #store: Store;
  readonly #graph: InspectGraph;
  readonly #session: Session;
  /** Reads what the last look asked for: most looks ask for the same. */
  #reading: { readonly names: string; readonly reader: TensorsReader } | undefined;

  private constructor(store: Store, graph: InspectGraph, session: Session) {
    this.#store = store;
    this.#graph = graph;
    this.#session = session;
  }

  /** @throws EngineError 'limit', 'shader' or 'gpu' where the plan cannot be had; then everything is freed again */
  static async open(options: InspectPlanOptions): Promise<InspectPlan> {
    const { store, net, normalisation, withGradients, kernels, tests, weights } = options;
    const graph = inspectGraph(net, normalisation, withGradients);
    const [, rows = 1, columns = 1] = net.input;
    const session = await openTested(store, graph.graph, {
      ...tests,
      name: withGradients ? 'inspect gradients' : 'inspect',
      kernels,
      keep: tensorsIn(graph, () => true).filter(({ place }) => place === undefined),
      states: () => new Map([...weights(), [IMAGE, ramp(rows * columns)], [LABEL, Uint8Array.of(0)]]),
    });
    return new InspectPlan(store, graph, session);
  }

  /** Two small uploads, one submit and one mapped read; the first look at other weights makes a staging buffer. */
  async look({ pixels, label, weights }: Look): Promise<Inspection> {
    const isWanted = (name: string): boolean => weights.includes(name);
    const reader = await this.#readerOf(weights.join(), isWanted);
    this.#store.write(IMAGE, pixels);
    this.#store.write(LABEL, Uint8Array.of(label));
    const values = await reader.readAfterStep();
    // All that is read is f32.
    return inspectionOf(this.#graph, isWanted, (tensor) => values.get(tensor) as Float32Array<ArrayBuffer>);
  }

  async #readerOf(names: string, isWanted: (name: string) => boolean): Promise<TensorsReader> {
    if (this.#reading?.names === names) return this.#reading.reader;
    const reader = await this.#session.readerOf(tensorsIn(this.#graph, isWanted));
    this.#reading?.reader[Symbol.dispose]();
    this.#reading = { names, reader };
    return reader;
  }

  [Symbol.dispose](): void {
    this.#reading?.reader[Symbol.dispose]();
    this.#session[Symbol.dispose]();
  }
}

/** All grey levels. */
const ramp = (count: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length: count }, (_, i) => i % 256);
