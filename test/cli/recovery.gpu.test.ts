import { expect, it } from 'vitest';
import { runTask } from '../../src/cli/run.js';
import type { RunEvent, RunMaterial, RunSettings } from '../../src/cli/task.js';
import { digits } from '../../src/data/digits.js';
import { sameStates, type Checkpoint } from '../../src/io/checkpoint.js';
import { openDawn } from '../../src/node/dawn.js';
import { atMoment, losing } from '../support/losing.js';
import { sameBits } from '../support/runs.js';

const training = {
  optimizer: { kind: 'adam', rate: 0.002, weightDecay: 0 },
  batch: 32,
  accumulate: 1,
  precision: 'f32',
  seed: 3,
  shuffle: true,
  epochs: 3,
} as const;
const settings: RunSettings = { task: 'train', net: 'figure', mean: 0.13, std: 0.31, training };
const data = digits({ train: 64, test: 20 });

/** Trains as the command does, on a GPU whose first device is lost at its n-th submit. */
async function run(n: number) {
  const events: RunEvent[] = [];
  const saved: Checkpoint[] = [];
  const material: RunMaterial = {
    data,
    signal: new AbortController().signal,
    save: async (checkpoint) => void saved.push(checkpoint),
  };
  await using devices = losing(await openDawn(), atMoment(n, ({ call }) => call === 'submit').isLast);
  const { weights, evaluation } = await runTask(settings, material, devices.gpu, (event) => events.push(event));
  return { events, saved, weights: weights!, evaluation };
}

it('a command whose device is lost says so and goes on to the weights, the lines and the checkpoints of any other', async () => {
  const straight = await run(Infinity);
  const lost = await run(30);
  expect(sameBits(lost.weights, straight.weights)).toBe(true);
  expect(lost.evaluation).toEqual(straight.evaluation);
  const told = ({ events }: typeof lost) =>
    events.flatMap((event): readonly unknown[] =>
      event.event === 'epoch' ? [`epoch ${event.epoch} ${event.testLoss}`] : event.event === 'steps' ? event.steps : [],
    );
  expect(told(lost)).toEqual(told(straight));
  expect(lost.saved.map(({ facts }) => facts.step)).toEqual([2, 4, 6]);
  for (const [i, checkpoint] of lost.saved.entries()) expect(sameStates(checkpoint, straight.saved[i]!)).toBe(true);
  expect(lost.events.filter(({ event }) => event === 'restored')).toEqual([
    { event: 'restored', step: expect.any(Number), reason: 'destroyed', message: expect.any(String) },
  ]);
});
