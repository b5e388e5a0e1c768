import { expect, it } from 'vitest';
import { defaultProfile } from '../../src/core/profile.js';
import { crossEntropy } from '../../src/train/losses.js';
import { ranked, sweep, type SweepRun, type SweepSetup } from '../../src/train/sweep.js';

const run = (index: number, loss?: number, accuracy?: number): SweepRun => ({
  index,
  settings: {},
  ...(loss !== undefined && accuracy !== undefined
    ? { loss, accuracy }
    : { failed: { code: 'diverged', message: 'it diverged' } }),
  steps: 1,
  seconds: 1,
});

it('ranks by least loss or greatest accuracy, of equals the earlier first, and what failed last', () => {
  const runs = [run(3), run(2, 0.5, 0.9), run(1, 0.5, 0.8), run(0), run(4, 0.4, 0.7)];
  const order = (rank: 'loss' | 'accuracy') => ranked(runs, rank).map(({ index }) => index);
  expect(order('loss')).toEqual([4, 1, 2, 0, 3]);
  expect(order('accuracy')).toEqual([2, 1, 4, 0, 3]);
  expect(runs.map(({ index }) => index)).toEqual([3, 2, 1, 0, 4]);
});

it('refuses to rank runs of different losses by loss', async () => {
  const setup = ({ labelSmoothing }: { readonly labelSmoothing: number }): SweepSetup =>
    ({ device: { profile: defaultProfile('gpu') }, validation: 5, loss: crossEntropy({ labelSmoothing }) }) as never;
  const of = (...values: readonly number[]) => ({ runs: values.map((labelSmoothing) => ({ labelSmoothing })), setup });
  await expect(sweep(of(0, 0.1)).next()).rejects.toMatchObject({ code: 'usage', wanted: 'rank: accuracy' });
  // Ranked by accuracy, or of one loss, it goes on to open a trainer, which this device cannot be.
  for (const options of [of(0.1, 0.1), { ...of(0, 0.1), rank: 'accuracy' as const }]) {
    await expect(sweep(options).next()).rejects.not.toMatchObject({ wanted: 'rank: accuracy' });
  }
});

it('refuses a precision that the adapter does not have before the first run begins', async () => {
  const asked: string[] = [];
  const setup = ({ precision }: { readonly precision: 'f32' | 'mixed' }): SweepSetup => {
    asked.push(precision);
    return { device: { profile: defaultProfile('gpu') }, validation: 5, precision } as unknown as SweepSetup;
  };
  const events = sweep({ runs: [{ precision: 'f32' }, { precision: 'mixed' }], setup });
  await expect(events.next()).rejects.toMatchObject({ code: 'limit', place: 'precision' });
  expect(asked).toEqual(['f32', 'mixed']);
});
