import { compile, type CompileOptions } from '../compile/compile.js';
import type { Plan, Readable } from '../compile/plan.js';
import { EngineError } from '../core/errors.js';
import { USAGE } from '../gpu/device.js';
import { PassClock } from '../gpu/passClock.js';
import { Pipelines } from '../gpu/pipelines.js';
import { Readback } from '../gpu/readback.js';
import { Replay } from '../gpu/replay.js';
import type { Graph, Tensor } from '../graph/graph.js';
import { kernels } from '../kernels/index.js';
import type { Kernel } from '../kernels/kernel.js';
import { typed, type StateData, type Store } from './store.js';

export interface SessionOptions extends Pick<
  CompileOptions,
  'name' | 'keep' | 'guardBytes' | 'table' | 'refused' | 'expectedSteps' | 'precision'
> {
  /** Instead of the engine's own. */
  readonly kernels?: readonly Kernel[] | undefined;
  /** Hears of every pipeline. */
  readonly onCompile?: ((done: number, total: number) => void) | undefined;
  /** Of the Store's device; one of its own if absent. */
  readonly pipelines?: Pipelines | undefined;
}

/** Reads a fixed list of tensors. */
export interface TensorsReader extends Disposable {
  /** Their values when everything submitted so far is done; what is submitted after the call does not show. */
  read(): Promise<ReadonlyMap<Tensor, StateData>>;
  /** The same after one more step, which goes in the same submit. */
  readAfterStep(): Promise<ReadonlyMap<Tensor, StateData>>;
}

/** Reads one tensor. */
export interface TensorReader extends Disposable {
  /** Its values when everything submitted so far is done. */
  read(): Promise<StateData>;
}

/**
 * A plan bound to a Store: pipelines, bind groups and scratch are made once, here; running makes nothing.
 * It never knows which net it runs.
 */
export class Session {
  readonly plan: Plan;
  readonly #store: Store;
  readonly #scratch: ReadonlyMap<string, GPUBuffer>;
  readonly #replay: Replay;
  #clock: PassClock | undefined;
  #stepMs: number | undefined;
  #closed = false;

  private constructor(plan: Plan, store: Store, scratch: ReadonlyMap<string, GPUBuffer>, replay: Replay) {
    this.plan = plan;
    this.#store = store;
    this.#scratch = scratch;
    this.#replay = replay;
  }

  /** Compiles a graph for the Store's device, and binds the plan. */
  static async compile(store: Store, graph: Graph, options: SessionOptions): Promise<Session> {
    const { onCompile, pipelines, kernels: own = kernels, ...rest } = options;
    const plan = compile(graph, { ...rest, kernels: own, profile: store.device.profile });
    return await Session.open(store, plan, { onCompile, pipelines });
  }

  /** Makes everything that replaying the plan needs. */
  static async open(
    store: Store,
    plan: Plan,
    options: Pick<SessionOptions, 'onCompile' | 'pipelines'> = {},
  ): Promise<Session> {
    const { device } = store;
    const { onCompile, pipelines = new Pipelines(device) } = options;
    await store.admit(plan);
    const scratch = new Map<string, GPUBuffer>();
    try {
      for (const { name, bytes } of plan.scratch) {
        const usage = USAGE.storage | USAGE.copySource | USAGE.copyTarget;
        scratch.set(name, await device.buffer(`${plan.name} ${name}`, bytes, usage));
      }
      const bufferOf = (name: string): GPUBuffer => scratch.get(name) ?? store.bufferOf(name);
      const replay = await Replay.open(device, plan, bufferOf, pipelines, onCompile);
      return new Session(plan, store, scratch, replay);
    } catch (error) {
      for (const buffer of scratch.values()) device.destroy(buffer);
      throw error;
    }
  }

  /**
   * Submits so many steps as one. Returns at once; errors of the GPU surface at the next wait.
   * @throws EngineError 'usage' after dispose
   */
  run(steps = 1): void {
    this.#mustBeOpen();
    if (this.#clock?.due !== true) this.#replay.run(steps);
    else void this.#time(this.#clock, steps);
  }

  /** From now on some of the submits are timed by the GPU's own clock, if it has one; each of them is a mapped read. */
  async watchTime(): Promise<void> {
    this.#mustBeOpen();
    this.#clock ??= await PassClock.open(this.#store.device);
  }

  /** Milliseconds that the GPU took for a step when it was last timed; undefined while it was not. */
  get stepMs(): number | undefined {
    return this.#stepMs;
  }

  async #time(clock: PassClock, steps: number): Promise<void> {
    try {
      const ms = await clock.time((encoder, times) => this.#replay.record(encoder, steps, times));
      if (ms !== undefined) this.#stepMs = ms / steps;
    } catch {
      // Whoever waits for the steps themselves is told why they failed.
    }
  }

  /**
   * Submits one dispatch so many times, without the others: for timings. What is computed is no step, and states that it
   * writes in place move on.
   * @param position in the plan's list
   * @throws EngineError 'usage' after dispose, or if the plan has no such dispatch
   */
  runOne(position: number, times = 1): void {
    this.#mustBeOpen();
    if (this.plan.dispatches[position] === undefined) {
      throw new EngineError('usage', {
        place: `plan ${this.plan.name}`,
        given: `dispatch ${position}`,
        wanted: `a dispatch from 0 to ${this.plan.dispatches.length - 1}`,
      });
    }
    this.#replay.runOne(position, times);
  }

  /** Resolves when everything submitted so far is done. */
  idle(): Promise<void> {
    return this.#store.device.idle();
  }

  /**
   * Values of a state or of a kept tensor after everything submitted so far.
   * @throws EngineError 'plan' for a tensor that shares its memory with others
   */
  async read(tensor: Tensor): Promise<StateData> {
    using reader = await this.reader(tensor);
    return await reader.read();
  }

  /**
   * A way to read the same tensor again and again without making anything new.
   * @throws EngineError 'plan' for a tensor that shares its memory with others
   */
  async reader(tensor: Tensor): Promise<TensorReader> {
    const all = await this.readerOf([tensor]);
    return {
      read: async () => (await all.read()).get(tensor) as StateData,
      [Symbol.dispose]: () => all[Symbol.dispose](),
    };
  }

  /**
   * As `reader`, for several tensors, which one mapped read brings.
   * @throws EngineError 'plan' for a tensor that shares its memory with others
   */
  async readerOf(tensors: readonly Tensor[]): Promise<TensorsReader> {
    this.#mustBeOpen();
    const ranges = tensors.map((tensor) => this.#mustBeKept(tensor));
    const pieces = ranges.map(({ buffer, offsetBytes, bytes }) => ({
      buffer: this.#bufferOf(buffer),
      offsetBytes,
      bytes,
    }));
    const total = pieces.reduce((sum, { bytes }) => sum + bytes, 0);
    const label = tensors.map(({ name }) => name).join(', ');
    const readback = await Readback.open(this.#store.device, label, total);
    const read = async (before?: (encoder: GPUCommandEncoder) => void): Promise<ReadonlyMap<Tensor, StateData>> => {
      this.#mustBeOpen();
      const copies = await readback.read(pieces, before);
      return new Map(tensors.map((tensor, i) => [tensor, typed(ranges[i] ?? tensor, copies[i] ?? new ArrayBuffer(0))]));
    };
    return {
      read: () => read(),
      readAfterStep: () => read((encoder) => this.#replay.record(encoder, 1)),
      [Symbol.dispose]: () => readback[Symbol.dispose](),
    };
  }

  /** Scratch buffers by name, for tests that poison them and look at their guards. */
  get scratch(): ReadonlyMap<string, GPUBuffer> {
    return this.#scratch;
  }

  #bufferOf(name: string): GPUBuffer {
    return this.#scratch.get(name) ?? this.#store.bufferOf(name);
  }

  #mustBeKept(tensor: Tensor): Readable {
    const range = this.plan.where(tensor);
    if (range?.kept === true) return range;
    throw new EngineError('plan', {
      place: 'read',
      given:
        range === undefined
          ? `${tensor.name}, which the plan never computes`
          : `${tensor.name}, which shares its memory with other tensors`,
      wanted: 'a state or a kept tensor',
      wayOut: 'Name it in `keep` when the plan is compiled.',
    });
  }

  #mustBeOpen(): void {
    this.#store.mustBeOpen();
    if (!this.#closed) return;
    throw new EngineError('usage', {
      place: `plan ${this.plan.name}`,
      given: 'a call after dispose',
      wanted: 'an open session',
    });
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#clock?.[Symbol.dispose]();
    for (const buffer of this.#scratch.values()) this.#store.device.destroy(buffer);
  }
}
