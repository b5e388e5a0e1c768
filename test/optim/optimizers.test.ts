import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { ALL_FINITE } from '../../src/ops/control.js';
import { adagrad } from '../../src/optim/adagrad.js';
import { adam, adamW, type AdamOptions } from '../../src/optim/adam.js';
import { lion } from '../../src/optim/lion.js';
import type { Optimizer } from '../../src/optim/optimizer.js';
import { rmsprop } from '../../src/optim/rmsprop.js';
import { sgd, type SgdOptions } from '../../src/optim/sgd.js';

const STEPS = 20;
const ROWS = 8;

/** Nothing, huge, tiny, of both signs, one that swings and one that comes late. */
const slopes: readonly ((step: number) => number)[] = [
  () => 0,
  () => 1e30,
  () => -1e-30,
  () => 0.3,
  (step) => (step % 2 === 0 ? 2 : -1),
  (step) => (step < 10 ? 0 : 1e-3),
];
const weights = [0.5, -0.25, 2, 0, -1, 1e-3];

/** Weights after each step of an optimizer, through its own graph, its own rows, and the formulas of the ops. */
function run(optimizer: Optimizer, rateAt: (step: number) => number, frozenFrom = Infinity): number[][] {
  const graph = new Graph();
  graph.parameter('w', [weights.length]);
  const parameters = graph.arena('parameters');
  const gradients = graph.state('gradients', parameters.shape);
  const rates = graph.state('rates', [ROWS, 4]);
  const [step, guard] = ['step', 'guard'].map((name) => graph.state(name, [1], { dtype: 'u32' }));
  optimizer.update(graph, { parameters, gradients, rates, step: step!, guard: guard! });

  const formulas = new Formulas(graph);
  const padded = (values: readonly number[]) => [...values, ...new Array<number>(64 - values.length).fill(0)];
  formulas.set(parameters, padded(weights));
  const rows = new Array<number>(ROWS * 4).fill(NaN);
  return Array.from({ length: STEPS }, (_, at) => {
    rows.splice((at % ROWS) * 4, 4, ...optimizer.row(at + 1, rateAt(at + 1)));
    formulas.set(rates, rows);
    formulas.set(step!, [at]);
    formulas.set(guard!, [at >= frozenFrom ? 2 : ALL_FINITE]);
    formulas.set(gradients, padded(slopes.map((slope) => slope(at + 1))));
    formulas.step();
    return Array.from(formulas.read(parameters).data.subarray(0, weights.length));
  });
}

/** torch.optim.SGD (dampening 0) of one weight. */
function torchSgd(
  weight: number,
  slope: (step: number) => number,
  rateAt: (step: number) => number,
  options: Required<Omit<SgdOptions, 'rate'>>,
) {
  const { momentum, nesterov, weightDecay } = options;
  let w = weight;
  let buffer: number | undefined;
  return Array.from({ length: STEPS }, (_, at) => {
    let g = slope(at + 1);
    if (weightDecay !== 0) g += weightDecay * w;
    if (momentum !== 0) {
      buffer = buffer === undefined ? g : momentum * buffer + g;
      g = nesterov ? g + momentum * buffer : buffer;
    }
    w -= rateAt(at + 1) * g;
    return w;
  });
}

/** torch.optim.Adam (no AMSGrad) of one weight. */
function torchAdam(
  weight: number,
  slope: (step: number) => number,
  rateAt: (step: number) => number,
  options: Required<Omit<AdamOptions, 'rate'>>,
) {
  const { beta1, beta2, epsilon, weightDecay } = options;
  let [w, average, averageOfSquares] = [weight, 0, 0];
  return Array.from({ length: STEPS }, (_, at) => {
    const g = slope(at + 1) + weightDecay * w;
    average += (g - average) * (1 - beta1);
    averageOfSquares = averageOfSquares * beta2 + g * g * (1 - beta2);
    const stepSize = rateAt(at + 1) / (1 - beta1 ** (at + 1));
    const denominator = Math.sqrt(averageOfSquares) / Math.sqrt(1 - beta2 ** (at + 1)) + epsilon;
    w -= (stepSize * average) / denominator;
    return w;
  });
}

type Torch = (weight: number, slope: (step: number) => number) => number[];

function mustFollow(given: readonly number[][], torch: Torch): void {
  weights.forEach((weight, i) => {
    const wanted = torch(weight, slopes[i] ?? (() => NaN));
    given.forEach((row, step) => {
      const [found, right] = [row[i] ?? NaN, wanted[step] ?? NaN];
      expect(Math.abs(found - right), `weight ${i}, step ${step + 1}`).toBeLessThanOrEqual(1e-12 * Math.abs(right));
    });
  });
}

const constant = (rate: number) => () => rate;
const falling = (step: number): number => 0.1 / step;

describe('sgd is torch.optim.SGD, step for step', () => {
  for (const momentum of [0, 0.9]) {
    for (const nesterov of [false, true]) {
      for (const weightDecay of [0, 5e-4]) {
        it(`momentum ${momentum}, ${nesterov ? 'Nesterov, ' : ''}decay ${weightDecay}`, () => {
          const options = { momentum, nesterov, weightDecay };
          for (const rate of [constant(0.01), falling]) {
            mustFollow(run(sgd(options), rate), (w, slope) => torchSgd(w, slope, rate, options));
          }
        });
      }
    }
  }

  it('in numbers done by hand: momentum 0.5, rate 0.1, slopes of 0.3 from weight 0', () => {
    const atHand = (options: SgdOptions) => run(sgd({ ...options, momentum: 0.5 }), constant(0.1)).map((row) => row[3]);
    // v = 0.3, 0.45, 0.525
    [-0.03, -0.075, -0.1275].forEach((w, step) => expect(atHand({})[step]).toBeCloseTo(w, 14));
    // g + μv = 0.45, 0.525, 0.5625
    [-0.045, -0.0975, -0.15375].forEach((w, step) => expect(atHand({ nesterov: true })[step]).toBeCloseTo(w, 14));
  });
});

describe('adam is torch.optim.Adam, step for step', () => {
  for (const weightDecay of [0, 1e-2]) {
    for (const epsilon of [1e-8, 1e-3]) {
      it(`epsilon ${epsilon}, decay ${weightDecay}`, () => {
        const options = { beta1: 0.9, beta2: 0.999, epsilon, weightDecay };
        for (const rate of [constant(0.001), falling]) {
          mustFollow(run(adam(options), rate), (w, slope) => torchAdam(w, slope, rate, options));
        }
      });
    }
  }

  it('moves its first step by the rate, whatever the size of the slope', () => {
    const [first = []] = run(adam(), constant(0.001));
    expect(first[0]).toBe(0.5);
    expect(first[1]).toBeCloseTo(-0.25 - 0.001, 14);
    expect(first[3]).toBeCloseTo(-0.001, 10);
    expect(first[4]).toBeCloseTo(-1 + 0.001, 10);
  });
});

/** What PyTorch makes of the same weights and slopes: test/optim/fromTorch.py. */
const torch = JSON.parse(readFileSync(new URL('fromTorch.json', import.meta.url), 'utf8')) as {
  readonly told: readonly number[];
  readonly weights: Readonly<Record<string, readonly (readonly number[])[]>>;
};

const followers: Readonly<Record<string, Optimizer>> = {
  sgd: sgd({ rate: 0.01, momentum: 0.9, nesterov: true, weightDecay: 5e-4 }),
  adam: adam({ weightDecay: 0.01 }),
  adamW: adamW(),
  'adamW with all options': adamW({ rate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.5 }),
  rmsprop: rmsprop(),
  'rmsprop with momentum': rmsprop({ rate: 0.02, alpha: 0.9, momentum: 0.8, weightDecay: 0.1 }),
  'rmsprop centered': rmsprop({ rate: 0.02, epsilon: 1e-3, centered: true }),
  'rmsprop with all options': rmsprop({
    rate: 0.02,
    alpha: 0.9,
    epsilon: 1e-2,
    momentum: 0.5,
    centered: true,
    weightDecay: 0.1,
  }),
  adagrad: adagrad(),
  'adagrad with all options': adagrad({ rate: 0.1, rateDecay: 0.25, epsilon: 1e-3, weightDecay: 0.1 }),
  lion: lion(),
  'lion with all options': lion({ rate: 0.01, beta1: 0.5, beta2: 0.75, weightDecay: 0.1 }),
};

describe('an optimizer has the weights of PyTorch after each of twenty steps', () => {
  it('each that PyTorch was asked for', () => {
    expect(Object.keys(followers)).toEqual(Object.keys(torch.weights));
  });
  it.each(Object.entries(followers))('%s', (name, optimizer) => {
    const given = run(optimizer, constant(optimizer.rate));
    torch.told.forEach((step, k) => {
      torch.weights[name]?.[k]?.forEach((right, i) => {
        const found = given[step - 1]?.[i] ?? NaN;
        const largest = Math.max(Math.abs(right), Math.abs(weights[i] ?? 0));
        expect(Math.abs(found - right), `weight ${i}, step ${step}`).toBeLessThanOrEqual(1e-12 * largest);
      });
    });
  });
  it('which tells AdamW from Adam with the same decay', () => {
    const [coupled, apart] = [adam, adamW].map((make) => run(make({ weightDecay: 0.01 }), constant(0.001)).at(-1));
    expect(Math.abs((coupled?.[0] ?? 0) - (apart?.[0] ?? 0))).toBeGreaterThan(0.01);
  });
});

describe('an update under a set guard', () => {
  it.each([
    sgd({ weightDecay: 0.1 }),
    adam({ weightDecay: 0.1 }),
    adamW({ weightDecay: 0.1 }),
    rmsprop({ weightDecay: 0.1, momentum: 0.5, centered: true }),
    adagrad({ weightDecay: 0.1 }),
    lion({ weightDecay: 0.1 }),
  ])('changes nothing ($name)', (optimizer) => {
    const rows = run(optimizer, constant(0.01), 3);
    expect(rows[2]).not.toEqual(rows[1]);
    for (const row of rows.slice(3)) expect(row).toEqual(rows[2]);
  });
});

describe('settings that make no sense are refused', () => {
  const refused: readonly (readonly [string, () => Optimizer, RegExp])[] = [
    ['rate 0', () => sgd({ rate: 0 }), /sgd: rate 0; wanted a number above 0/],
    ['a rate below 0', () => adam({ rate: -1 }), /adam: rate -1/],
    ['a rate that is no number', () => sgd({ rate: NaN }), /rate NaN/],
    ['an endless rate', () => adam({ rate: Infinity }), /rate Infinity/],
    ['momentum 1', () => sgd({ momentum: 1 }), /momentum 1; wanted a number from 0 to below 1/],
    ['momentum below 0', () => sgd({ momentum: -0.1 }), /momentum -0.1/],
    ['beta1 1', () => adam({ beta1: 1 }), /beta1 1/],
    ['beta2 1', () => adam({ beta2: 1 }), /beta2 1/],
    ['epsilon 0', () => adam({ epsilon: 0 }), /epsilon 0/],
    ['alpha 1', () => rmsprop({ alpha: 1 }), /rmsprop: alpha 1/],
    ['momentum of rmsprop 1', () => rmsprop({ momentum: 1 }), /rmsprop: momentum 1/],
    ['a decay of the rate below 0', () => adagrad({ rateDecay: -1 }), /adagrad: rate decay -1/],
    ['beta1 of lion 1', () => lion({ beta1: 1 }), /lion: beta1 1/],
    ['a rate of adamW below 0', () => adamW({ rate: -1 }), /adamW: rate -1/],
    ['decay below 0', () => adam({ weightDecay: -1 }), /weight decay -1; wanted a number of at least 0/],
  ];
  it.each(refused)('%s', (_, make, sentence) => {
    expect(make).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringMatching(sentence) }));
  });
});
