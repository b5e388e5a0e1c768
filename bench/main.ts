import { nets, openDevice } from '../src/index.js';
import { openDawn } from '../src/node.js';
import { benchNet } from './kernels.js';
import { machineOf } from './machine.js';
import { digits, tableText } from './table.js';

const device = await openDevice(await openDawn());
console.log(machineOf(device));
const name = process.argv[3] ?? 'tutorial';
const net = nets[name];
if (net === undefined) throw new Error(`net ${name}; there are ${Object.keys(nets).join(', ')}`);
const { rows, step } = await benchNet(device, net(), 64, {
  blockMs: device.profile.dialect === 'cpu' ? 50 : 5,
  rounds: 5,
});
const cells = [...rows]
  .sort((a, b) => b.ms.min * b.count - a.ms.min * a.count)
  .map((row) => [
    row.kernel,
    row.variant,
    row.covers,
    row.shape,
    `${row.count}`,
    digits(row.ms.median),
    digits(row.ms.min),
    digits((100 * row.ms.min * row.count) / step.ms.min),
    digits(row.flops / row.ms.min / 1e6),
    digits(row.bytes / row.ms.min / 1e6),
  ]);
console.log(
  tableText(['kernel', 'variant', 'covers', 'operands', '×', 'ms', 'min', '% of step', 'GFLOP/s', 'GB/s'], cells, [
    false,
    false,
    false,
    false,
    true,
    true,
    true,
    true,
    true,
    true,
  ]),
);
console.log(
  'sum',
  digits(rows.reduce((s, r) => s + r.ms.min * r.count, 0)),
  'step',
  step.ms,
  step.dispatches,
  'steps/s',
  digits(1000 / step.ms.min),
  'images/s',
  digits(64000 / step.ms.min),
);
