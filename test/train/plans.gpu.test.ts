import { describe, expect, it } from 'vitest';
import { nodeDevice } from '../support/node.js';
import { openTiny } from '../support/runs.js';
import { SIDE } from '../support/tinyData.js';

describe('the plans of a trainer', () => {
  it('are that of training, and those of evaluation and prediction once they were wanted', async () => {
    using trainer = await openTiny(await nodeDevice());
    const names = (): string[] => trainer.plans.map(({ name }) => name);
    expect(names()).toEqual(['train']);
    await trainer.predict(new Uint8Array(SIDE * SIDE));
    expect(names()).toEqual(['train', 'predict']);
    await trainer.evaluate();
    expect(names()).toEqual(['train', 'evaluate', 'predict']);
    expect(trainer.plans[0]).toBe(trainer.plan);
  });

  it('touch of a set the bytes of a batch, however large the set is', async () => {
    using trainer = await openTiny(await nodeDevice());
    const reading = trainer.plan.dispatches.filter(({ bindings }) =>
      bindings.some(({ buffer }) => buffer === 'train.images'),
    );
    expect(reading.length).toBeGreaterThan(0);
    for (const { bytes, bindings } of reading) {
      const others = bindings.filter(({ buffer }) => buffer !== 'train.images');
      const images = bytes - others.reduce((sum, each) => sum + each.bytes, 0);
      expect(images).toBeGreaterThan(0);
      expect(images).toBeLessThanOrEqual(8 * SIDE * SIDE);
    }
  });
});
