import type { Shape } from '../../src/core/shape.js';
import { ALL_FINITE } from '../../src/ops/control.js';
import type { Groups } from '../../src/ops/groups.js';
import { momentsOp, runningStatistics, trackStatistics } from '../../src/ops/moments.js';
import { normaliseGrad, normaliseOp, normSums } from '../../src/ops/normalise.js';
import { relu } from '../../src/ops/relu.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const u32 = (value: number): KernelOperand => ({ shape: [1], dtype: 'u32', values: [value] });

/** Values of one size, of any sign: deviations and variances are above 0. */
const positive = (shape: Shape): KernelOperand => ({
  shape,
  values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => 0.3 + ((i * 7) % 11) / 9),
});

interface Case {
  readonly title: string;
  readonly shape: Shape;
  readonly groups: Groups;
  readonly channels: Groups;
}

/** Channels and rows; one group, one element a group, many; runs that a chunk divides and that none does. */
const cases: readonly Case[] = [
  { title: 'one row of one', shape: [1, 1], groups: { count: 1, run: 1 }, channels: { count: 1, run: 1 } },
  { title: 'channels [7, 5]', shape: [7, 5], groups: { count: 5, run: 1 }, channels: { count: 5, run: 1 } },
  {
    title: 'channels [5, 3, 7, 5]',
    shape: [5, 3, 7, 5],
    groups: { count: 3, run: 35 },
    channels: { count: 3, run: 35 },
  },
  {
    title: 'channels [65, 2, 4, 4]',
    shape: [65, 2, 4, 4],
    groups: { count: 2, run: 16 },
    channels: { count: 2, run: 16 },
  },
  { title: 'rows [17, 40]', shape: [17, 40], groups: { count: 17, run: 40 }, channels: { count: 40, run: 1 } },
  { title: 'rows [130, 7]', shape: [130, 7], groups: { count: 130, run: 7 }, channels: { count: 7, run: 1 } },
  {
    title: 'groups [17, 4, 3, 3]',
    shape: [17, 4, 3, 3],
    groups: { count: 34, run: 18 },
    channels: { count: 4, run: 9 },
  },
  { title: 'groups [3, 6, 5]', shape: [3, 6, 5], groups: { count: 9, run: 10 }, channels: { count: 6, run: 5 } },
];

const lives = (shape: Shape): readonly (number | undefined)[] => [...new Set([undefined, shape[0], 1])];

const moments: readonly GpuLaw[] = cases.flatMap(({ title, shape, groups }) => [
  ...lives(shape)
    .filter((live) => live === undefined || shape.reduce((a, b) => a * b, 1) / groups.count / groups.run === shape[0])
    .map((live) =>
      kernelLaw(`moments of ${title}${live === undefined ? '' : `, ${live} live`}`, {
        inputs: { x: shape, ...(live === undefined ? {} : { live: u32(live) }) },
        build: (by) =>
          momentsOp.apply([by['x']!, ...(live === undefined ? [] : [by['live']!])], {
            groups,
            epsilon: 1e-5,
            centred: true,
          }),
      }),
    ),
  kernelLaw(`mean squares of ${title}`, {
    inputs: { x: shape },
    build: ({ x }) => momentsOp.apply([x!], { groups, epsilon: 1e-6, centred: false }),
  }),
]);

const far: readonly GpuLaw[] = [
  kernelLaw('moments of values far from 0, and of equal ones', {
    inputs: {
      x: { shape: [2, 40], values: Array.from({ length: 80 }, (_, i) => (i < 40 ? 1000 + (i % 5) / 16 : -7.25)) },
    },
    build: ({ x }) => momentsOp.apply([x!], { groups: { count: 2, run: 40 }, epsilon: 1e-5, centred: true }),
  }),
];

const parts = { none: [], weight: ['weight'], both: ['weight', 'bias'] } as const;

const applications: readonly GpuLaw[] = cases.flatMap(({ title, shape, groups, channels }) =>
  Object.entries(parts).map(([name, given]) =>
    kernelLaw(`normalise ${title}, affine ${name}`, {
      inputs: { x: shape, statistics: [2, groups.count], weight: [channels.count], bias: [channels.count] },
      build: (by) =>
        normaliseOp.one([by['x']!, by['statistics']!, ...given.map((part) => by[part]!)], {
          groups,
          channels,
          parts: given,
          own: 'centred',
        }),
    }),
  ),
);

const gated: readonly GpuLaw[] = cases.map(({ title, shape, groups, channels }) =>
  kernelLaw(`normalise ${title}, then relu`, {
    inputs: { x: shape, statistics: [2, groups.count], weight: [channels.count], bias: [channels.count] },
    build: ({ x, statistics, weight, bias }) =>
      relu(
        normaliseOp.one([x!, statistics!, weight!, bias!], {
          groups,
          channels,
          parts: ['weight', 'bias'],
          own: 'centred',
        }),
      ),
  }),
);

const sums: readonly GpuLaw[] = cases.flatMap(({ title, shape, groups, channels }) => {
  const inputs = { dy: shape, x: shape, statistics: [2, groups.count], weight: [channels.count] };
  return [
    kernelLaw(`normSums of ${title} by groups`, {
      inputs,
      build: ({ dy, x, statistics }) => normSums.apply([dy!, x!, statistics!], { groups, by: groups }),
    }),
    kernelLaw(`normSums of ${title} by groups, weighted`, {
      inputs,
      build: ({ dy, x, statistics, weight }) =>
        normSums.apply([dy!, x!, statistics!, weight!], { groups, by: groups, channels }),
    }),
    kernelLaw(`normSums of ${title} by channels`, {
      inputs,
      build: ({ dy, x, statistics }) => normSums.apply([dy!, x!, statistics!], { groups, by: channels }),
    }),
  ];
});

const slopes: readonly GpuLaw[] = cases.flatMap(({ title, shape, groups, channels }) => {
  const isBatch = groups.count === channels.count && groups.run === channels.run;
  const inputs = {
    dy: shape,
    x: shape,
    statistics: [2, groups.count],
    s0: [groups.count],
    s1: [groups.count],
    weight: [channels.count],
    live: u32(Math.ceil((shape[0] ?? 1) / 2)),
  };
  return [true, false].flatMap((centred) =>
    [[], ['weight'], ...(isBatch ? [['weight', 'live']] : [])].map((given) =>
      kernelLaw(
        `normaliseGrad of ${title}${centred ? '' : ', not centred'}${given.map((part) => `, ${part}`).join('')}`,
        {
          inputs,
          build: (by) =>
            normaliseGrad.one(
              [by['dy']!, by['x']!, by['statistics']!, by['s0']!, by['s1']!, ...given.map((part) => by[part]!)],
              {
                groups,
                channels,
                parts: given as ('weight' | 'live')[],
                centred,
                inside: !isBatch && given.length > 0,
              },
            ),
        },
      ),
    ),
  );
});

const remembered: readonly GpuLaw[] = [
  kernelLaw('the statistics of evaluation', {
    inputs: { mean: [67], variance: positive([67]) },
    build: ({ mean, variance }) => runningStatistics(mean!, variance!, 1e-5),
  }),
  ...[
    { guard: ALL_FINITE, live: undefined, rows: 4, run: 9 },
    { guard: ALL_FINITE, live: 3, rows: 4, run: 9 },
    { guard: ALL_FINITE, live: 1, rows: 4, run: 1 },
    { guard: 0, live: 3, rows: 4, run: 9 },
  ].map(({ guard, live, rows, run }) =>
    kernelLaw(`trackStatistics, guard ${guard}, ${live ?? 'all'} of ${rows} live, ${run} each`, {
      inputs: {
        mean: [67],
        variance: positive([67]),
        statistics: [2, 67],
        batch: positive([67]),
        guard: u32(guard),
        ...(live === undefined ? {} : { live: u32(live) }),
      },
      build: (by) =>
        trackStatistics([by['mean']!, by['variance']!], [by['statistics']!, by['batch']!], by['guard']!, by['live'], {
          momentum: 0.1,
          rows,
          run,
        }),
    }),
  ),
];

export const normLaws: readonly GpuLaw[] = [
  ...moments,
  ...far,
  ...applications,
  ...gated,
  ...sums,
  ...slopes,
  ...remembered,
];
