import { restOf, waitWith } from '../../src/core/rest.js';
import { openDevice, type Device } from '../../src/gpu/device.js';

/** A moment in the life of a device. */
export interface Moment {
  /** A method of the device, of its queue, or `mapAsync` of a buffer. */
  readonly call: string;
  /** `mapped`: when what `mapAsync` gave is fulfilled. */
  readonly when: 'before' | 'after' | 'mapped';
  /** Of the devices, 0 for the first. */
  readonly device: number;
}

/** Devices that are destroyed at chosen moments. */
export interface Losing extends AsyncDisposable {
  /** Gives such devices to whoever opens them. */
  readonly gpu: GPU;
  open(): Promise<Device>;
  /** Devices opened so far. */
  readonly opened: number;
}

/**
 * Stands between `openDevice` and the adapter, and asks at every moment whether the device is to be destroyed then.
 * @param isLast asked before and after each call of a device that is not destroyed yet
 */
export function losing(gpu: GPU, isLast: (moment: Moment) => boolean): Losing {
  const made: GPUDevice[] = [];
  const wrappers: Device[] = [];

  function watched(inside: GPUDevice): GPUDevice {
    const device = made.push(inside) - 1;
    let isDestroyed = false;
    const hear = (call: string, when: Moment['when']): void => {
      if (isDestroyed || !isLast({ call, when, device })) return;
      isDestroyed = true;
      inside.destroy();
    };
    const watchMapping = (buffer: GPUBuffer): void => {
      const { mapAsync } = buffer;
      buffer.mapAsync = async (...range) => {
        hear('mapAsync', 'before');
        const mapping = mapAsync.apply(buffer, range);
        hear('mapAsync', 'after');
        await mapping;
        hear('mapAsync', 'mapped');
        return undefined;
      };
    };
    const between = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(_, key) {
          const value: unknown = Reflect.get(target, key, target);
          if (key === 'queue') return between(inside.queue);
          if (typeof value !== 'function' || typeof key !== 'string' || key === 'addEventListener') {
            return typeof value === 'function' ? value.bind(target) : value;
          }
          return (...args: unknown[]): unknown => {
            hear(key, 'before');
            const result: unknown = Reflect.apply(value, target, args);
            if (key === 'createBuffer') watchMapping(result as GPUBuffer);
            hear(key, 'after');
            return result;
          };
        },
      });
    return between(inside);
  }

  const around = {
    requestAdapter: async (options?: GPURequestAdapterOptions) => {
      const adapter = await gpu.requestAdapter(options);
      if (adapter === null) return null;
      const { features, limits, info } = adapter;
      const requestDevice = async (wanted?: GPUDeviceDescriptor) => watched(await adapter.requestDevice(wanted));
      return { features, limits, info, requestDevice };
    },
  } as unknown as GPU;
  const rest = restOf(gpu);
  if (rest !== undefined) waitWith(around, rest);
  return {
    gpu: around,
    async open() {
      const device = await openDevice(around);
      wrappers.push(device);
      return device;
    },
    get opened() {
      return made.length;
    },
    async [Symbol.asyncDispose]() {
      for (const device of wrappers) device[Symbol.dispose]();
      for (const inside of made) await inside.lost;
    },
  };
}

/** Destroys the first device at the n-th moment that counts, 1 for the first; `passed` says how many there were. */
export function atMoment(n: number, counts: (moment: Moment) => boolean) {
  let passed = 0;
  const isLast = (moment: Moment): boolean => moment.device === 0 && counts(moment) && ++passed === n;
  return {
    isLast,
    get passed() {
      return passed;
    },
  };
}
