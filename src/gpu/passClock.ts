import { USAGE, type Device } from './device.js';
import { Readback } from './readback.js';

/** Two timestamps of 64 bits. */
const BYTES = 16;
/** At least so long between two passes that are timed. */
const EVERY_MS = 250;

/** Records a pass that leaves its times. */
type Record = (encoder: GPUCommandEncoder, times: GPUComputePassTimestampWrites) => void;

/** Times passes by the GPU's own clock: one at a time, and only now and then, because each is read back. */
export class PassClock {
  readonly #queries: GPUQuerySet;
  readonly #device: Device;
  readonly #resolved: GPUBuffer;
  readonly #readback: Readback;
  #busy = false;
  #last = -Infinity;

  private constructor(device: Device, queries: GPUQuerySet, resolved: GPUBuffer, readback: Readback) {
    this.#device = device;
    this.#queries = queries;
    this.#resolved = resolved;
    this.#readback = readback;
  }

  /** Undefined where the GPU has no clock for us. */
  static async open(device: Device): Promise<PassClock | undefined> {
    if (!device.profile.features.includes('timestamp-query')) return undefined;
    const queries = await device.validated('timestamps', (gpu) => gpu.createQuerySet({ type: 'timestamp', count: 2 }));
    const resolved = await device.buffer('timestamps', BYTES, USAGE.queryResolve | USAGE.copySource);
    try {
      return new PassClock(device, queries, resolved, await Readback.open(device, 'timestamps', BYTES));
    } catch (error) {
      device.destroy(resolved);
      throw error;
    }
  }

  /** Whether the next pass is due to be timed. */
  get due(): boolean {
    return !this.#busy && performance.now() - this.#last >= EVERY_MS;
  }

  /**
   * Submits a pass at once, as one submit.
   * @returns milliseconds from its beginning to its end, which browsers round to a tenth; undefined if no time passed
   */
  async time(record: Record): Promise<number | undefined> {
    this.#busy = true;
    this.#last = performance.now();
    try {
      const [bytes] = await this.#readback.read(
        [{ buffer: this.#resolved, offsetBytes: 0, bytes: BYTES }],
        (encoder) => {
          record(encoder, { querySet: this.#queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 });
          encoder.resolveQuerySet(this.#queries, 0, 2, this.#resolved, 0);
        },
      );
      const [begin = 0n, end = 0n] = new BigUint64Array(bytes ?? new ArrayBuffer(0));
      return end > begin ? Number(end - begin) / 1e6 : undefined;
    } finally {
      this.#busy = false;
    }
  }

  [Symbol.dispose](): void {
    this.#queries.destroy();
    this.#readback[Symbol.dispose]();
    this.#device.destroy(this.#resolved);
  }
}
