// A page that trains through crashes of the GPU process, and keeps its last state where a reload finds it.

import { openDevice } from '../../src/gpu/device.js';
import { readCheckpoint, writeCheckpoint } from '../../src/io/checkpoint.js';
import { adam } from '../../src/optim/adam.js';
import { RecoveringTrainer } from '../../src/train/recoveringTrainer.js';
import { bitsOf } from '../support/runs.js';
import { tinyNet, tinySplits } from '../support/tinyData.js';

/** How a run went. */
export interface Ran {
  /** Of all weights. */
  readonly bits?: readonly number[];
  /** Steps that were told, in order: first, last, how many. */
  readonly told: readonly [number, number, number];
  /** Of each recovery: where it went on, and whether to the same bits. */
  readonly restored: readonly (readonly [step: number, sameBits: boolean])[];
  /** Why it ended early. */
  readonly code?: string;
  readonly message?: string;
}

declare global {
  /**
   * Trains to so many steps; from the state that an earlier page has left, if there is one.
   * @param crashes for which the run waits on its way, one after the other
   */
  var train: (steps: number, crashes: number) => Promise<Ran>;
  /** Of these crashes, those that were brought about. */
  var crashed: number;
  /** The crash that the run waits for, 1 for the first; infinite once it is over. */
  var awaited: number;
}

/** Where the state waits for a reload. */
const STORE = 'last-good';

globalThis.crashed = 0;
globalThis.awaited = 0;
globalThis.train = async (steps, crashes) => {
  const cache = await caches.open(STORE);
  const left = await cache.match('/state');
  const resume = left && (await readCheckpoint(new Uint8Array(await left.arrayBuffer())));
  const training = await RecoveringTrainer.open({
    device: () => openDevice(navigator.gpu),
    net: tinyNet(),
    // An epoch ends every 50 steps, and they are told then.
    data: tinySplits(400),
    batch: 8,
    optimizer: adam({ rate: 0.002 }),
    keepMs: 100,
    // Many submits, which crashes can fall between.
    pace: { mostSteps: 2 },
    ...(resume && { resume }),
  });
  const numbers: number[] = [];
  const restored: [number, boolean][] = [];
  const ran = (): Ran => ({ told: [numbers[0] ?? 0, numbers.at(-1) ?? 0, numbers.length], restored });
  try {
    for await (const event of training.fit({ steps })) {
      if (event.type === 'restored') restored.push([event.step, event.sameBits]);
      if (event.type === 'steps') numbers.push(...event.steps.map(({ step }) => step));
      const next = restored.length + 1;
      // Each crash comes after the run has got further: else it would be given up.
      const isDue = event.type === 'steps' && next <= crashes && training.lastGood !== undefined;
      if (!isDue) continue;
      globalThis.awaited = next;
      while (globalThis.crashed < next) await new Promise((resolve) => void setTimeout(resolve, 5));
    }
    return { ...ran(), bits: bitsOf(await training.use((trainer) => trainer.weights())) };
  } catch (error) {
    const state = training.lastGood;
    if (state !== undefined) await cache.put('/state', new Response(await writeCheckpoint(state)));
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { ...ran(), code, message: String(error) };
  } finally {
    globalThis.awaited = Infinity;
  }
};
