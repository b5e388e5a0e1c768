import { expect, it } from 'vitest';
import { HALF_BITS } from '../../src/compile/narrow.js';
import { fromHalfBits, toHalfBits } from '../../src/core/half.js';
import { openDawn } from '../../src/node/dawn.js';
import { openOwn } from '../support/ownDevice.js';

const code = (size: number) => `
@group(0) @binding(0) var<storage, read_write> words: array<u32, ${size}>;
${HALF_BITS}
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * 65536u + id.x;
  if (i < ${size}u) { words[i] = halfBits(bitcast<f32>(words[i])); }
}`;

/** Every f16, what lies between it and the next, and numbers beyond. */
function values(): Float32Array<ArrayBuffer> {
  const all: number[] = [Infinity, NaN, 1e30, 65_519.996, 2 ** -149, 2 ** -130];
  for (let bits = 0; bits < 0x7c00; bits++) {
    const [low, high] = [fromHalfBits(bits), bits === 0x7bff ? 65_536 : fromHalfBits(bits + 1)];
    const middle = (low + high) / 2;
    all.push(low, middle, middle * (1 - 2 ** -23), middle * (1 + 2 ** -23), low * (1 + 2 ** -22));
  }
  return Float32Array.from(all.flatMap((value) => [value, -value]));
}

it('WGSL narrows every number to the nearest f16, on an adapter without f16 too', async () => {
  await using own = await openOwn(await openDawn());
  const { inside: gpu } = own;
  const given = values();
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = gpu.createBuffer({ size: given.byteLength, usage });
  const staging = gpu.createBuffer({
    size: given.byteLength,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  gpu.queue.writeBuffer(buffer, 0, given);
  const module = gpu.createShaderModule({ code: code(given.length) });
  const pipeline = gpu.createComputePipeline({ layout: 'auto', compute: { module } });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer } }] }),
  );
  pass.dispatchWorkgroups(1024, Math.ceil(given.length / 65_536), 1);
  pass.end();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, given.byteLength);
  gpu.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const found = new Uint32Array(staging.getMappedRange().slice(0));
  // The sign of a NaN says nothing.
  const wrong = [...given].filter((value, i) => {
    const bits = found[i] ?? 0;
    return Number.isNaN(value) ? (bits & 0x7fff) !== 0x7e00 : bits !== toHalfBits(value);
  });
  expect(wrong).toEqual([]);
});
