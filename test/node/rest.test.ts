import { expect, test } from 'vitest';
import { rest } from '../../src/node/rest.js';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** How long so many turns of the event loop take, once the loop had time to begin to rest. */
async function turnsMs(count: number): Promise<number> {
  const begin = performance.now();
  while (performance.now() - begin < 2) await turn();
  const start = performance.now();
  for (let i = 0; i < count; i++) await turn();
  return performance.now() - start;
}

test('while somebody waits for the GPU, every turn of the event loop sleeps half a millisecond', async () => {
  const wake = rest();
  expect(await turnsMs(40)).toBeGreaterThan(39 * 0.5);
  wake();
});

test('of two who wait, the first that leaves does not end the rest, and the last does', async () => {
  const [wakeFirst, wakeLast] = [rest(), rest()];
  wakeFirst();
  expect(await turnsMs(40)).toBeGreaterThan(39 * 0.5);
  wakeLast();
  await turn();
  const sleeps: unknown[] = [];
  const wait = Atomics.wait;
  Atomics.wait = (...given: unknown[]) => {
    sleeps.push(given);
    return 'timed-out';
  };
  await turnsMs(10);
  Atomics.wait = wait;
  expect(sleeps).toEqual([]);
});
