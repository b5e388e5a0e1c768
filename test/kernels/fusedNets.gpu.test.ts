// The fused plans of two hundred nets, each in settings of its own, against the plain formulas: to the last bit, because
// their numbers are small and whole.

import { expect, it } from 'vitest';
import { checkNet } from '../laws/randomNets.js';
import { nodeDevice } from '../support/node.js';

const NETS = 200;
const AT_ONCE = 20;
/** Nets whose numbers stay small and are not all zero. */
const shown: number[] = [];

it.each(Array.from({ length: NETS / AT_ONCE }, (_, i) => i * AT_ONCE))(
  'the plans of random nets from %i on give the numbers of their formulas',
  async (first) => {
    const device = await nodeDevice();
    for (let seed = first; seed < first + AT_ONCE; seed++) if (await checkNet(device, seed)) shown.push(seed);
  },
  120_000,
);

it('most of them show something', () => expect(shown.length).toBeGreaterThan(0.7 * NETS));

/** Nets in the dialect of GPUs, where a kernel with workgroup memory takes a software adapter half a second. */
const GPU_NETS = 40;

it.each(Array.from({ length: GPU_NETS / AT_ONCE }, (_, i) => i * AT_ONCE))(
  'so do the plans that they have on GPUs, from net %i on',
  async (first) => {
    const device = await nodeDevice();
    for (let seed = first; seed < first + AT_ONCE; seed++) await checkNet(device, seed, 'gpu');
  },
  240_000,
);
