// What the starts of the plans come to: a point of the curve for each plan, and what a run of each length takes by it.

import { spreadOf, type Spread } from '../timing.js';
import type { MeasuredPlan } from './plan.js';

/** A plan, over all of its starts. */
export interface CurvePoint {
  /** Length of the run that it is for. */
  readonly expectedSteps: number;
  readonly firstStepS: Spread;
  readonly stepsPerSecond: Spread;
  readonly dispatches: number;
  readonly encodeMs: Spread;
}

/** Points by length, the shortest first. */
export function pointsOf(plans: readonly MeasuredPlan[]): readonly CurvePoint[] {
  const lengths = [...new Set(plans.map(({ expectedSteps }) => expectedSteps))].sort((a, b) => a - b);
  return lengths.map((expectedSteps): CurvePoint => {
    const own = plans.filter((plan) => plan.expectedSteps === expectedSteps);
    const rates = own.map(({ rate }) => rate);
    return {
      expectedSteps,
      firstStepS: spreadOf(own.map(({ firstStepS }) => firstStepS)),
      stepsPerSecond: overAll(rates.map(({ stepsPerSecond }) => stepsPerSecond)),
      dispatches: rates[0]?.dispatches ?? 0,
      encodeMs: overAll(rates.map(({ encodeMs }) => encodeMs)),
    };
  });
}

/** Of several spreads: the median of the medians, and the least and the most of all. */
const overAll = (spreads: readonly Spread[]): Spread => ({
  median: spreadOf(spreads.map(({ median }) => median)).median,
  min: Math.min(...spreads.map(({ min }) => min)),
  max: Math.max(...spreads.map(({ max }) => max)),
});

/** Seconds from the start to the end of a run of so many steps: to the first one, and the others at the plan's speed. */
export const secondsOf = ({ firstStepS, stepsPerSecond }: CurvePoint, steps: number): number =>
  firstStepS.median + (steps - 1) / stepsPerSecond.median;

/** The plan that ends a run of so many steps first. */
export const bestFor = (points: readonly CurvePoint[], steps: number): CurvePoint | undefined =>
  points.reduce<CurvePoint | undefined>(
    (best, point) => (best !== undefined && secondsOf(best, steps) <= secondsOf(point, steps) ? best : point),
    undefined,
  );
