// The GPU's own clock: timestamps at the beginning and the end of a compute pass.

import type { Device } from '../src/index.js';

/** GPUBufferUsage and GPUMapMode by their numbers: Node has no globals for them. */
const [MAP_READ, COPY_SRC, COPY_DST, QUERY_RESOLVE] = [0x1, 0x4, 0x8, 0x200];
const MODE_READ = 0x1;
/** Two timestamps of 64 bits. */
const BYTES = 16;

/** Times passes on a device that has the feature `timestamp-query`. */
export class GpuClock implements Disposable {
  readonly #device: Device;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #staging: GPUBuffer;

  private constructor(device: Device, queries: GPUQuerySet, resolved: GPUBuffer, staging: GPUBuffer) {
    this.#device = device;
    this.#queries = queries;
    this.#resolved = resolved;
    this.#staging = staging;
  }

  /** Undefined where the device has no timestamps. */
  static async open(device: Device): Promise<GpuClock | undefined> {
    if (!device.profile.features.includes('timestamp-query')) return undefined;
    const queries = await device.validated('timestamps', (gpu) => gpu.createQuerySet({ type: 'timestamp', count: 2 }));
    const resolved = await device.buffer('timestamps', BYTES, QUERY_RESOLVE | COPY_SRC);
    return new GpuClock(device, queries, resolved, await device.buffer('timestamps read', BYTES, MAP_READ | COPY_DST));
  }

  /** Does what submits one compute pass, and has its time taken. `read` may be called once all is done. */
  time(submitsOnePass: () => void): void {
    const device = this.#device;
    const submit = device.submit.bind(device);
    device.submit = (record) =>
      submit((encoder) => {
        record(this.#stamping(encoder));
        encoder.resolveQuerySet(this.#queries, 0, 2, this.#resolved, 0);
        encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, BYTES);
      });
    try {
      submitsOnePass();
    } finally {
      Reflect.deleteProperty(device, 'submit');
    }
  }

  /** Milliseconds of the last pass on the GPU; browsers round its ends to a tenth of a millisecond. */
  async read(): Promise<number> {
    await this.#device.orLost(this.#staging.mapAsync(MODE_READ));
    const [begin = 0n, end = 0n] = new BigUint64Array(this.#staging.getMappedRange().slice(0));
    this.#staging.unmap();
    return Number(end - begin) / 1e6;
  }

  /** The encoder, whose pass leaves timestamps. */
  #stamping(encoder: GPUCommandEncoder): GPUCommandEncoder {
    const timestampWrites = { querySet: this.#queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
    return new Proxy(encoder, {
      get: (target, name) => {
        if (name === 'beginComputePass') {
          return (descriptor?: GPUComputePassDescriptor) => target.beginComputePass({ ...descriptor, timestampWrites });
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  [Symbol.dispose](): void {
    this.#queries.destroy();
    this.#device.destroy(this.#resolved);
    this.#device.destroy(this.#staging);
  }
}
