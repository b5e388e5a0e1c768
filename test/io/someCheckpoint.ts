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
      format: 2,
      engine: '0.1.0',
      plan: '0123456789abcdef',
      step,
      told: step,
      epochsTold: 0,
      epoch: { images: 64 * step, loss: 0.1 + 0.2, correct: 5, ms: 1.5 },
      best: { epoch: 2, loss: 0.1, mark: 0.2, bad: 1 },
      plateau: { best: null, bad: 0, cooling: 0 },
      run: {
        net: 'tutorial',
        optimizer: { kind: 'sgd', rate: 0.001, momentum: 0.9, nesterov: false, weightDecay: 0 },
        rate: 0.001,
        schedule: { kind: 'warmup', steps: 5, from: 0.1, after: { kind: 'cosine', steps: 9, to: 0 } },
        plateau: {
          watch: 'testLoss',
          factor: 0.1,
          patience: 10,
          threshold: 1e-4,
          relative: true,
          cooldown: 0,
          leastRate: 0,
          epsilon: 1e-8,
        },
        groups: [{ match: { expression: 'bias$', flags: '' }, weightDecay: 0 }],
        clip: { norm: 1 },
        augment: { shift: 1, scale: [0.9, 1.1], elastic: { most: 1.5 } },
        precision: 'f32',
        lossScale: { init: 65_536, growth: 2, backoff: 0.5, interval: 2000 },
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
