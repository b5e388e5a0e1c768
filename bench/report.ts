import type { KernelRow } from './kernels.js';
import type { Machine } from './machine.js';
import type { ShapeBench } from './shapes.js';
import type { StepBench } from './steps.js';
import { digits, tableText } from './table.js';
import type { Timing } from './timing.js';

/**
 * What shares and rates are taken from: the time of all cores together where they do the work (software adapters), so
 * that a rate is that of one core; else the clock's.
 */
export type Costs = 'cpu' | 'wall';

export const machineText = (
  { adapter, driver, dialect, cpu, node, commit, date, load }: Machine,
  costs: Costs,
): string =>
  [
    `adapter  ${adapter} (${driver}; ${dialect} kernels)`,
    `machine  ${cpu}, load ${load.toFixed(1)}, Node ${node}`,
    `commit   ${commit}, ${date}`,
    'ms: of the clock, median and least of the blocks; cpu: of all cores together, least',
    `shares and rates: of ${costs === 'cpu' ? 'cpu, so of one core' : 'ms'}, least; error: largest, in units of its bound`,
  ].join('\n');

/** Every kernel of a step, the dearest first, then the step. */
export function stepText({ net, batch, dispatches, rows, step }: StepBench, costs: Costs): string {
  const cost = (time: Timing | undefined): number => time?.[costs].min ?? 0;
  const sorted = [...rows].sort((a, b) => cost(b.time) * b.count - cost(a.time) * a.count);
  const sum = rows.reduce((total, { time, count }) => total + cost(time) * count, 0);
  const perStep = 1000 / Math.max(step.wall.median, step.record.median);
  const best = 1000 / Math.max(step.wall.min, step.record.min);
  return [
    `\n${net}, batch ${batch}: ${rows.length} different kernels in ${dispatches} dispatches`,
    rowsText(sorted, costs, (row) => `${((100 * cost(row.time) * row.count) / cost(step)).toFixed(1)} %`),
    `step  ${digits(step.wall.median)} ms (${digits(step.wall.min)} to ${digits(step.wall.max)}; cpu ${digits(step.cpu.min)}; recorded in ${digits(step.record.median)})` +
      `  ${digits(perStep)} steps/s, ${digits(perStep * batch)} images/s; at best ${digits(best)}, ${digits(best * batch)}`,
    `sum of its kernels  ${digits(sum)} ms of ${digits(cost(step))} (${costs === 'cpu' ? 'cpu' : 'ms'}, least)`,
  ].join('\n');
}

export const shapeText = ({ name, rows }: ShapeBench, costs: Costs): string => `\n${name}\n${rowsText(rows, costs)}`;

function rowsText(rows: readonly KernelRow[], costs: Costs, share?: (row: KernelRow) => string): string {
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
      error.toFixed(2),
    ];
  });
  return tableText(heads, cells, names.length);
}

/** Billions a second; nothing where nothing is counted. */
const rate = (work: number, ms: number): string => (work === 0 ? '–' : digits(work / ms / 1e6));
