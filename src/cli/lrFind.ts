// `weft lr-find`: the loss along rising learning rates, and where it falls fastest.

import { join } from 'node:path';
import { paintCharts } from '../chart/png.js';
import { findRate, nets, type RateCurve } from '../index.js';
import { folderNotes, makeFolder, writeAtomic } from '../node.js';
import { openDataFlag } from './data.js';
import { EXIT, Interrupted, usageError } from './exit.js';
import { listed, parseFlags } from './flags.js';
import { optimizerOf } from './learning.js';
import { mustBeWritable } from './outputs.js';
import { rateChart, rateTable } from './rateChart.js';
import type { Screen } from './screen.js';
import { openOwnDevice, watched } from './session.js';
import { optimizerSettings } from './settings.js';
import { rateFlags } from './tables.js';
import { readWeights } from './weightsFile.js';

/** The chart's name in the folder of `--out`. */
const CHART = 'lr-find';

export async function lrFind(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft lr-find', rateFlags, words);
  const { batch, seed, mean, std, from, to, steps, out } = flags;
  if (to <= from) throw usageError('--to', `${to}`, `more than --from, ${from}`);
  const optimizer = optimizerOf(optimizerSettings({ ...flags, lr: undefined }));
  const weightsIn = flags['weights-in'];
  const start = weightsIn === undefined ? undefined : await readWeights('--weights-in', weightsIn);
  if (out !== undefined) await mustBeWritable('--out', join(out, `${CHART}.svg`));

  return watched(flags.quiet, async ({ screen, signal }) => {
    const { splits: data } = await openDataFlag(flags.data, screen, signal);
    const net = nets[flags.net]?.(data.train.classes);
    if (net === undefined) throw usageError('--net', flags.net, listed(Object.keys(nets)));
    using device = await openOwnDevice(screen);
    screen.progress(() => `training ${steps} steps at rates from ${from} to ${to}`);
    const shared = { device, net, data, optimizer, batch, seed, mean, std, from, to, steps, signal };
    const curve = await findRate({ ...shared, notes: folderNotes(), ...(start && { weights: start.weights }) });
    screen.progress(undefined);
    if (signal.aborted) throw new Interrupted();
    if (flags.json) screen.result(JSON.stringify({ event: 'lr-find', net: net.name, ...curve }));
    else tell(curve, screen);
    if (out !== undefined) await draw(out, `${net.name}, ${optimizer.name}, batch ${batch}`, curve, screen);
    return EXIT.ok;
  });
}

function tell(curve: RateCurve, screen: Screen): void {
  for (const line of rateTable(curve)) screen.result(line);
  screen.result('');
  screen.result(
    curve.suggestion === undefined
      ? 'The loss does not fall at any of these rates.'
      : `The loss falls fastest at a rate of ${screen.paintResult('bold', curve.suggestion.toExponential(1))}: --lr ${curve.suggestion.toExponential(1)}`,
  );
}

async function draw(folder: string, title: string, curve: RateCurve, screen: Screen): Promise<void> {
  const chart = rateChart(title, curve);
  await makeFolder(folder);
  await writeAtomic(join(folder, `${CHART}.svg`), new TextEncoder().encode(chart));
  const unpainted = await paintCharts(folder, new Map([[CHART, chart]]));
  screen.note(unpainted === undefined ? `drew ${folder}` : `drew ${folder}, without a PNG: ${unpainted}`);
}
