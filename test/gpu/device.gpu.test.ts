import { afterEach, describe, expect, it } from 'vitest';
import { openDevice, USAGE } from '../../src/gpu/device.js';
import { openDawn } from '../../src/node/dawn.js';
import { openOwn, reasonOf, type OwnDevice } from '../support/ownDevice.js';

const opened: OwnDevice[] = [];
const own = async (): Promise<OwnDevice> => {
  const made = await openOwn(await openDawn());
  opened.push(made);
  return made;
};
afterEach(async () => {
  for (const made of opened.splice(0)) await made[Symbol.asyncDispose]();
});

describe('opening', () => {
  it('without a GPU object is no-webgpu', async () => {
    await expect(openDevice(undefined)).rejects.toMatchObject({ name: 'EngineError', code: 'no-webgpu' });
  });
  it('without an adapter is no-adapter', async () => {
    const gpu = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
    await expect(openDevice(gpu)).rejects.toMatchObject({ name: 'EngineError', code: 'no-adapter' });
  });
  it('on an adapter that gives no device is gpu, with the reason', async () => {
    const requestDevice = () => Promise.reject(new Error('this adapter was used up'));
    const adapter = { features: new Set(), limits: {}, info: {}, requestDevice };
    const gpu = { requestAdapter: () => Promise.resolve(adapter) } as unknown as GPU;
    await expect(openDevice(gpu)).rejects.toMatchObject({ code: 'gpu', given: 'this adapter was used up' });
  });
  it('asks for the adapter’s own buffer limits', async () => {
    const { device, inside: gpu } = await own();
    expect(device.profile.limits.maxBufferSize).toBe(gpu.limits.maxBufferSize);
    expect(device.profile.limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(128 * 2 ** 20);
  });
});

describe('an error of validation', () => {
  it('in a submit surfaces at the next wait, as gpu, and at every call after', async () => {
    const { device } = await own();
    const from = await device.buffer('small', 16, USAGE.copySource);
    const to = await device.buffer('target', 64, USAGE.copyTarget);
    device.submit((encoder) => encoder.copyBufferToBuffer(from, 0, to, 0, 64));
    expect(await reasonOf(device.idle())).toMatchObject({ code: 'gpu' });
    expect(() => device.mustBeWell()).toThrow(expect.objectContaining({ code: 'gpu' }));
    expect(await reasonOf(device.buffer('later', 16, USAGE.storage))).toMatchObject({ code: 'gpu' });
  });
  it('in a validated call is thrown by that call with its place, and the device stays well', async () => {
    const { device } = await own();
    const made = device.validated('a bad shader', (gpu) => gpu.createShaderModule({ code: 'fn x( {' }));
    expect(await reasonOf(made)).toMatchObject({ code: 'gpu', place: 'a bad shader' });
    await device.idle();
  });
  it('after a validated call that threw still surfaces', async () => {
    const { device } = await own();
    const thrown = device.validated('a slip', () => {
      throw new Error('before anything was made');
    });
    expect(await reasonOf(thrown)).toMatchObject({ code: 'gpu', given: 'before anything was made' });
    const from = await device.buffer('small', 16, USAGE.copySource);
    const to = await device.buffer('target', 64, USAGE.copyTarget);
    device.submit((encoder) => encoder.copyBufferToBuffer(from, 0, to, 0, 64));
    expect(await reasonOf(device.idle())).toMatchObject({ code: 'gpu' });
  });
});

describe('memory', () => {
  it('that the GPU cannot give is limit, is not counted, and the device stays well', async () => {
    const { device, inside: gpu } = await own();
    const before = { ...device.counts };
    const exhausted = { message: 'out of memory' } as GPUError;
    const { popErrorScope } = gpu;
    gpu.popErrorScope = async () => {
      await popErrorScope.call(gpu);
      return exhausted;
    };
    expect(await reasonOf(device.buffer('weights', 64, USAGE.storage))).toMatchObject({
      code: 'limit',
      place: 'weights',
    });
    gpu.popErrorScope = popErrorScope;
    expect(device.counts).toEqual(before);
    await device.idle();
  });
  it('beyond the largest buffer is limit, and the device stays well', async () => {
    const { device } = await own();
    const bytes = device.profile.limits.maxBufferSize + 4;
    expect(await reasonOf(device.buffer('huge', bytes, USAGE.storage))).toMatchObject({ code: 'limit', place: 'huge' });
    await device.idle();
  });
  it('is counted once, however often it is freed', async () => {
    const { device } = await own();
    const { bytes } = device.counts;
    device.counts.peakBytes = bytes;
    const buffer = await device.buffer('twice', 64, USAGE.storage);
    expect(device.counts.bytes).toBe(bytes + 64);
    device.destroy(buffer);
    device.destroy(buffer);
    expect(device.counts.bytes).toBe(bytes);
    expect(device.counts.peakBytes).toBe(bytes + 64);
  });
});

describe('a wait', () => {
  it('that is over keeps nothing of what it waited for', async () => {
    const { device } = await own();
    const values = await Promise.all(
      Array.from({ length: 100 }, async () => new WeakRef(await device.orLost(Promise.resolve({ read: 'once' })))),
    );
    await new Promise((resolve) => void setImmediate(resolve));
    globalThis.gc?.();
    expect(values.filter((value) => value.deref() !== undefined).length).toBeLessThan(5);
  });
});

describe('a lost device', () => {
  it('is device-lost for whoever waits and for every later call', async () => {
    const { device, inside: gpu } = await own();
    const never = device.orLost(new Promise(() => undefined));
    gpu.destroy();
    expect(await reasonOf(never)).toMatchObject({ code: 'device-lost' });
    expect(await reasonOf(device.idle())).toMatchObject({ code: 'device-lost' });
    expect(await reasonOf(device.buffer('later', 4, USAGE.storage))).toMatchObject({ code: 'device-lost' });
    expect(() => device.submit(() => undefined)).toThrow(expect.objectContaining({ code: 'device-lost' }));
  });
  it('turns what fails a moment before it into device-lost', async () => {
    const { device, inside: gpu } = await own();
    const buffer = await device.buffer('staging', 16, USAGE.mapRead | USAGE.copyTarget);
    const mapped = device.orLost(buffer.mapAsync(1));
    gpu.destroy();
    expect(await reasonOf(mapped)).toMatchObject({ code: 'device-lost' });
  });
  it('that was disposed says device-lost at once, and disposing twice is as good as once', async () => {
    const { device } = await own();
    device[Symbol.dispose]();
    device[Symbol.dispose]();
    expect(() => device.mustBeWell()).toThrow(expect.objectContaining({ code: 'device-lost' }));
    expect(await reasonOf(device.idle())).toMatchObject({ code: 'device-lost' });
  });
});
