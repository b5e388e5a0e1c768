import { afterAll, describe, expect, it } from 'vitest';
import { openDevice, type Device } from '../../src/gpu/device.js';
import { openDawn } from '../../src/node/dawn.js';
import type { GpuLaw } from './gpuLaw.js';

let opened: Promise<Device> | undefined;

/** The one device of this process. A GPU that cannot be opened is a failure, never a skip. */
export const nodeDevice = (): Promise<Device> => (opened ??= openDawn().then((gpu) => openDevice(gpu)));

/** Runs laws on Dawn in Node. */
export function lawsInNode(title: string, laws: readonly GpuLaw[]): void {
  describe(title, () => {
    for (const law of laws) {
      it(law.title, async () => {
        const device = await nodeDevice();
        await law.run(device, await openDawn());
        device.mustBeWell();
        expect(laws).toContain(law);
      });
    }
    afterAll(async () => (await nodeDevice()).idle());
  });
}
