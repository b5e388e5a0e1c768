import { openDevice, type Device } from '../../src/gpu/device.js';

/** A device that no other test uses, and the GPUDevice inside it, so that a test can lose it or break it. */
export interface OwnDevice extends AsyncDisposable {
  readonly device: Device;
  readonly inside: GPUDevice;
}

/** Reaches the GPUDevice by standing between `openDevice` and the adapter. */
export async function openOwn(gpu: GPU): Promise<OwnDevice> {
  let made: GPUDevice | undefined;
  const between = {
    requestAdapter: async (options?: GPURequestAdapterOptions) => {
      const adapter = await gpu.requestAdapter(options);
      if (adapter === null) return null;
      const { features, limits, info } = adapter;
      const requestDevice = async (wanted?: GPUDeviceDescriptor) => (made = await adapter.requestDevice(wanted));
      return { features, limits, info, requestDevice };
    },
  };
  const device = await openDevice(between as unknown as GPU);
  if (made === undefined) throw new Error('openDevice asked for no device');
  const inside = made;
  return {
    device,
    inside,
    [Symbol.asyncDispose]: async () => {
      device[Symbol.dispose]();
      await inside.lost;
    },
  };
}

/** What a promise rejects with; throws if it does not. */
export async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`resolved with ${String(value)}; wanted a rejection`);
    },
    (reason: unknown) => reason,
  );
}
