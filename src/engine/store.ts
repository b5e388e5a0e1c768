import type { Plan, PlannedState } from '../compile/plan.js';
import { EngineError } from '../core/errors.js';
import { fromHalfBits } from '../core/half.js';
import { sizeOf, textOf, type DType, type Shape, type StoredType } from '../core/shape.js';
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
  #admitting: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(device: Device) {
    this.device = device;
  }

  /** Throws EngineError 'usage' after dispose. */
  mustBeOpen(): void {
    if (!this.#closed) return;
    throw new EngineError('usage', { place: 'Store', given: 'a call after dispose', wanted: 'an open Store' });
  }

  /**
   * Makes room for the states of a plan; those that are there already keep their values. One plan after the other: two at
   * once would make the same arena twice.
   * @throws EngineError 'plan' if a state of the same name, place or arena looks otherwise; then nothing is made
   */
  admit(plan: Plan): Promise<void> {
    const next = this.#admitting.then(() => this.#admit(plan));
    this.#admitting = next.catch(() => undefined);
    return next;
  }

  async #admit(plan: Plan): Promise<void> {
    this.#mustAgree(plan);
    for (const [arena, bytes] of plan.arenas) {
      if (this.#arenas.has(arena)) continue;
      this.mustBeOpen();
      const buffer = await this.device.buffer(arena, bytes, USAGE.storage | USAGE.copySource | USAGE.copyTarget);
      // A Store that was disposed meanwhile has nobody left to free it.
      if (this.#closed) this.device.destroy(buffer);
      this.mustBeOpen();
      this.#arenas.set(arena, buffer);
    }
    this.mustBeOpen();
    for (const state of plan.states) this.#states.set(state.name, state);
  }

  #mustAgree(plan: Plan): void {
    const place = `plan ${plan.name}`;
    for (const state of plan.states) {
      const known = this.#states.get(state.name);
      if (known !== undefined && layoutOf(known) !== layoutOf(state)) {
        throw new EngineError('plan', {
          place,
          given: `state ${state.name} as ${layoutOf(state)}`,
          wanted: `as the Store has it, ${layoutOf(known)}`,
        });
      }
      const neighbour = [...this.#states.values()].find((other) => overlap(other, state));
      if (neighbour !== undefined) {
        throw new EngineError('plan', {
          place,
          given: `state ${state.name} as ${layoutOf(state)}`,
          wanted: `a place that ${neighbour.name} does not have, ${layoutOf(neighbour)}`,
        });
      }
    }
    for (const [arena, bytes] of plan.arenas) {
      const known = this.#arenas.get(arena);
      if (known === undefined || known.size === bytes) continue;
      throw new EngineError('plan', {
        place,
        given: `arena ${arena} of ${bytes} bytes`,
        wanted: `the ${known.size} bytes that the Store has`,
      });
    }
  }

  /** The names of the states in one arena, in order. */
  namesIn(arena: string): string[] {
    return [...this.#states.values()]
      .filter((state) => state.arena === arena && !isWhole(state))
      .sort((a, b) => a.offsetBytes - b.offsetBytes)
      .map((state) => state.name);
  }

  /** The layout of a state. Throws EngineError 'plan' for a name that no plan has brought, 'usage' after dispose. */
  state(name: string): PlannedState {
    const state = this.#states.get(name);
    if (state !== undefined) return state;
    this.mustBeOpen();
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
    this.mustBeOpen();
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
    if (kindOf(data) !== state.dtype || data.length !== wanted) {
      throw new EngineError('shape', {
        place: `state ${name}`,
        given: `${data.length} ${kindOf(data)} values`,
        wanted: `${wanted} of ${state.dtype}, ${textOf(state.shape)}`,
      });
    }
    this.device.upload(this.bufferOf(state.arena), state.offsetBytes, wholeWords(data));
  }

  /** Sets elements of a state from `start` on. */
  writePart(name: string, start: number, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): void {
    const state = this.state(name);
    const fits = Number.isInteger(start) && start >= 0 && start + data.length <= sizeOf(state.shape);
    if (kindOf(data) !== state.dtype || !fits) {
      throw new EngineError('shape', {
        place: `state ${name}`,
        given: `${kindOf(data)} elements ${start} to ${start + data.length}`,
        wanted: `elements of ${state.dtype} ${textOf(state.shape)}`,
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
    const pieces = states.map(({ arena, offsetBytes, bytes }) => ({
      buffer: this.bufferOf(arena),
      offsetBytes,
      bytes,
    }));
    const total = pieces.reduce((sum, { bytes }) => sum + bytes, 0);
    const readback = await Readback.open(this.device, names.join(', '), total, staging);
    return {
      read: async () => {
        this.mustBeOpen();
        const copies = await readback.read(pieces);
        return new Map(states.map((state, i) => [state.name, typed(state, copies[i] ?? new ArrayBuffer(0))]));
      },
      [Symbol.dispose]: () => readback[Symbol.dispose](),
    };
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const buffer of this.#arenas.values()) this.device.destroy(buffer);
    this.#arenas.clear();
    this.#states.clear();
  }
}

/** A whole arena as one state, which its members share. */
const isWhole = ({ name, arena }: PlannedState): boolean => name === `${arena}[*]`;

/** Whether two states of different names claim the same bytes. */
function overlap(a: PlannedState, b: PlannedState): boolean {
  if (a.name === b.name || a.arena !== b.arena || isWhole(a) || isWhole(b)) return false;
  return a.offsetBytes < b.offsetBytes + b.bytes && b.offsetBytes < a.offsetBytes + a.bytes;
}

const kindOf = (data: StateData): DType =>
  data instanceof Float32Array ? 'f32' : data instanceof Uint32Array ? 'u32' : 'u8';

const layoutOf = (state: PlannedState): string =>
  `${state.dtype} ${textOf(state.shape)} at byte ${state.offsetBytes} of ${state.arena}`;

/** A view of the elements of a tensor in its bytes; those in f16 become f32. */
export function typed(
  { dtype, shape }: { readonly dtype: StoredType; readonly shape: Shape },
  bytes: ArrayBuffer,
): StateData {
  if (dtype === 'f16') return Float32Array.from(new Uint16Array(bytes, 0, sizeOf(shape)), fromHalfBits);
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
