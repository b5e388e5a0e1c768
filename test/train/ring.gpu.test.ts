import { afterEach, expect, it, vi } from 'vitest';
import { RING_ROWS } from '../../src/train/graphs.js';
import { nodeDevice } from '../support/node.js';
import { openTiny } from '../support/runs.js';
import { flatNet, tinySet, tinySplits } from '../support/tinyData.js';

afterEach(() => vi.restoreAllMocks());

it('a ring that nobody reads stops the submits before a step is overwritten, and no step is lost', async () => {
  // A clock that hardly moves: never time to read, and steps that seem to cost nothing.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1e-6));
  const steps = RING_ROWS + 400;
  using trainer = await openTiny(await nodeDevice(), { net: flatNet(), data: tinySplits(2 * steps + 1), batch: 2 });
  const told: number[] = [];
  const events: number[] = [];
  for await (const event of trainer.fit({ steps })) {
    if (event.type !== 'steps') continue;
    events.push(event.steps.length);
    told.push(...event.steps.map(({ step }) => step));
    // A reader who takes long: nothing is submitted meanwhile.
    const submitted = trainer.steps;
    await trainer.predict(tinySet(1, 4).images);
    expect(trainer.steps).toBe(submitted);
  }
  expect(events).toEqual([RING_ROWS, 400]);
  expect(told).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
});
