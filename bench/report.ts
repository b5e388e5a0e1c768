import type { KernelRow } from './kernels.js';
import type { Machine } from './machine.js';
import { roofOf, type Peaks, type PeaksBy } from './peaks.js';
import type { StepRate } from './rates.js';
import type { ShapeBench } from './shapes.js';
import type { StepBench } from './steps.js';
import { digits, tableText } from './table.js';
import type { Costs, Timing } from './timing.js';

export const machineText = (
  { adapter, driver, dialect, cpu, node, commit, date, load }: Machine,
  costs: Costs,
  kernels: boolean,
): string =>
  [
    `adapter  ${adapter} (${driver}; ${dialect} kernels)`,
    `machine  ${cpu}, load ${load.toFixed(1)}, Node ${node}`,
    `commit   ${commit}, ${date}`,
    ...(kernels
      ? [
          'ms: of the clock (the GPU’s own, where it has one), median and least of the blocks; cpu: of all cores, least',
          `shares and rates: of ${costs === 'cpu' ? 'cpu, so of one core' : 'ms'}, least; error: largest, in units of its bound`,
        ]
      : []),
  ].join('\n');

/** Net, batch and, where it was asked for, the length of the run that the plan is for. */
export const titleOf = ({ net, batch, expectedSteps }: Pick<StepBench, 'net' | 'batch' | 'expectedSteps'>): string =>
  `${net}, batch ${batch}${expectedSteps === undefined ? '' : `, plan for ${expectedSteps} steps`}`;

/** Every kernel of a step, the dearest first, then the step. */
export function stepText(bench: StepBench, costs: Costs): string {
  const { batch, dispatches, rows, step, peaks } = bench;
  const cost = (time: Timing | undefined): number => time?.[costs].min ?? 0;
  const sorted = [...rows].sort((a, b) => cost(b.time) * b.count - cost(a.time) * a.count);
  const sum = rows.reduce((total, { time, count }) => total + cost(time) * count, 0);
  const perStep = 1000 / Math.max(step.wall.median, step.record.median);
  const best = 1000 / Math.max(step.wall.min, step.record.min);
  return [
    `\n${titleOf(bench)}: ${rows.length} different kernels in ${dispatches} dispatches`,
    rowsText(sorted, costs, peaks[costs], (row) => `${((100 * cost(row.time) * row.count) / cost(step)).toFixed(1)} %`),
    `step  ${digits(step.wall.median)} ms (${digits(step.wall.min)} to ${digits(step.wall.max)}; cpu ${digits(step.cpu.min)}; recorded in ${digits(step.record.median)})` +
      `  ${digits(perStep)} steps/s, ${digits(perStep * batch)} images/s; at best ${digits(best)}, ${digits(best * batch)}`,
    `sum of its kernels  ${digits(sum)} ms of ${digits(cost(step))} (${costs === 'cpu' ? 'cpu' : 'ms'}, least)`,
    peaksText(peaks, costs),
  ].join('\n');
}

export const shapeText = ({ name, rows, peaks }: ShapeBench, costs: Costs): string =>
  `\n${name}\n${rowsText(rows, costs, peaks[costs])}\n${peaksText(peaks, costs)}`;

const peaksText = (peaks: PeaksBy, costs: Costs): string =>
  `peak of the adapter  ${digits(peaks[costs].gflops)} GFLOP/s, copying ${digits(peaks[costs].gbytes)} GB/s` +
  (costs === 'cpu' ? ` (one core; all: ${digits(peaks.wall.gflops)}, ${digits(peaks.wall.gbytes)})` : '');

function rowsText(rows: readonly KernelRow[], costs: Costs, peaks: Peaks, share?: (row: KernelRow) => string): string {
  const names = ['kernel', 'variant', 'covers', 'operands'];
  const heads = [
    ...names,
    '×',
    'ms',
    'least',
    'cpu',
    ...(share === undefined ? [] : ['share']),
    'GFLOP/s',
    'GB/s',
    'of peak',
    'of roof',
    'error',
  ];
  const cells = rows.map((row) => {
    const { kernel, variant, covers, shape, count, flops, bytes, error, where, time } = row;
    const head = [kernel, variant, covers, shape, `${count}`];
    if (time === undefined) return [...head, 'WRONG', `${error.toPrecision(2)} times its bound: ${where}`];
    const cost = time[costs].min;
    const times = [digits(time.wall.median), digits(time.wall.min), digits(time.cpu.min)];
    return [
      ...head,
      ...times,
      ...(share === undefined ? [] : [share(row)]),
      rate(flops, cost),
      rate(bytes, cost),
      percent(flops / cost / 1e6 / peaks.gflops),
      percent(flops > 0 ? flops / cost / 1e6 / roofOf(peaks, flops, bytes) : bytes / cost / 1e6 / peaks.gbytes),
      error.toFixed(2),
    ];
  });
  return tableText(heads, cells, names.length);
}

/** Billions a second; nothing where nothing is counted. */
const rate = (work: number, ms: number): string => (work === 0 ? '–' : digits(work / ms / 1e6));

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Rates, and what a step asks of CPU and GPU. */
export function ratesText(rates: readonly StepRate[]): string {
  const asked = rates.some(({ expectedSteps }) => expectedSteps !== undefined);
  const heads = [
    'net',
    'batch',
    ...(asked ? ['plan for'] : []),
    'steps/s',
    'least',
    'most',
    'images/s',
    'GFLOP/s',
    'dispatches',
    'submits',
    'uploads',
    'reads',
    'bind groups',
    'buffers',
    'encode ms',
    'least',
    'a submit',
    'alone ms',
    'least',
    'of step',
    'first step s',
    'MB',
    'of them data',
  ];
  const cells = rates.map((rate) => [
    rate.net,
    `${rate.batch}`,
    ...(asked ? [`${rate.expectedSteps}`] : []),
    digits(rate.stepsPerSecond.median),
    digits(rate.stepsPerSecond.min),
    digits(rate.stepsPerSecond.max),
    digits(rate.imagesPerSecond.median),
    digits(rate.gflopsPerSecond),
    `${rate.dispatches}`,
    digits(rate.perStep.submits),
    digits(rate.perStep.uploads),
    digits(rate.perStep.mappedReads),
    digits(rate.perStep.bindGroups),
    digits(rate.perStep.buffers),
    digits(rate.encodeMs.median),
    digits(rate.encodeMs.min),
    `${rate.submitSteps}`,
    digits(rate.encodeAloneMs.median),
    digits(rate.encodeAloneMs.min),
    percent(rate.encodeShare),
    digits(rate.firstStepMs / 1000),
    digits(rate.peakBytes / 1e6),
    digits(rate.dataBytes / 1e6),
  ]);
  const about = 'counts and encoding are of one step, in a submit of so many and alone in one';
  return `\ntraining; ${about}\n${tableText(heads, cells)}`;
}
