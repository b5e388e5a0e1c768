// npm run bench -- kernels    every kernel of a training step alone, checked and timed, and the step
// npm run bench -- shapes     matmul and convolution at other sizes
import { parseArgs } from 'node:util';
import { EngineError, nets, openDevice } from '../src/index.js';
import { openDawn } from '../src/node.js';
import type { KernelRow } from './kernels.js';
import { machineOf } from './machine.js';
import { machineText, shapeText, stepText } from './report.js';
import { benchShape, shapes } from './shapes.js';
import { benchStep } from './steps.js';

const USAGE = `npm run bench -- kernels|shapes [flags]
  --net ${Object.keys(nets).join('|')}|all   kernels of this net's training step; all by default, and shapes after them
  --batch 64        images a step
  --repeat 5        timed blocks of each kernel
  --json            a line of JSON for each row, for programs
  --software        compute on the CPU even where a GPU is`;

/** Exit code: 0, 1 if a kernel is wrong, 2 for a command line that says nothing. */
async function main(words: readonly string[]): Promise<number> {
  const flags = readFlags(words);
  if (flags === undefined) {
    console.error(USAGE);
    return 2;
  }
  const { command, chosen, batch, repeat, json, software } = flags;
  const device = await openDevice(await openDawn({ software }));
  const onCpu = device.profile.dialect === 'cpu';
  const costs = onCpu ? 'cpu' : 'wall';
  const timing = { blockMs: onCpu ? 50 : 5, rounds: repeat };
  const print = (row: object, text: () => string): void => console.log(json ? JSON.stringify(row) : text());
  const wrong: KernelRow[] = [];
  const note = (rows: readonly KernelRow[]): void => {
    wrong.push(...rows.filter(({ time }) => time === undefined));
  };

  const machine = machineOf(device);
  print({ type: 'machine', ...machine }, () => machineText(machine));
  for (const net of command === 'kernels' ? chosen : []) {
    const bench = await benchStep(device, net(), batch, timing);
    note(bench.rows);
    const { rows, ...step } = bench;
    if (json) for (const row of rows) console.log(JSON.stringify({ type: 'kernel', net: step.net, batch, ...row }));
    print({ type: 'step', ...step }, () => stepText(bench, costs));
  }
  for (const shape of command === 'shapes' || chosen.length > 1 ? shapes : []) {
    const bench = await benchShape(device, shape, timing);
    note(bench.rows);
    if (json) for (const row of bench.rows) console.log(JSON.stringify({ type: 'shape', name: bench.name, ...row }));
    else console.log(shapeText(bench));
  }
  await device.idle();
  for (const { kernel, variant, error, where } of wrong) {
    console.error(`wrong: ${kernel}/${variant}, ${error.toPrecision(2)} times its bound: ${where}`);
  }
  return wrong.length > 0 ? 1 : 0;
}

function readFlags(words: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        net: { type: 'string', default: 'all' },
        batch: { type: 'string', default: '64' },
        repeat: { type: 'string', default: '5' },
        json: { type: 'boolean', default: false },
        software: { type: 'boolean', default: false },
      },
    });
    const [command, ...more] = positionals;
    const [batch, repeat] = [Number(values.batch), Number(values.repeat)];
    const chosen = Object.entries(nets).flatMap(([name, net]) =>
      values.net === 'all' || values.net === name ? [net] : [],
    );
    const whole = [batch, repeat].every((value) => Number.isInteger(value) && value >= 1);
    if ((command !== 'kernels' && command !== 'shapes') || more.length > 0 || !whole || chosen.length === 0)
      return undefined;
    return { command, chosen, batch, repeat, json: values.json, software: values.software };
  } catch {
    return undefined;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
