import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { sizeOf } from '../../src/core/shape.js';
import { kernels } from '../../src/kernels/index.js';
import { single } from '../../src/kernels/single.js';
import type { Layer } from '../../src/nn/layer.js';
import { dense, flatten } from '../../src/nn/layers.js';
import { sequential } from '../../src/nn/net.js';
import { initialWeights } from '../../src/nn/weights.js';
import { scale, scaleOp } from '../../src/ops/scale.js';
import type { TrainerOptions } from '../../src/train/options.js';
import { openDawn } from '../../src/node/dawn.js';
import { openOwn, reasonOf, type OwnDevice } from '../support/ownDevice.js';
import { eventsOf, openTiny, sameBits, weightsAfter } from '../support/runs.js';
import { flatNet, SIDE, tinySet, tinySplits } from '../support/tinyData.js';

let own: OwnDevice;
beforeEach(async () => {
  own = await openOwn(await openDawn());
});
afterEach(() => own[Symbol.asyncDispose]());

/** The n-th question for an error from here on is answered with one. */
function failAt(gpu: GPUDevice, n: number): { readonly failed: () => boolean; readonly mend: () => void } {
  const { popErrorScope } = gpu;
  let asked = 0;
  gpu.popErrorScope = async () => {
    asked++;
    const fails = asked === n;
    const error = await popErrorScope.call(gpu);
    return fails ? { message: `planted error ${n}` } : error;
  };
  return { failed: () => asked >= n, mend: () => (gpu.popErrorScope = popErrorScope) };
}

/** Lets each call to the GPU fail in its turn, until none is left; gives back how it ended each time, and what was left. */
async function failEverywhere({ device, inside: gpu }: OwnDevice, attempt: () => Promise<void>) {
  const codes: string[] = [];
  const left: number[] = [];
  for (let failed = true; failed;) {
    const fault = failAt(gpu, codes.length + 1);
    codes.push(
      await attempt().then(
        () => 'none',
        (error: unknown) => (error instanceof EngineError ? error.code : String(error)),
      ),
    );
    fault.mend();
    failed = fault.failed();
    left.push(device.counts.bytes);
  }
  return { codes, left };
}

describe('a GPU that refuses one call', () => {
  it('while trainer, evaluator and predictor open: limit or gpu, whichever call it is, and nothing stays allocated', async () => {
    const { codes, left } = await failEverywhere(own, async () => {
      using trainer = await openTiny(own.device, { net: flatNet() });
      await trainer.evaluate();
      await trainer.predict(tinySet(1, 4).images);
    });
    expect(codes.pop()).toBe('none');
    expect(new Set(codes)).toEqual(new Set(['limit', 'gpu']));
    expect(codes.length).toBeGreaterThan(30);
    expect(new Set(left)).toEqual(new Set([0]));
    await own.device.idle();
  });
});

const halve: Layer = { label: 'halve', apply: (x) => scale(x, 0.5) };
const halved = sequential('halved', [1, SIDE, SIDE], flatten(), halve, dense(4));

/** The net with a kernel of one's own for its scaling and for the gradient of that. */
const withKernel = (body: string, words = 1): Partial<TrainerOptions> => ({
  net: halved,
  kernels: [
    single(scaleOp, ({ inputs: [x], outputs: [y] }) => {
      const size = sizeOf(x.shape);
      const code = `
@group(0) @binding(0) var<storage, read> x: array<f32, ${size * words}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${size}>;
@compute @workgroup_size(64, 1, 1)
fn planted(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i < ${size}u) { ${body} }
}`;
      return [{ code, bind: { x, y }, groups: [Math.ceil(size / 64), 1, 1], flops: 0 }];
    }),
    ...kernels,
  ],
});

describe('a kernel of one’s own', () => {
  it('that is right gives what the engine’s own gives', async () => {
    using trainer = await openTiny(own.device, withKernel('y[i] = x[i] / 2.0;'));
    expect(trainer.plan.dispatches.map(({ entry }) => entry)).toContain('planted');
    using other = await openTiny(own.device, { net: halved });
    expect(sameBits(await weightsAfter(trainer, 4), await weightsAfter(other, 4))).toBe(true);
  });
  it('that does not compile is shader, and nothing stays allocated', async () => {
    const error = await reasonOf(openTiny(own.device, withKernel('y[i] = z[i] / 2.0;')));
    expect(error).toMatchObject({ code: 'shader', place: 'planted' });
    expect(String(error)).toContain('y[i] = z[i] / 2.0;');
    expect(own.device.counts.bytes).toBe(0);
    await own.device.idle();
  });
  it('that declares more than it is given makes fit reject as gpu, and whoever asks later', async () => {
    using trainer = await openTiny(own.device, withKernel('y[i] = x[i + 64u];', 64));
    expect(await reasonOf(eventsOf(trainer.fit({ steps: 2 })))).toMatchObject({ code: 'gpu' });
    expect(await reasonOf(trainer.weights())).toMatchObject({ code: 'gpu' });
    expect(await reasonOf(trainer.evaluate())).toMatchObject({ code: 'gpu' });
  });
});

const wide = sequential('wide', [1, SIDE, SIDE], flatten(), dense(70_000), dense(4));
const set = tinySet(4, 0);

/** Options that are refused, the code, and a word of the sentence. */
const refused: readonly (readonly [string, Partial<TrainerOptions>, string])[] = [
  ['batch 0', { batch: 0 }, 'usage'],
  ['half a batch', { batch: 1.5 }, 'usage'],
  ['a batch beyond 65,536', { batch: 65_537 }, 'usage'],
  ['a negative seed', { seed: -1 }, 'usage'],
  ['a seed beyond 32 bits', { seed: 2 ** 32 }, 'usage'],
  ['std 0', { std: 0 }, 'usage'],
  ['a mean that is no number', { mean: NaN }, 'usage'],
  ['no submit in flight', { pace: { mostInFlight: 0 } }, 'usage'],
  ['half a step a submit', { pace: { mostSteps: 0.5 } }, 'usage'],
  ['no time for a submit', { pace: { submitMs: 0 } }, 'usage'],
  [
    'images of another size',
    { data: { ...tinySplits(4), train: { ...set, images: new Uint8Array(4 * 49), rows: 7, columns: 7 } } },
    'data',
  ],
  ['fewer labels than images', { data: { ...tinySplits(4), train: { ...set, labels: new Uint8Array(3) } } }, 'data'],
  [
    'no test images',
    { data: { ...tinySplits(4), test: { ...set, images: new Uint8Array(0), labels: new Uint8Array(0), count: 0 } } },
    'data',
  ],
  [
    'a label that has no output',
    { data: { ...tinySplits(4), train: { ...set, labels: Uint8Array.of(0, 1, 2, 4) } } },
    'data',
  ],
  ['weights of another net', { weights: initialWeights(wide, 1) }, 'weights'],
  ['no weights', { weights: new Map() }, 'weights'],
  ['a net too large for the adapter', { net: wide, batch: 8192 }, 'limit'],
  ['no kernels', { kernels: [] }, 'graph'],
];

describe('before anything is made', () => {
  it.each(refused)('%s is refused', async (_, options, code) => {
    const before = { ...own.device.counts };
    const error = await reasonOf(openTiny(own.device, { net: flatNet(), ...options }));
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code });
    expect(own.device.counts).toEqual(before);
  });
});

describe('onCompile', () => {
  it('hears of every pipeline once, in order', async () => {
    const heard: [number, number][] = [];
    using trainer = await openTiny(own.device, {
      net: flatNet(),
      onCompile: (done, total) => heard.push([done, total]),
    });
    const total = new Set(trainer.plan.dispatches.map(({ code }) => code)).size;
    expect(heard).toEqual(Array.from({ length: total + 1 }, (_, done) => [done, total]));
    expect(own.device.counts.pipelines).toBe(total);
  });
});
