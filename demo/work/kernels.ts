// What the run at hand is compiled to, and what is done with its kernels while it waits.

import type { Trainer, TrainerOptions } from '../../src/index.js';
import type { Plan } from '../../src/lab.js';
import type { KernelDeed, KernelJob, KernelsRequest, KernelSubject, PlanName, ShownPlan } from '../protocol/kernels.js';
import type { Desk, Handlers, Run } from './desk.js';
import { frozenGroups } from './modules.js';
import type { KernelWatch } from './kernelWatch.js';

export function kernelsHandlers(desk: Desk): Handlers<KernelsRequest['type']> {
  const numbers = new Map<string, number>();
  const subjectOf = ({ settings: { net, batch }, trainer }: Run): KernelSubject => {
    const key = JSON.stringify(trainer.plan.dispatches);
    const plan = numbers.get(key) ?? numbers.size;
    numbers.set(key, plan);
    return { plan, net, batch };
  };

  let stopping = new AbortController();
  return {
    plans: () => {
      const { run, post } = desk;
      if (run !== undefined) post({ type: 'plans', plans: { ...subjectOf(run), plans: run.trainer.plans.map(shown) } });
    },
    kernels: ({ does }) => {
      const { signal } = (stopping = new AbortController());
      const say = (job: Omit<KernelJob, 'does'>): void => desk.post({ type: 'kernelJob', job: { does, ...job } });
      const tell: KernelWatch['tell'] = (job) => {
        signal.throwIfAborted();
        say(job);
      };
      say({ stage: 'waiting', done: 0, total: 0 });
      desk.inLine(async () => {
        const { run } = desk;
        const work = run === undefined ? Promise.resolve() : workOf(desk, run, does, subjectOf(run), { signal, tell });
        // A run that waits is told nothing of what goes wrong here.
        desk.beside(work.catch((error: unknown) => (signal.aborted ? undefined : Promise.reject(error as Error))));
        await work.catch(() => undefined);
        desk.post({ type: 'kernelJob', job: undefined });
      });
    },
    stopKernels: () => stopping.abort(),
  };
}

/** Loaded when somebody asks for it: nobody trains with it. Where the device is lost on the way, it is done again. */
async function workOf(
  { post }: Desk,
  run: Run,
  does: KernelDeed,
  subject: KernelSubject,
  watch: KernelWatch,
): Promise<void> {
  watch.signal.throwIfAborted();
  const { checkKernels, timeKernels, tuneKernels } = await import('./kernelDeeds.js');
  const { net, settings, options } = run;
  // A state of an earlier visit has its frozen layers with it; the tuner is given none.
  const groups = settings.begin === 'random' ? undefined : frozenGroups(net, settings.frozen);
  const by = <T>(deed: (trainer: Trainer, options: TrainerOptions, watch: KernelWatch) => Promise<T>): Promise<T> =>
    run.use((trainer) => deed(trainer, { ...options, ...(groups && { groups }), device: trainer.device }, watch));
  if (does === 'time') post({ type: 'kernelTimes', times: { ...subject, ...(await by(timeKernels)) } });
  if (does === 'check') post({ type: 'kernelChecks', checks: { ...subject, ...(await by(checkKernels)) } });
  if (does === 'tune') post({ type: 'tunedKernels', tuned: { ...subject, ...(await by(tuneKernels)) } });
}

const shown = ({ name, dispatches, scratch }: Plan): ShownPlan => ({
  name: name as PlanName,
  dispatches: dispatches.map(({ entry, variant, covers, groups, flops, bytes, code }) => {
    return { kernel: entry, variant, covers, groups, flops, bytes, code };
  }),
  scratchBytes: scratch.reduce((sum, { bytes }) => sum + bytes, 0),
});
