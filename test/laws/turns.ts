import { ALL_FINITE } from '../../src/ops/control.js';
import { addTurn, recordTurn, turnOf, whenDue } from '../../src/ops/turns.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const u32 = (...values: number[]): KernelOperand => ({ shape: [values.length], dtype: 'u32', values });

/** Ten batches an epoch, four a turn: 4, 4 and 2. */
const places = [0, 3, 4, 8, 9, 10, 19].map((batch) =>
  kernelLaw(`batch ${batch} has its place in its turn`, {
    inputs: { batch: u32(batch) },
    build: ({ batch: word }) => turnOf(word!, { perEpoch: 10, length: 4 }),
  }),
);

const sums = [
  [0, 3],
  [2, 3],
  [0, 1],
].flatMap(([place, length]) =>
  [1, 70].map((size) =>
    kernelLaw(`${size} slopes are added at place ${place} of ${length}`, {
      inputs: { total: [size], value: [size], turn: u32(place!, length!) },
      build: ({ total, value, turn }) => {
        const added = addTurn(total!, value!, turn!);
        added.graph.assign(total!, added);
        return added;
      },
    }),
  ),
);

const due = [
  [ALL_FINITE, 0],
  [ALL_FINITE, 3],
  [2, 3],
  [2, 0],
].map(([guard, place]) =>
  kernelLaw(`what is due at place ${place} of 4 under the guard ${guard}`, {
    inputs: { guard: u32(guard!), turn: u32(place!, 4) },
    build: ({ guard: word, turn }) => whenDue(word!, turn!),
  }),
);

const rows = [0, 1].map((place) =>
  kernelLaw(`recordTurn at place ${place} of 3 changes its row and no other`, {
    inputs: {
      ring: [5, 3],
      step: u32(13),
      loss: { shape: [], values: [0.7] },
      correct: u32(61),
      live: u32(64),
      turn: u32(place, 3),
    },
    build: ({ ring, step, loss, correct, live, turn }) => recordTurn(ring!, step!, loss!, correct!, live!, turn!),
  }),
);

export const turnLaws: readonly GpuLaw[] = [...places, ...sums, ...due, ...rows];
