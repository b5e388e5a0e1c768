import { EngineError } from '../core/errors.js';
import { USAGE, type Device } from './device.js';

/** A piece of a buffer to read. */
export interface Wanted {
  readonly buffer: GPUBuffer;
  readonly offsetBytes: number;
  readonly bytes: number;
}

/**
 * Copies pieces of buffers to the CPU through a few staging buffers that are made once and used in turn, so that reading
 * makes nothing new and never waits for the reader before.
 */
export class Readback {
  readonly #device: Device;
  readonly #free: GPUBuffer[];
  readonly #all: readonly GPUBuffer[];
  readonly #waiting: (() => void)[] = [];
  #closed = false;

  private constructor(device: Device, staging: GPUBuffer[]) {
    this.#device = device;
    this.#all = [...staging];
    this.#free = staging;
  }

  /** @param bytes the most that one read will ask for, all its pieces together */
  static async open(device: Device, label: string, bytes: number, count = 1): Promise<Readback> {
    const staging: GPUBuffer[] = [];
    try {
      for (let i = 0; i < count; i++) {
        staging.push(await device.buffer(`${label} staging ${i}`, bytes, USAGE.mapRead | USAGE.copyTarget));
      }
    } catch (error) {
      for (const buffer of staging) device.destroy(buffer);
      throw error;
    }
    return new Readback(device, staging);
  }

  /**
   * The pieces as they are when everything submitted so far is done, one ArrayBuffer each.
   * @param before records what goes before the copies in the same submit
   * @throws EngineError 'usage' after dispose
   */
  async read(pieces: readonly Wanted[], before?: (encoder: GPUCommandEncoder) => void): Promise<ArrayBuffer[]> {
    this.#mustBeOpen();
    while (this.#free.length === 0) {
      await this.#device.orLost(new Promise<void>((resolve) => this.#waiting.push(resolve)));
      this.#mustBeOpen();
    }
    const staging = this.#free.pop();
    if (staging === undefined) return this.read(pieces, before);
    try {
      this.#device.submit((encoder) => {
        before?.(encoder);
        let at = 0;
        for (const { buffer, offsetBytes, bytes } of pieces) {
          encoder.copyBufferToBuffer(buffer, offsetBytes, staging, at, bytes);
          at += bytes;
        }
      });
      const copies = await this.#device.orLost(this.#mapped(staging, pieces), 'read');
      this.#device.counts.mappedReads++;
      return copies;
    } finally {
      this.#free.push(staging);
      this.#waiting.shift()?.();
    }
  }

  /** What lies in a staging buffer; rejects if it is unmapped before it was copied, as a loss does. */
  async #mapped(staging: GPUBuffer, pieces: readonly Wanted[]): Promise<ArrayBuffer[]> {
    const total = pieces.reduce((sum, { bytes }) => sum + bytes, 0);
    try {
      await staging.mapAsync(1 /* GPUMapMode.READ */, 0, total);
      const mapped = staging.getMappedRange(0, total);
      let at = 0;
      const copies = pieces.map(({ bytes }) => {
        at += bytes;
        return mapped.slice(at - bytes, at);
      });
      staging.unmap();
      return copies;
    } catch (error) {
      this.#mustBeOpen();
      throw error;
    }
  }

  #mustBeOpen(): void {
    if (!this.#closed) return;
    throw new EngineError('usage', { place: 'read', given: 'a read after dispose', wanted: 'an open reader' });
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    for (const buffer of this.#all) this.#device.destroy(buffer);
  }
}
