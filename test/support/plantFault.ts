import { describe, expect, it } from 'vitest';
import type { Plan, PlannedDispatch } from '../../src/compile/plan.js';
import { EngineError } from '../../src/core/errors.js';
import { checkKernel } from './checkOp.js';
import type { KernelCase } from './kernelCase.js';
import { nodeDevice } from './node.js';

/** A mistake that someone could make in a shader. */
export interface Fault {
  /** Entry point and variant of the shader, as in `conv2d/tiled`; or its entry point, whatever the variant. */
  readonly at: string;
  /** What the mistake replaces in the resolved WGSL, everywhere where it stands. */
  readonly find: RegExp;
  readonly by: string;
}

/** Every case passes as it is, and is rejected with each of its faults: so the law is what finds them. */
export function checkFaults(subject: string, kernelCase: KernelCase, faults: Readonly<Record<string, Fault>>): void {
  describe(subject, () => {
    it('passes without a fault', async () => {
      await expect(nodeDevice().then((device) => checkKernel(device, kernelCase))).resolves.toBeUndefined();
    });
    for (const [title, fault] of Object.entries(faults)) {
      it(`is rejected: ${title} (${fault.at})`, async () => {
        const device = await nodeDevice();
        let planted = 0;
        const reason = await checkKernel(device, kernelCase, (plan) => {
          const changed = withFault(plan, fault);
          planted += changed === undefined ? 0 : 1;
          return changed === undefined ? [] : [changed];
        }).catch((error: unknown) => error);
        expect(planted, `shaders in which ${fault.find} was replaced`).toBeGreaterThan(0);
        expect(reason, 'what the law says').toBeInstanceOf(Error);
        // A shader that does not compile, or a binding that WebGPU refuses, would be found without any law.
        expect(reason).not.toBeInstanceOf(EngineError);
        expect((reason as Error).message).toContain(fault.at);
        device.mustBeWell();
      });
    }
  });
}

/** The plan with the fault in it; undefined where it has no such shader, or the shader no such text. */
function withFault(plan: Plan, { at, find, by }: Fault): Plan | undefined {
  const everywhere = new RegExp(find, find.flags.includes('g') ? find.flags : `${find.flags}g`);
  const dispatches = plan.dispatches.map((dispatch): PlannedDispatch => {
    if (![dispatch.entry, `${dispatch.entry}/${dispatch.variant}`].includes(at)) return dispatch;
    return { ...dispatch, code: dispatch.code.replace(everywhere, by) };
  });
  const isChanged = dispatches.some(({ code }, i) => code !== plan.dispatches[i]?.code);
  return isChanged ? { ...plan, dispatches } : undefined;
}
