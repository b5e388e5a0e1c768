import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { JsonResults, TextResults } from '../../src/cli/results.js';
import { Screen } from '../../src/cli/screen.js';
import type { EpochEvent, RunOutcome } from '../../src/cli/task.js';
import { tinySplits } from '../support/tinyData.js';

/** A screen whose stdout is text. */
function printed(print: (screen: Screen) => void): string {
  const out = new PassThrough();
  print(new Screen({ out: out as unknown as NodeJS.WriteStream, env: { NO_COLOR: '1' }, quiet: true }));
  return String(out.read() ?? '');
}

const epoch: EpochEvent = {
  event: 'epoch',
  epoch: 2,
  trainLoss: 0.5,
  trainAccuracy: 0.9,
  validationLoss: 0.25,
  validationAccuracy: 0.95,
  bestEpoch: 2,
  skipped: 3,
  imagesPerSecond: 1000,
  seconds: 2,
};
const outcome: RunOutcome = {
  interrupted: false,
  steps: 20,
  seconds: 4,
  evaluation: { loss: 0.3, accuracy: 0.9 },
  stoppedEarly: true,
  best: { epoch: 1, loss: 0.125 },
  lossScale: { scale: 32_768, goodSteps: 4, skipped: 3 },
};

describe('what a training has come to', () => {
  it('is a table with what epochs were judged by and what the loss scale skipped, then how it ended', () => {
    const text = printed((screen) => {
      const results = new TextResults(screen, tinySplits(24, 10), false);
      results.hear(epoch);
      results.done(outcome);
    });
    expect(text.split('\n')).toEqual([
      'epoch  train loss  train acc  valid loss  valid acc  skipped      img/s     time',
      '    2      0.5000    90.00 %      0.2500    95.00 %        3      1,000   2.00 s',
      'Stopped early: the validation loss gets no better.',
      'The weights are those of epoch 1, the best: validation loss 0.1250.',
      'Accuracy of the network on the 10 test images: 90.00 %',
      '20 steps in 4.00 s · 3 steps skipped, loss scale 32,768 · 0 MACs an image · 0 bytes of weights',
      '',
    ]);
  });

  it('says nothing of what a run does not have', () => {
    const { stoppedEarly: _, best: __, lossScale: ___, ...plain } = outcome;
    const { validationLoss, validationAccuracy, bestEpoch: ____, skipped: _____, ...tested } = epoch;
    const text = printed((screen) => {
      const results = new TextResults(screen, tinySplits(24, 10), false);
      results.hear({ ...tested, testLoss: validationLoss ?? NaN, testAccuracy: validationAccuracy ?? NaN });
      results.done(plain);
    });
    expect(text).toMatch(/^epoch {2}train loss {2}train acc {2}test loss {3}test acc {6}img\/s {5}time\n/);
    expect(text).not.toMatch(/skip|valid|Stopped|best/);
  });

  it('is JSON with the same in it', () => {
    const lines = printed((screen) => {
      const results = new JsonResults(screen, 'node', tinySplits(24, 10));
      results.hear(epoch);
      results.done(outcome);
    });
    const [told, done] = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told).toEqual(epoch);
    expect(done).toMatchObject({ stoppedEarly: true, best: outcome.best, lossScale: outcome.lossScale, testLoss: 0.3 });
  });
});
