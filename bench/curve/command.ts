// npm run bench -- curve

import { openDevice } from '../../src/index.js';
import { openDawn } from '../../src/node.js';
import { cloneRoot, freshPages } from '../clone.js';
import type { Wanted } from '../flags.js';
import { hostOf } from '../machine.js';
import type { Output } from '../output.js';
import { withResults, type Results } from '../results.js';
import { digits } from '../table.js';
import { curveChart } from './chart.js';
import { measurePlan, type MeasuredPlan, type PlanTask } from './plan.js';
import { pointsOf } from './points.js';
import { curveText } from './report.js';
import { inChromium, inNode, type Started } from './starts.js';

/** Milliseconds of a block of steps, unless the command line says otherwise. */
const BLOCK_MS = 2000;

/** Measures the plans for runs of several lengths, each in a start of its own, in turns. Returns the exit code. */
export async function runCurve(wanted: Wanted, output: Output): Promise<number> {
  return await withResults(wanted, output, 'wall', async (results) => {
    await measureCurves(wanted, results);
    return 0;
  });
}

async function measureCurves(wanted: Wanted, results: Results): Promise<void> {
  const start = await starter(wanted);
  const before = hostOf();
  const about = new Map<string, string>();
  for (const net of wanted.nets) {
    for (const batch of wanted.batches) {
      const plans: MeasuredPlan[] = [];
      for (let round = 0; round < wanted.cold; round++) {
        for (const expectedSteps of wanted.steps) {
          const task = { net, batch, expectedSteps, blockMs: wanted.block ?? BLOCK_MS, rounds: wanted.repeat };
          const { plan, host } = await start(task);
          plans.push(plan);
          about.set('adapter', plan.adapter).set('dialect', plan.dialect).set('host', host);
          results.tell([{ type: 'plan', ...plan }], () => '');
          const { firstStepS, rate } = plan;
          const [first, speed] = [digits(firstStepS), digits(rate.stepsPerSecond.median)];
          results.say(`${net}, the plan for ${expectedSteps} steps: first step after ${first} s, ${speed} steps/s`);
        }
      }
      const points = pointsOf(plans);
      const title = `${net}, batch ${batch}: plans for runs of several lengths`;
      results.tell([{ type: 'curve', net, batch, points }], () => curveText(title, points));
      results.chart(`curve-${net}-batch-${batch}`, curveChart(title, points));
    }
  }
  const machine = { ...Object.fromEntries(about), ...before, loadAtEnd: hostOf().load };
  results.tell([{ type: 'machine', ...machine }], () =>
    [
      `\nadapter  ${about.get('adapter')} (${about.get('dialect')} kernels; ${about.get('host')})`,
      `machine  ${before.cpu}, load ${before.load.toFixed(1)} at the start and ${machine.loadAtEnd.toFixed(1)} at the end`,
      `commit   ${before.commit}, ${before.date}`,
    ].join('\n'),
  );
}

/** How a plan gets its start. */
async function starter(wanted: Wanted): Promise<(task: PlanTask) => Promise<Started>> {
  const options = { software: wanted.software, limitMs: 1000 * wanted.limit };
  if (wanted.place === 'node') return (task) => inNode(task, options);
  if (wanted.place === 'here') {
    return async (task) => {
      using device = await openDevice(await openDawn({ software: wanted.software }));
      return { plan: await measurePlan(device, task), host: `Node ${process.version}` };
    };
  }
  const pages = await freshPages(cloneRoot('curve'), 'curve');
  return (task) => inChromium(pages, task, options);
}
