import { describe, expect, it } from 'vitest';
import { bar, Follower, progressLine, type ProgressState } from '../../src/chart/progress.js';

const state: ProgressState = {
  step: 938 + 197,
  steps: 9380,
  stepsPerEpoch: 938,
  imagesPerSecond: 41_200.4,
  loss: 0.07123,
  seconds: 19,
  secondsLeft: 81,
};

describe('progressLine', () => {
  it('says epoch, share, steps, time gone and left, speed and loss', () => {
    expect(progressLine(state, 79)).toBe(
      ' 2/10   21%  |██       |  197/938  0:19<1:21  41,200 img/s  loss 0.0712'.replace('██       ', '██▏       '),
    );
  });

  it('holds on any line, and loses what matters least first', () => {
    for (let columns = 5; columns < 90; columns++)
      expect(progressLine(state, columns).length).toBeLessThanOrEqual(columns);
    expect(progressLine(state, 39)).toBe(' 2/10   21%  0:19<1:21  loss 0.0712');
    expect(progressLine(state, 20)).toBe(' 2/10   21%');
  });

  it('counts the last epoch to where --steps ends it', () => {
    const cut = { ...state, steps: 1000, secondsLeft: undefined };
    expect(progressLine({ ...cut, step: 969 }, 79)).toContain('2/2   50%  |█████     |  31/62');
    expect(progressLine({ ...cut, step: 1000 }, 79)).toContain('2/2  100%  |██████████|  62/62');
  });

  it('has a bar as wide as asked, whatever the share', () => {
    for (const share of [-1, 0, 0.01, 0.5, 0.999, 1, 2]) expect(bar(share, 10).length).toBe(10);
  });
});

describe('Follower', () => {
  const step = (number: number, loss: number) => ({ step: number, epoch: 1, loss, accuracy: 0, images: 50 });

  it('knows the time left from the speed of the steps', () => {
    const follower = new Follower(100, 20);
    expect(follower.state.secondsLeft).toBeUndefined();
    follower.follow([step(1, 2), step(2, 2)], 500);
    expect(follower.state).toMatchObject({
      step: 2,
      steps: 100,
      imagesPerSecond: 500,
      loss: 2,
      seconds: 0.2,
      secondsLeft: 9.8,
    });
  });

  it('smooths the loss', () => {
    const follower = new Follower(100, 20);
    follower.follow([step(1, 2), step(2, 1)], 500);
    expect(follower.state.loss).toBeCloseTo(1.95, 10);
  });
});
