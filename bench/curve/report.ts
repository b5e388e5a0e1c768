import { digits, tableText } from '../table.js';
import { bestFor, secondsOf, type CurvePoint } from './points.js';

/** The plans, then the seconds of whole runs by each of them; a star at the plan that ends first. */
export function curveText(title: string, points: readonly CurvePoint[]): string {
  const heads = ['plan for', 'dispatches', 'first step s', 'steps/s', 'least', 'most', 'encode ms', 'least'];
  const plans = points.map(({ expectedSteps, dispatches, firstStepS, stepsPerSecond, encodeMs }) => [
    steps(expectedSteps),
    `${dispatches}`,
    digits(firstStepS.median),
    digits(stepsPerSecond.median),
    digits(stepsPerSecond.min),
    digits(stepsPerSecond.max),
    digits(encodeMs.median),
    digits(encodeMs.min),
  ]);
  const lengths = points.map(({ expectedSteps }) => expectedSteps);
  const runs = points.map((point) => [
    steps(point.expectedSteps),
    ...lengths.map((length) => `${bestFor(points, length) === point ? '* ' : ''}${digits(secondsOf(point, length))}`),
  ]);
  return [
    `\n${title}`,
    tableText(heads, plans),
    '\nseconds from the start to the end of a run, by its length; * the plan that ends first',
    tableText(['plan for', ...lengths.map(steps)], runs),
  ].join('\n');
}

export const steps = (length: number): string => `${length.toLocaleString('en-US')} ${length === 1 ? 'step' : 'steps'}`;
