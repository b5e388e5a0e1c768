import { EngineError, nets, openDevice, type Net } from '../src/index.js';
import { openDawn } from '../src/node.js';
import { readFlags, USAGE, type Wanted } from './flags.js';
import type { KernelRow } from './kernels.js';
import { machineOf } from './machine.js';
import type { Output } from './output.js';
import { runPeers } from './peers/command.js';
import { machineText, shapeText, stepText } from './report.js';
import { benchShape, shapes } from './shapes.js';
import { benchStep } from './steps.js';

/** Milliseconds that a block lasts unless the command line says otherwise: software is slower, and less steady. */
const BLOCK_MS = { cpu: 50, gpu: 5 };

/** Does what the words say. Returns the exit code: 0, 1 if a kernel is wrong or the GPU fails, 2 for words unknown. */
export async function runBench(words: readonly string[], output: Output): Promise<number> {
  try {
    const wanted = readFlags(words);
    if (wanted.command === 'peers') return await runPeers(wanted, output);
    return await timeAll(wanted, output);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    output.error(error.message);
    if (error.code === 'usage') output.error(USAGE);
    return error.code === 'usage' ? 2 : 1;
  }
}

async function timeAll(wanted: Wanted, output: Output): Promise<number> {
  using device = await openDevice(await openDawn({ software: wanted.software }));
  const { dialect } = device.profile;
  const timing = { blockMs: wanted.block ?? BLOCK_MS[dialect], rounds: wanted.repeat, fromSubmit: dialect === 'gpu' };
  const costs = dialect === 'cpu' ? 'cpu' : 'wall';
  const wrong: KernelRow[] = [];
  const tell = (rows: readonly object[], text: () => string): void => {
    if (wanted.json) for (const row of rows) output.line(JSON.stringify(row));
    else output.line(text());
  };

  const machine = machineOf(device);
  tell([{ type: 'machine', ...machine }], () => machineText(machine, costs));
  for (const [net, batch] of wanted.command === 'kernels' ? pairsOf(wanted) : []) {
    const bench = await benchStep(device, net(), batch, timing);
    const { rows, ...step } = bench;
    const { net: name } = step;
    tell([...rows.map((row) => ({ type: 'kernel', net: name, batch, ...row })), { type: 'step', ...step }], () =>
      stepText(bench, costs),
    );
    wrong.push(...rows.filter(({ passed }) => !passed));
  }
  for (const shape of wanted.command === 'shapes' || wanted.allNets ? shapes : []) {
    const bench = await benchShape(device, shape, timing);
    tell(
      bench.rows.map((row) => ({ type: 'shape', name: bench.name, ...row })),
      () => shapeText(bench, costs),
    );
    wrong.push(...bench.rows.filter(({ passed }) => !passed));
  }
  for (const { kernel, variant, error, where } of wrong) {
    output.error(`wrong: ${kernel}/${variant}, ${error.toPrecision(2)} times its bound: ${where}`);
  }
  return wrong.length > 0 ? 1 : 0;
}

/** Every net at every batch. */
const pairsOf = (wanted: Wanted): (readonly [() => Net, number])[] =>
  wanted.nets.flatMap((name) => {
    const net = nets[name];
    return net === undefined ? [] : wanted.batches.map((batch) => [net, batch] as const);
  });
