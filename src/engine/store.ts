import type { Plan, PlannedState } from '../compile/plan.js';
import { EngineError } from '../core/errors.js';
import { sizeOf, textOf } from '../core/shape.js';
import { USAGE, type Device } from '../gpu/device.js';
import { Readback } from '../gpu/readback.js';

/** Element types of the CPU's side of a state. */
export type StateData = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** Reads a fixed list of states. */
export interface StateReader extends Disposable {
  /** Their values, by name, when everything submitted so far is done. */
  read(): Promise<ReadonlyMap<string, StateData>>;
}

/**
 * Everything that outlives a step: parameters, optimizer state, counters, dataset, metrics; named tensors in a few
 * arenas, each one GPU buffer. Plans share a Store by naming the same states.
 */
export class Store {
  readonly device: Device;
  readonly #arenas = new Map<string, GPUBuffer>();
  readonly #states = new Map<string, PlannedState>();

  constructor(device: Device) {
    this.device = device;
  }

  /**
   * Makes room for the states of a plan; those that are there already keep their values.
   * @throws EngineError 'plan' if a state of the same name or arena looks otherwise
   */
  async admit(plan: Plan): Promise<void> {
    for (const state of plan.states) {
      const known = this.#states.get(state.name);
      if (known !== undefined && layoutOf(known) !== layoutOf(state)) {
        throw new EngineError('plan', {
          place: `plan ${plan.name}`,
          given: `state ${state.name} as ${layoutOf(state)}`,
          wanted: `as the Store has it, ${layoutOf(known)}`,
        });
      }
    }
    for (const [arena, bytes] of plan.arenas) {
      const known = this.#arenas.get(arena);
      if (known === undefined) {
        const usage = USAGE.storage | USAGE.copySource | USAGE.copyTarget;
        this.#arenas.set(arena, await this.device.buffer(arena, bytes, usage));
      } else if (known.size !== bytes) {
        throw new EngineError('plan', {
          place: `plan ${plan.name}`,
          given: `arena ${arena} of ${bytes} bytes`,
          wanted: `the ${known.size} bytes that the Store has`,
        });
      }
    }
    for (const state of plan.states) this.#states.set(state.name, state);
  }

  /** The names of the states in one arena, in order. */
  namesIn(arena: string): string[] {
    return [...this.#states.values()]
      .filter((state) => state.arena === arena && !state.name.endsWith('[*]'))
      .sort((a, b) => a.offsetBytes - b.offsetBytes)
      .map((state) => state.name);
  }

  /** The layout of a state. Throws EngineError 'plan' for a name that no plan has brought. */
  state(name: string): PlannedState {
    const state = this.#states.get(name);
    if (state !== undefined) return state;
    throw new EngineError('plan', {
      place: 'Store',
      given: `state ${name}`,
      wanted: `one of ${[...this.#states.keys()].join(', ')}`,
    });
  }

  /** The buffer of an arena. */
  bufferOf(arena: string): GPUBuffer {
    const buffer = this.#arenas.get(arena);
    if (buffer !== undefined) return buffer;
    throw new EngineError('plan', {
      place: 'Store',
      given: `arena ${arena}`,
      wanted: 'an arena that a plan has brought',
    });
  }

  /** Sets a state, in order with everything submitted. */
  write(name: string, data: StateData): void {
    const state = this.state(name);
    const wanted = sizeOf(state.shape);
    const kind = data instanceof Float32Array ? 'f32' : data instanceof Uint32Array ? 'u32' : 'u8';
    if (kind !== state.dtype || data.length !== wanted) {
      throw new EngineError('shape', {
        place: `state ${name}`,
        given: `${data.length} ${kind} values`,
        wanted: `${wanted} of ${state.dtype}, ${textOf(state.shape)}`,
      });
    }
    this.device.upload(this.bufferOf(state.arena), state.offsetBytes, wholeWords(data));
  }

  /** Sets elements of a state from `start` on. */
  writePart(name: string, start: number, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): void {
    const state = this.state(name);
    if (start < 0 || start + data.length > sizeOf(state.shape)) {
      throw new EngineError('shape', {
        place: `state ${name}`,
        given: `elements ${start} to ${start + data.length}`,
        wanted: `elements of ${textOf(state.shape)}`,
      });
    }
    this.device.upload(this.bufferOf(state.arena), state.offsetBytes + start * 4, data);
  }

  /** The states' values, by name, when everything submitted so far is done. */
  async read(names: readonly string[]): Promise<ReadonlyMap<string, StateData>> {
    using reader = await this.reader(names);
    return await reader.read();
  }

  /**
   * A way to read the same states again and again without making anything new.
   * @param staging how many reads may be under way at once
   */
  async reader(names: readonly string[], staging = 1): Promise<StateReader> {
    const states = names.map((name) => this.state(name));
    const total = states.reduce((sum, state) => sum + state.bytes, 0);
    const readback = await Readback.open(this.device, names.join(', '), total, staging);
    const pieces = states.map(({ arena, offsetBytes, bytes }) => ({
      buffer: this.bufferOf(arena),
      offsetBytes,
      bytes,
    }));
    return {
      read: async () => {
        const copies = await readback.read(pieces);
        return new Map(states.map((state, i) => [state.name, typed(state, copies[i] ?? new ArrayBuffer(0))]));
      },
      [Symbol.dispose]: () => readback[Symbol.dispose](),
    };
  }

  [Symbol.dispose](): void {
    for (const buffer of this.#arenas.values()) this.device.destroy(buffer);
    this.#arenas.clear();
    this.#states.clear();
  }
}

const layoutOf = (state: PlannedState): string =>
  `${state.dtype} ${textOf(state.shape)} at byte ${state.offsetBytes} of ${state.arena}`;

/** A view of a state's bytes with its elements. */
export function typed({ dtype, shape }: Pick<PlannedState, 'dtype' | 'shape'>, bytes: ArrayBuffer): StateData {
  if (dtype === 'f32') return new Float32Array(bytes);
  if (dtype === 'u32') return new Uint32Array(bytes);
  return new Uint8Array(bytes, 0, sizeOf(shape));
}

/** WebGPU writes whole words: an odd end is filled up with zero bytes. */
function wholeWords(data: StateData): StateData {
  if (data.byteLength % 4 === 0) return data;
  const padded = new Uint8Array(Math.ceil(data.byteLength / 4) * 4);
  padded.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return padded;
}
