import { describe, expect, it } from 'vitest';
import { openDawn, openNullDawn } from '../../src/node/dawn.js';

const add = `
@group(0) @binding(0) var<storage, read> a: array<f32, 4>;
@group(0) @binding(1) var<storage, read> b: array<f32, 4>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, 4>;
@compute @workgroup_size(4, 1, 1)
fn add(@builtin(global_invocation_id) id: vec3u) { y[id.x] = a[id.x] + b[id.x]; }`;

async function addFour(device: GPUDevice, a: readonly number[], b: readonly number[]): Promise<number[]> {
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const [x, w, y] = [a, b, [0, 0, 0, 0]].map((values) => {
    const buffer = device.createBuffer({ size: 16, usage: STORAGE | COPY_SRC | COPY_DST });
    device.queue.writeBuffer(buffer, 0, new Float32Array(values));
    return buffer;
  }) as [GPUBuffer, GPUBuffer, GPUBuffer];
  const out = device.createBuffer({ size: 16, usage: MAP_READ | COPY_DST });
  const module = device.createShaderModule({ code: add });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const entries = [x, w, y].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(y, 0, out, 0, 16);
  device.queue.submit([encoder.finish()]);
  await out.mapAsync(GPUMapMode.READ);
  return [...new Float32Array(out.getMappedRange())];
}

describe('openDawn', () => {
  it('gives an adapter whose device adds four floats', async () => {
    const gpu = await openDawn();
    const device = await (await gpu.requestAdapter())!.requestDevice();
    expect(await addFour(device, [1, 2, 3, 4], [10, 20, 30, 40])).toEqual([11, 22, 33, 44]);
    device.destroy();
  });

  it('gives the same object at each call, also to calls at once', async () => {
    const [a, , b] = await Promise.all([openDawn(), openDawn({ software: true }), openDawn()]);
    expect(a).toBe(b);
    expect(await openDawn()).toBe(a);
  });

  it('leaves the variables of the Vulkan loader as they were', async () => {
    const before = process.env['VK_ICD_FILENAMES'];
    await openDawn({ software: true });
    expect(process.env['VK_ICD_FILENAMES']).toBe(before);
  });
});

describe('openNullDawn', () => {
  it('compiles right shaders and refuses wrong ones without any driver', async () => {
    const device = await (await (await openNullDawn()).requestAdapter())!.requestDevice();
    const messages = async (code: string) => {
      device.pushErrorScope('validation');
      const info = await device.createShaderModule({ code }).getCompilationInfo();
      await device.popErrorScope();
      return info.messages.filter(({ type }) => type === 'error').length;
    };
    expect(await messages(add)).toBe(0);
    expect(await messages(add.replace('a[id.x] +', 'a[id.x] -+'))).toBeGreaterThan(0);
  });
});
