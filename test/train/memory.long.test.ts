import { describe, expect, it } from 'vitest';
import { growthOver } from '../support/growth.js';
import { nodeDevice } from '../support/node.js';

describe('10,000 steps', () => {
  it('leave the heap and the GPU’s memory as they were', async () => {
    const { heap, arrays, gpu, buffers } = await growthOver(await nodeDevice(), 10_000);
    expect({ gpu, buffers }).toEqual({ gpu: 0, buffers: 0 });
    expect(heap).toBeLessThan(300_000);
    expect(arrays).toBeLessThan(300_000);
  });
});
