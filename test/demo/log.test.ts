import { describe, expect, it } from 'vitest';
import { keepLog, MOST_LINES } from '../../demo/log.js';
import type { EpochRow } from '../../demo/protocol.js';
import { addFault, createState } from '../../demo/state.js';
import { en } from '../../demo/text/en.js';

const rowOf = (epoch: number): EpochRow => ({
  epoch,
  step: 10 * epoch,
  trainLoss: 1,
  trainAccuracy: 0.5,
  testLoss: 1,
  testAccuracy: 0.5,
  imagesPerSecond: 1,
  seconds: 1,
});

describe('the log of the page', () => {
  it('has a line for each phase, run, epoch and fault, in the order in which they came, and none for steps', () => {
    const state = createState(en);
    let time = 0;
    const lines = keepLog(state, () => ++time);
    state.phase.value = 'training';
    state.run.value = { settings: { ...state.settings.value, seed: 9 }, stepsPerEpoch: 10 };
    for (const step of [1, 2, 3]) state.progress.value = { step, epoch: 1, imagesPerSecond: 1 };
    state.epochs.value = [rowOf(1)];
    state.epochs.value = [rowOf(1), rowOf(2)].map((row, i) => state.epochs.value[i] ?? row);
    addFault(state, { code: 'data', message: 'no such file' });
    addFault(state, { code: 'data', message: 'no such file' });
    addFault(state, { code: 'data', message: 'another' });
    state.faults.value = [];
    state.phase.value = 'done';
    expect(lines.value).toMatchObject([
      { what: 'phase', phase: 'booting' },
      { what: 'phase', phase: 'training' },
      { what: 'run', settings: { seed: 9 } },
      { what: 'epoch', row: { epoch: 1 } },
      { what: 'epoch', row: { epoch: 2 } },
      { what: 'fault', fault: { message: 'no such file' } },
      { what: 'fault', fault: { message: 'another' } },
      { what: 'phase', phase: 'done' },
    ]);
    expect(lines.value.map(({ at }) => at)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('begins again with each run, and the lines of those before stay', () => {
    const state = createState(en);
    const lines = keepLog(state, () => 0);
    for (const seed of [1, 2]) {
      state.progress.value = { step: 0, epoch: 0, imagesPerSecond: 0 };
      state.run.value = { settings: { ...state.settings.value, seed }, stepsPerEpoch: 10 };
      state.progress.value = { step: 5, epoch: 1, imagesPerSecond: 1 };
    }
    expect(lines.value.filter(({ what }) => what === 'run')).toMatchObject([
      { settings: { seed: 1 } },
      { settings: { seed: 2 } },
    ]);
  });

  it('has its room, however long the page is open', () => {
    const state = createState(en);
    const lines = keepLog(state, () => 0);
    for (let i = 0; i < MOST_LINES; i++) state.phase.value = i % 2 === 0 ? 'paused' : 'training';
    expect(lines.value).toHaveLength(MOST_LINES);
    expect(lines.value.at(-1)).toMatchObject({ phase: 'training' });
  });
});
