import { EngineError, nets, openDevice, type Device, type Net } from '../src/index.js';
import { openDawn } from '../src/node.js';
import { runCurve } from './curve/command.js';
import { runFinetune } from './finetune/command.js';
import { runPretrain } from './finetune/pretrain.js';
import { HELP, readFlags, USAGE, type Wanted } from './flags.js';
import { benchGpu } from './gpu.js';
import { GpuClock } from './gpuClock.js';
import type { KernelRow } from './kernels.js';
import { machineOf } from './machine.js';
import type { Output } from './output.js';
import { readMnist } from './mnist.js';
import { openPeaks } from './peaks.js';
import { runPage } from './page/command.js';
import { runPeers } from './peers/command.js';
import { rateOfSteps, type StepRate } from './rates.js';
import { machineText, ratesText, shapeText, stepText, titleOf } from './report.js';
import { withResults, type Results } from './results.js';
import { benchShape, shapes } from './shapes.js';
import { benchStep } from './steps.js';
import type { TimingOptions } from './timing.js';

/** Milliseconds that a block lasts unless the command line says otherwise: software is slower, and less steady. */
const BLOCK_MS = { cpu: 50, gpu: 5 };
/** Of a block of whole steps. */
const STEP_BLOCK_MS = { cpu: 1000, gpu: 500 };

/** Does what the words say. Returns the exit code: 0, 1 if a kernel is wrong or the GPU fails, 2 for words unknown. */
export async function runBench(words: readonly string[], output: Output): Promise<number> {
  if (words.some((word) => ['--help', '-h', 'help'].includes(word))) {
    output.line(USAGE);
    return 0;
  }
  try {
    const wanted = readFlags(words);
    if (wanted.command === 'peers') return await runPeers(wanted, output);
    if (wanted.command === 'curve') return await runCurve(wanted, output);
    if (wanted.command === 'finetune') return await runFinetune(wanted, output);
    if (wanted.command === 'pretrain') return await runPretrain(wanted, output);
    if (wanted.command === 'page') return await runPage(wanted, output);
    return await runOnDevice(wanted, output);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    output.error(error.message);
    if (error.code === 'usage') output.error(words.length === 0 ? USAGE : HELP);
    return error.code === 'usage' ? 2 : 1;
  }
}

async function runOnDevice(wanted: Wanted, output: Output): Promise<number> {
  // First of all, since what is wrong with it is to be heard before anything is measured.
  const splits = wanted.data === undefined ? undefined : await readMnist(wanted.data);
  using device = await openDevice(await openDawn({ software: wanted.software }));
  const { dialect } = device.profile;
  const costs = dialect === 'cpu' ? 'cpu' : 'wall';
  const kernels = wanted.command === 'kernels' || wanted.command === 'shapes';
  const machine = machineOf(device);
  return await withResults(wanted, output, costs, async (results) => {
    results.tell([{ type: 'machine', ...machine }], () => machineText(machine, costs, kernels));
    const wrong: KernelRow[] = [];
    if (kernels) wrong.push(...(await timeKernels(device, wanted, results)));
    if (wanted.command === 'step' || wanted.command === 'gpu') await timeSteps(device, wanted, results);
    if (wanted.command === 'gpu') await benchGpu(device, wanted, splits, results);
    for (const { kernel, variant, error, where } of wrong) {
      output.error(`wrong: ${kernel}/${variant}, ${error.toPrecision(2)} times its bound: ${where}`);
    }
    return wrong.length > 0 ? 1 : 0;
  });
}

/** The kernels of the nets' steps, and of other shapes. Returns those that are wrong. */
async function timeKernels(device: Device, wanted: Wanted, results: Results): Promise<readonly KernelRow[]> {
  const { dialect } = device.profile;
  using clock = dialect === 'gpu' ? await GpuClock.open(device) : undefined;
  const timing: TimingOptions = {
    blockMs: wanted.block ?? BLOCK_MS[dialect],
    rounds: wanted.repeat,
    fromSubmit: dialect === 'gpu',
    clock,
  };
  const peaks = await openPeaks(device);
  const wrong: KernelRow[] = [];
  try {
    for (const [net, batch, steps] of wanted.command === 'kernels' ? plansOf(wanted) : []) {
      const bench = await benchStep(device, net, batch, timing, peaks, steps);
      const { rows, ...step } = bench;
      const kernels = rows.map((row) => ({ type: 'kernel', net: net.name, batch, ...row }));
      results.tell([...kernels, { type: 'step', ...step }], () => stepText(bench, results.costs));
      results.roofline(titleOf(bench), rows, bench.peaks);
      wrong.push(...rows.filter(({ passed }) => !passed));
    }
    for (const shape of wanted.command === 'shapes' || wanted.allNets ? shapes : []) {
      const bench = await benchShape(device, shape, timing, peaks);
      const rows = bench.rows.map((row) => ({ type: 'shape', name: bench.name, ...row }));
      results.tell(rows, () => shapeText(bench, results.costs));
      wrong.push(...bench.rows.filter(({ passed }) => !passed));
    }
  } finally {
    for (const peak of peaks) peak[Symbol.dispose]();
  }
  return wrong;
}

async function timeSteps(device: Device, wanted: Wanted, results: Results): Promise<void> {
  const blockMs = wanted.block ?? STEP_BLOCK_MS[device.profile.dialect];
  const rates: StepRate[] = [];
  for (const [net, batch, expectedSteps] of plansOf(wanted)) {
    const rate = await rateOfSteps(device, net, { batch, blockMs, rounds: wanted.repeat, expectedSteps });
    rates.push(rate);
    results.tell([{ type: 'rate', ...rate }], () => '');
  }
  results.tell([], () => ratesText(rates));
  results.rates(rates);
}

/** Every net at every batch, by the plan for every length of a run. */
const plansOf = (wanted: Wanted): (readonly [Net, number, number | undefined])[] =>
  pairsOf(wanted).flatMap(([net, batch]) =>
    (wanted.steps.length === 0 ? [undefined] : wanted.steps).map((steps) => [net, batch, steps] as const),
  );

/** Every net at every batch. */
const pairsOf = (wanted: Wanted): (readonly [Net, number])[] =>
  wanted.nets.flatMap((name) => {
    const net = nets[name];
    return net === undefined ? [] : wanted.batches.map((batch) => [net(), batch] as const);
  });
