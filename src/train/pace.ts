/** How much work goes to the GPU at once, and how much may wait there. */
export interface PaceLimits {
  /** Milliseconds that one submit may take: 16 with a page visible, 100 otherwise. */
  readonly submitMs: number;
  /** Submits in flight. */
  readonly mostInFlight: number;
  /** Steps in one submit, whatever their time. */
  readonly mostSteps: number;
}

export const DEFAULT_PACE: PaceLimits = { submitMs: 100, mostInFlight: 3, mostSteps: 256 };

/**
 * The steps of the next submit: as many as fit the time, never fewer than one.
 * @param stepMs measured time of one step; 0 while nothing is measured, when one step is tried
 */
export function stepsPerSubmit(stepMs: number, { submitMs, mostSteps }: PaceLimits): number {
  if (stepMs <= 0) return 1;
  return Math.max(1, Math.min(mostSteps, Math.floor(submitMs / stepMs)));
}

/**
 * The estimate of a step's time after one more measurement: half old, half new, so that a hiccup passes within a few submits.
 * @param elapsedMs from the end of the submit before, or from the submit itself on an idle GPU, to the end of this one
 */
export function updatedStepMs(stepMs: number, elapsedMs: number, steps: number): number {
  const measured = elapsedMs / steps;
  return stepMs === 0 ? measured : (stepMs + measured) / 2;
}
