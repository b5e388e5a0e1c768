// The page that measures one plan, and tells Node.

import { openDevice } from '../../src/index.js';
import { measurePlan, type MeasuredPlan, type PlanTask } from './plan.js';

/** What the page tells, once. */
export type PlanTold =
  | { readonly kind: 'plan'; readonly plan: MeasuredPlan }
  | { readonly kind: 'failed'; readonly message: string };

declare global {
  /** Set by Node. */
  var planTell: (told: PlanTold) => Promise<void>;
}

async function measured(): Promise<PlanTold> {
  try {
    const task = JSON.parse(new URLSearchParams(location.search).get('task') ?? '') as PlanTask;
    using device = await openDevice(navigator.gpu);
    return { kind: 'plan', plan: await measurePlan(device, task) };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

void measured().then((told) => globalThis.planTell(told));
