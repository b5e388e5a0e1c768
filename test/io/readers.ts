import { digits } from '../../src/data/digits.js';
import { encodeIdx, parseIdx } from '../../src/data/idx.js';
import { readCheckpoint, writeCheckpoint } from '../../src/io/checkpoint.js';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.js';
import type { Reader } from './mutants.js';
import { someCheckpoint } from './someCheckpoint.js';

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);

/** The readers of all files that come from outside as bytes, each with a small file. */
export async function readers(): Promise<Readonly<Record<string, Reader>>> {
  const { train } = digits({ train: 12, test: 1 });
  const shape = [train.count, train.rows, train.columns];
  return {
    'IDX images': {
      file: encodeIdx({ shape, values: train.images }),
      read: (bytes) => parseIdx(bytes, 'images', 3).values.length,
    },
    'IDX labels': {
      file: encodeIdx({ shape: [train.count], values: train.labels }),
      read: (bytes) => parseIdx(bytes, 'labels', 1).values.length,
    },
    safetensors: {
      file: writeSafetensors(
        new Map([
          ['a.weight', { dtype: 'F32', shape: [3, 5], data: Float32Array.from({ length: 15 }, (_, i) => i) }],
          ['b', { dtype: 'I64', shape: [2], data: BigInt64Array.of(1n, -1n) }],
          ['c', { dtype: 'U8', shape: [7], data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7) }],
        ]),
        { 'weft.net': 'tutorial' },
      ),
      read: (bytes) => sum([...readSafetensors(bytes).tensors.values()].map(({ data }) => data.byteLength)),
    },
    checkpoint: {
      file: await writeCheckpoint(someCheckpoint(9)),
      read: async (bytes) => {
        const { weights, states } = await readCheckpoint(bytes);
        return sum([...weights.values(), ...states.values()].map(({ data }) => data.byteLength));
      },
    },
  };
}
