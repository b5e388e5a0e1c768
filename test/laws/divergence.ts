import type { Device } from '../../src/gpu/device.js';
import { dense, flatten, relu } from '../../src/nn/layers.js';
import { sequential, type Net } from '../../src/nn/net.js';
import { initialWeights, type Weights } from '../../src/nn/weights.js';
import { adam } from '../../src/optim/adam.js';
import { sgd } from '../../src/optim/sgd.js';
import type { TrainerOptions } from '../../src/train/options.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { eventsAndError, eventsOf, mustBeSameBits, openTiny, stepsOf, weightsAfter } from '../support/runs.js';
import { SIDE, tinyNet, tinySplits } from '../support/tinyData.js';

/** The first NaN and infinity of WGSL's f32, a quiet NaN with a sign, and one with a payload. */
const WORDS = {
  NaN: 0x7fc0_0000,
  '−NaN': 0xffc0_0001,
  'NaN with a payload': 0x7fc0_beef,
  '∞': 0x7f80_0000,
  '−∞': 0xff80_0000,
};

/** The net's own weights, but one word of one tensor. */
function planted(net: Net, name: string, at: number, word: number): Weights {
  const weights = new Map(
    [...initialWeights(net, 1)].map(([key, { shape, data }]) => [key, { shape, data: data.slice() }]),
  );
  const data = weights.get(name)?.data ?? new Float32Array();
  new Uint32Array(data.buffer)[at] = word;
  return weights;
}

interface Divergence {
  readonly told: number;
  readonly weights: Weights;
  readonly message: string;
}

/** Trains until it diverges, and holds what is promised of every divergence. */
async function diverge(device: Device, options: Partial<TrainerOptions>, most = 40): Promise<Divergence> {
  using trainer = await openTiny(device, options);
  const { events, error } = await eventsAndError(trainer.fit({ steps: most, epochs: most }));
  must(error?.code === 'diverged', () => `ended with ${String(error)}; wanted code diverged`);
  const steps = stepsOf(events);
  mustEqual(
    steps.map(({ step }) => step),
    Array.from(steps, (_, i) => i + 1),
    'steps told',
  );
  must(
    steps.every(({ loss }) => Number.isFinite(loss)),
    () => `told losses ${steps.map(({ loss }) => loss).join(', ')}`,
  );
  mustEqual(error.place, `step ${steps.length + 1}`, 'the step that is named');
  const weights = await trainer.weights();

  const submitted = trainer.steps;
  trainer.rate = 1e-6;
  await mustReject(eventsOf(trainer.fit({ steps: most + 10, epochs: most })), 'diverged');
  await mustReject(eventsOf(trainer.fit({ steps: most + 20, epochs: most })), 'diverged');
  mustBeSameBits(await trainer.weights(), weights, 'weights after two more calls of fit');
  mustEqual(trainer.steps, submitted, 'steps submitted by them');
  return { told: steps.length, weights, message: error.message };
}

const firstStep = (title: string, options: () => Partial<TrainerOptions>): GpuLaw => ({
  title: `${title} stops the first step, and the weights stay byte for byte`,
  run: async (device) => {
    const given = options();
    const weights = given.weights ?? initialWeights(tinyNet(), 1);
    const { told, weights: after } = await diverge(device, { ...given, weights });
    mustEqual(told, 0, 'steps told');
    mustBeSameBits(after, weights, 'weights');
  },
});

/** Three dense layers whose forward pass is finite, while what comes back through the last overflows in one of the others. */
function overflowing(which: 'fc1.weight' | 'fc2.weight'): Partial<TrainerOptions> {
  const net = sequential('deep', [1, SIDE, SIDE], flatten(), dense(3), relu(), dense(3), relu(), dense(4));
  const fill = (value: number | ((i: number) => number), ...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) =>
      typeof value === 'number' ? value : value(i),
    ),
  });
  const first = which === 'fc1.weight';
  const weights: Weights = new Map([
    ['fc1.weight', fill(0, 3, SIDE * SIDE)],
    ['fc1.bias', fill(first ? 1 : 1e37, 3)],
    ['fc2.weight', fill(first ? 1e4 : 0, 3, 3)],
    ['fc2.bias', fill(1, 3)],
    // Rows that differ, or the softmax's gradient would cancel.
    ['fc3.weight', fill((i) => (i < 3 ? 1000 : -1000), 4, 3)],
    ['fc3.bias', fill(0, 4)],
  ]);
  return { net, weights, ...(first ? { std: 1e-35 } : {}) };
}

export const divergenceLaws: readonly GpuLaw[] = [
  ...Object.entries(WORDS).map(([name, word]) =>
    firstStep(`a weight that is ${name}`, () => ({ weights: planted(tinyNet(), 'fc1.weight', 5, word) })),
  ),
  ...['conv1.weight', 'conv1.bias', 'fc1.bias'].flatMap((name) =>
    (['NaN', '∞'] as const).map((value) =>
      firstStep(`${value} in ${name}`, () => ({ weights: planted(tinyNet(), name, 1, WORDS[value]) })),
    ),
  ),
  {
    title: 'pixels divided by next to nothing diverge, and leave the weights from before the step that is named',
    run: async (device) => {
      const { told, weights } = await diverge(device, { std: 3e-39 });
      using again = await openTiny(device, { std: 3e-39 });
      mustBeSameBits(weights, await weightsAfter(again, told), `after ${told} steps`);
    },
  },
  ...(['fc1.weight', 'fc2.weight'] as const).map((name) => ({
    title: `a gradient of ${name} that overflows under a finite loss is named`,
    run: async (device: Device) => {
      const { told, message } = await diverge(device, overflowing(name));
      mustEqual(told, 0, 'steps told');
      must(message.includes(`the gradient of ${name} is not finite`), () => message);
    },
  })),
  {
    title: 'a loss that is not finite is named, and so is the way out',
    run: async (device) => {
      const { message } = await diverge(device, { weights: planted(tinyNet(), 'fc1.bias', 0, WORDS.NaN) });
      must(message.includes('the loss is not finite'), () => message);
      must(message.includes('smaller learning rate'), () => message);
    },
  },
  ...[1, 7].flatMap((mostSteps) =>
    [
      ['sgd', () => sgd({ rate: 1e30 })],
      ['adam', () => adam({ rate: 1e30 })],
      ['a decay that throws the weights about', () => sgd({ rate: 10, momentum: 0, weightDecay: 1 })],
    ].map(([name, optimizer]) => ({
      title: `a rate too large for ${name as string}, at ${mostSteps} steps a submit, leaves the weights from before the step that it names`,
      run: async (device: Device) => {
        const options = { net: tinyNet(), data: tinySplits(24), pace: { submitMs: 1e9, mostSteps } };
        const build = optimizer as () => ReturnType<typeof sgd>;
        const { told, weights } = await diverge(device, { ...options, optimizer: build() }, 400);
        must(told >= 1, () => 'the first step diverged');
        using again = await openTiny(device, { ...options, optimizer: build() });
        mustBeSameBits(weights, await weightsAfter(again, told), `after ${told} steps`);
      },
    })),
  ),
  {
    title: 'steps that are submitted after the one that diverged change nothing, however many',
    run: async (device) => {
      const pace = { submitMs: 1e9, mostSteps: 64 };
      const many = await diverge(device, { optimizer: sgd({ rate: 1e30 }), pace }, 400);
      const few = await diverge(device, { optimizer: sgd({ rate: 1e30 }), pace: { mostSteps: 1 } }, many.told + 1);
      mustEqual(many.told, few.told, 'steps told');
      mustBeSameBits(many.weights, few.weights, 'weights');
    },
  },
  {
    title: 'evaluating weights that are not finite is refused as diverged, and finite ones are evaluated on',
    run: async (device) => {
      using broken = await openTiny(device, { weights: planted(tinyNet(), 'fc1.bias', 0, WORDS.NaN) });
      await mustReject(broken.evaluate(), 'diverged');
      using trainer = await openTiny(device, { std: 3e-39 });
      await mustReject(eventsOf(trainer.fit()), 'diverged');
      must((await trainer.weights()).size === 4, () => 'no weights after a divergence');
    },
  },
];
