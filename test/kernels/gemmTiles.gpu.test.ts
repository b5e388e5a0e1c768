import { describe, it } from 'vitest';
import { extentOf } from '../../shaders/lib/gemmTile.js';
import { LARGEST, TILES } from '../../src/kernels/gemmTile.js';
import { conv2d, conv2dGradW, conv2dGradX } from '../../src/ops/conv2d.js';
import { matmul } from '../../src/ops/matmul.js';
import { productKernel } from '../laws/matmulGemm.js';
import { gemmKernels } from '../laws/convGemm.js';
import { checkKernel } from '../support/checkOp.js';
import type { KernelCase } from '../support/kernelCase.js';
import { nodeDevice } from '../support/node.js';

// The tiles of nets, as they are: on sizes that none of them divides, and of several workgroups.

const attrs = { stride: [1, 1] as const, padding: [1, 1] as const, dilation: [1, 1] as const, groups: 1 };

function onGpu(title: string, kernelCase: KernelCase): void {
  it(title, async (context) => {
    const device = await nodeDevice();
    if (device.profile.dialect === 'cpu')
      context.skip('a software adapter compiles so much workgroup memory for seconds');
    await checkKernel(device, kernelCase);
    device.mustBeWell();
  });
}

describe('every tile of a net gives the formula’s values on a GPU', () => {
  for (const tile of TILES) {
    const name = extentOf(tile).join(' × ');
    const kernels = gemmKernels({ tile, depth: 2, rows: 3, pixels: 8, steps: 5 });
    const [x, w, dy] = [
      [3, 12, 9, 11],
      [70, 12, 3, 3],
      [3, 70, 9, 11],
    ];
    onGpu(`conv2d, ${name}`, { inputs: { x, w }, build: (by) => conv2d(by['x']!, by['w']!, attrs), kernels });
    onGpu(`conv2dGradX, ${name}`, {
      inputs: { dy, w },
      build: (by) => conv2dGradX.one([by['dy']!, by['w']!], { ...attrs, image: [9, 11] }),
      kernels,
    });
    onGpu(`conv2dGradW, ${name}`, {
      inputs: { dy, x },
      build: (by) => conv2dGradW.one([by['dy']!, by['x']!], { ...attrs, window: [3, 3] }),
      kernels,
    });
  }
  for (const tile of [LARGEST, ...TILES]) {
    for (const layout of ['nn', 'nt', 'tn'] as const) {
      onGpu(`matmul ${layout}, ${extentOf(tile).join(' × ')}`, {
        inputs: { a: layout === 'tn' ? [44, 131] : [131, 44], b: layout === 'nt' ? [133, 44] : [44, 133] },
        build: ({ a, b }) => matmul(a!, b!, layout),
        kernels: [productKernel({ ...tile, depth: 8, slices: 2 })],
      });
    }
  }
});
