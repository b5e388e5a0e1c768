import type { Checkpoint } from '../../src/io/checkpoint.js';

/** A small checkpoint whose numbers follow from its step. */
export function someCheckpoint(step: number): Checkpoint {
  return {
    weights: new Map([
      ['fc1.weight', { shape: [2, 3], data: Float32Array.from({ length: 6 }, (_, i) => step + i / 7) }],
    ]),
    states: new Map([
      ['sgd.velocity', { shape: [6], data: Float32Array.from({ length: 6 }, (_, i) => -step * i) }],
      ['step', { shape: [1], data: Uint32Array.of(step) }],
    ]),
    facts: {
      format: 1,
      engine: '0.1.0',
      plan: '0123456789abcdef',
      step,
      told: step,
      epochsTold: 0,
      epoch: { images: 64 * step, loss: 0.1 + 0.2, correct: 5, ms: 1.5 },
      run: {
        net: 'tutorial',
        optimizer: 'sgd',
        rate: 0.001,
        batch: 64,
        accumulate: 1,
        seed: 7,
        shuffle: true,
        mean: 0.1307,
        std: 0.3081,
        expectedSteps: 1000,
        validation: 0,
      },
      data: { name: 'digits', count: 100, sha256: 'a'.repeat(64) },
    },
  };
}
