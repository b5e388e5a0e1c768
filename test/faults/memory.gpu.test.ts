import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/compile/plan.js';
import { scale } from '../../src/ops/scale.js';
import { checkKernel } from '../support/checkOp.js';
import type { KernelCase } from '../support/kernelCase.js';
import { nodeDevice } from '../support/node.js';

const tripled: KernelCase = { inputs: { x: [5] }, build: ({ x }) => scale(x!, 3) };

/** What the law says of the case with these shaders and bindings. */
const complaint = async (change: (plan: Plan) => Plan): Promise<string> =>
  checkKernel(await nodeDevice(), tripled, (plan) => [change(plan)]).then(
    () => 'nothing',
    (reason: unknown) => String(reason),
  );

const withText =
  (find: string, by: string, bytes = 20) =>
  (plan: Plan): Plan => ({
    ...plan,
    dispatches: plan.dispatches.map((dispatch) => ({
      ...dispatch,
      code: dispatch.code.replaceAll(find, by),
      bindings: dispatch.bindings.map((binding) => (binding.name === 'y' ? { ...binding, bytes } : binding)),
    })),
  });

const body = (text: string): string => `fn element(i: u32) { ${text}`;

describe('memory', () => {
  it('a word past the end, in nobody’s memory, is found', async () => {
    const change = (plan: Plan): Plan =>
      withText(body(''), body('y[5] = 1.0; '), 24)(withText('y: array<f32, 5>', 'y: array<f32, 6>')(plan));
    expect(await complaint(change)).toMatch(/scale\/plain: wrote word 5 of scratch0, which belongs to nobody/);
  });

  it('an element that is never written is told from one that is wrong', async () => {
    const missing = await complaint(withText(body(''), body('if (i == 3u) { return; } ')));
    expect(missing).toMatch(/scale\/plain: scale1\[3\] of \[5\] is NaN \(never written\); wanted/);
    const wrong = await complaint(withText(body(''), body('if (i == 3u) { y[i] = 9.0; return; } ')));
    expect(wrong).toMatch(/scale\/plain: scale1\[3\] of \[5\] is 9; wanted -?[\d.]+ ± [\d.e-]+/);
  });

  it('and where nothing is wrong, nothing is said', async () => {
    expect(await complaint((plan) => plan)).toBe('nothing');
  });
});
