import { EngineError } from '../core/errors.js';
import type { Profile } from '../core/profile.js';
import { restOf, type Rest } from '../core/rest.js';
import { noCounts, type DeviceCounts } from './counts.js';
import { profileOf } from './profile.js';

export interface OpenOptions {
  /** Which of several GPUs, where the browser lets one choose. */
  readonly powerPreference?: GPUPowerPreference;
}

// Buffer usages by their numbers in the WebGPU specification (§5.1.1.1): the globals are absent in Node.
export const USAGE = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, storage: 0x80, queryResolve: 0x200 } as const;

/** Why a device went away, as WebGPU says it. */
export interface DeviceLoss {
  readonly reason: GPUDeviceLostReason;
  readonly message: string;
}

/** Names of the errors that mapping and error scopes reject with when their device goes; and for hardly another reason. */
const SIGNS_OF_LOSS: ReadonlySet<unknown> = new Set(['AbortError', 'OperationError']);
/** How long the loss itself may stay away after them. */
const LOSS_MS = 1000;

/**
 * A GPU that training can be asked of: the device, what is known of its adapter, and its errors.
 *
 * Nothing passes silently: a validation error, an exhausted memory or a lost device makes every later call of
 * `mustBeWell` and `orLost` throw, with the first cause.
 */
export class Device {
  readonly profile: Profile;
  readonly counts: DeviceCounts = noCounts();
  readonly #device: GPUDevice;
  /** Buffers that are not yet destroyed. */
  readonly #live = new WeakSet<GPUBuffer>();
  /** Who waits for the GPU, to be told of a loss. */
  readonly #waiting = new Set<(reason: unknown) => void>();
  readonly #rest: Rest | undefined;
  /** Resolves once the device is lost, or was given back: for those who ask nothing of it and must know. */
  readonly lost: Promise<void>;
  #failure: EngineError | undefined;
  #loss: DeviceLoss | undefined;
  #closed = false;

  constructor(device: GPUDevice, profile: Profile, rest?: Rest) {
    this.#device = device;
    this.profile = profile;
    this.#rest = rest;
    device.addEventListener('uncapturederror', (event) => {
      this.#failure ??= errorOf('GPU', event.error);
    });
    this.lost = this.#watch();
  }

  /** Tells everyone who waits when the device is lost. */
  async #watch(): Promise<void> {
    const { reason, message } = await this.#device.lost;
    this.#loss = { reason, message };
    this.#failure ??= new EngineError('device-lost', {
      place: this.profile.adapter.description,
      given: `the device was lost (${reason || 'unknown'}): ${message || 'no reason given'}`,
      wanted: 'a device that stays until the training ends',
      wayOut: 'Train with `RecoveringTrainer`, or open a device again and go on from the last checkpoint.',
    });
    for (const reject of this.#waiting) reject(this.#failure);
    this.#waiting.clear();
  }

  /** Why it was lost. Undefined as long as it is not known to be, and where `dispose` gave it back. */
  get loss(): DeviceLoss | undefined {
    return this.#closed ? undefined : this.#loss;
  }

  /** Throws the first error that the GPU reported, if there was one. */
  mustBeWell(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#closed) return;
    throw new EngineError('device-lost', { place: 'device', given: 'a call after dispose', wanted: 'an open device' });
  }

  /**
   * Waits for the GPU, or throws as soon as the device is lost: after a loss some promises never settle.
   *
   * No `Promise.race` with the loss: a promise that stays pending keeps everyone who ever raced with it.
   */
  async orLost<T>(promise: Promise<T>, place = 'GPU'): Promise<T> {
    let value: T;
    try {
      value = await this.#unlessLost(promise);
    } catch (error) {
      // What was waited for may fail some milliseconds before the device says that it is lost.
      if (isSignOfLoss(error)) await this.#lossOr(LOSS_MS);
      this.mustBeWell();
      throw error instanceof EngineError ? error : errorOf(place, error);
    }
    this.mustBeWell();
    return value;
  }

  /** Resolves when the device is lost, or after so many milliseconds. */
  async #lossOr(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await this.#unlessLost(over).catch(() => undefined);
    clearTimeout(timer);
  }

  #unlessLost<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#loss) reject(this.#failure);
      else this.#waiting.add(reject);
      const wake = this.#rest?.();
      promise.then(resolve, reject).finally(() => {
        this.#waiting.delete(reject);
        wake?.();
      });
    });
  }

  /**
   * A zero-filled buffer.
   * @throws EngineError 'limit' if the GPU does not give so much memory
   */
  async buffer(label: string, bytes: number, usage: number): Promise<GPUBuffer> {
    this.mustBeWell();
    this.#device.pushErrorScope('out-of-memory');
    this.#device.pushErrorScope('validation');
    const buffer = this.#device.createBuffer({ label, size: Math.max(4, bytes), usage });
    const scopes = [this.#device.popErrorScope(), this.#device.popErrorScope()];
    const [refused, exhausted] = await Promise.all(scopes.map((scope) => this.orLost(scope, label)));
    const error = refused ?? exhausted ?? null;
    if (error !== null) {
      throw new EngineError('limit', {
        place: label,
        given: `${bytes} bytes, which the GPU could not give`,
        wanted: 'memory for the net and its data',
        wayOut: 'Use a smaller batch or fewer images, or close other pages.',
        cause: error,
      });
    }
    this.#live.add(buffer);
    this.counts.buffers++;
    this.counts.bytes += buffer.size;
    this.counts.peakBytes = Math.max(this.counts.peakBytes, this.counts.bytes);
    return buffer;
  }

  /** Frees a buffer's memory; a second time does nothing. */
  destroy(buffer: GPUBuffer): void {
    if (!this.#live.delete(buffer)) return;
    this.counts.bytes -= buffer.size;
    buffer.destroy();
  }

  /** Sets part of a buffer; in order with everything submitted. Bytes must be a multiple of 4. */
  upload(buffer: GPUBuffer, offsetBytes: number, data: ArrayBufferView<ArrayBuffer>): void {
    this.mustBeWell();
    this.#device.queue.writeBuffer(buffer, offsetBytes, data.buffer, data.byteOffset, data.byteLength);
    this.counts.uploads++;
  }

  /** Runs `create` and reports what WebGPU's validation says of it, with the place in the message. */
  async validated<T>(place: string, create: (device: GPUDevice) => T | Promise<T>): Promise<T> {
    this.mustBeWell();
    this.#device.pushErrorScope('validation');
    // It runs at once, and a throw rejects: the scope is closed whatever happens.
    const pending = (async () => create(this.#device))();
    const scope = this.#device.popErrorScope();
    const [made, error] = await Promise.allSettled([this.orLost(pending, place), this.orLost(scope, place)]);
    if (made.status === 'rejected') throw made.reason;
    if (error.status === 'rejected') throw error.reason;
    if (error.value !== null) throw errorOf(place, error.value);
    return made.value;
  }

  /** Records commands and submits them as one. */
  submit(record: (encoder: GPUCommandEncoder) => void): void {
    this.mustBeWell();
    const encoder = this.#device.createCommandEncoder();
    record(encoder);
    this.#device.queue.submit([encoder.finish()]);
    this.counts.submits++;
  }

  /** Resolves when everything submitted so far is done. */
  async idle(): Promise<void> {
    await this.orLost(this.#device.queue.onSubmittedWorkDone());
  }

  /** Gives the device back; everything made with it is gone. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#device.destroy();
  }
}

function isSignOfLoss(error: unknown): boolean {
  if (!(error instanceof Object) || !('name' in error)) return false;
  // A pipeline that fails through no fault of its shader.
  if (error.name === 'GPUPipelineError') return 'reason' in error && error.reason === 'internal';
  return SIGNS_OF_LOSS.has(error.name);
}

function errorOf(place: string, cause: unknown): EngineError {
  const said =
    cause instanceof Error || (cause instanceof Object && 'message' in cause) ? String(cause.message) : String(cause);
  return new EngineError('gpu', { place, given: said.trim(), wanted: 'a call that the GPU accepts', cause });
}

/**
 * Opens a device on the best adapter of a GPU object: `navigator.gpu` in a page or Worker, Dawn's in Node.
 *
 * @throws EngineError 'no-webgpu' without a GPU object, 'no-adapter' if it has no adapter, 'gpu' if the adapter gives no device
 */
export async function openDevice(gpu: GPU | undefined, options: OpenOptions = {}): Promise<Device> {
  if (gpu === undefined) {
    throw new EngineError('no-webgpu', {
      place: 'openDevice',
      given: 'no GPU object',
      wanted: 'navigator.gpu, or Dawn’s GPU in Node',
      wayOut: 'Use a browser with WebGPU on https or localhost; in Node, openDawn() of weft-gpu/node.',
    });
  }
  const adapter = await gpu.requestAdapter(options);
  if (adapter === null) {
    throw new EngineError('no-adapter', {
      place: 'openDevice',
      given: 'WebGPU without an adapter',
      wanted: 'a GPU, or a software adapter',
      wayOut:
        'Switch hardware acceleration on, or start Chromium with --enable-unsafe-webgpu; `weft doctor` says more.',
    });
  }
  const features = (['timestamp-query', 'shader-f16', 'subgroups'] as const).filter((name) =>
    adapter.features.has(name),
  );
  try {
    const device = await adapter.requestDevice({
      label: 'weft',
      requiredFeatures: features,
      requiredLimits: {
        maxBufferSize: adapter.limits.maxBufferSize,
        maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
      },
    });
    return new Device(device, profileOf(adapter.info, device), restOf(gpu));
  } catch (error) {
    throw errorOf('openDevice', error);
  }
}
