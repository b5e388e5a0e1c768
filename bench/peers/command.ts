// npm run bench -- peers

import { availableParallelism } from 'node:os';
import type { Wanted } from '../flags.js';
import { hostOf } from '../machine.js';
import type { Output } from '../output.js';
import { digits, tableText } from '../table.js';
import { compare, type Comparison } from './compare.js';
import { preparePeers } from './install.js';
import { peerList } from './peerList.js';
import { pythonWithTorch } from './torchPeer.js';

/** What PyTorch reaches on two such cores when nothing else runs, less a margin. */
const FLOOR_ON_TWO_CORES = 60;

/** Returns the exit code: 0, or 1 if Weft itself was not measured. */
export async function runPeers(wanted: Wanted, output: Output): Promise<number> {
  const installed = await preparePeers(output.error);
  const python = wanted.only.includes('torch') ? pythonWithTorch() : undefined;
  if (wanted.only.includes('torch') && python === undefined) {
    output.error('PyTorch: not here (python3 -c "import torch" fails; on Debian apt-get install python3-torch)');
  }
  const peers = peerList.filter(({ word }) => wanted.only.includes(word) && (word !== 'torch' || python !== undefined));
  const cores = availableParallelism();
  const options = {
    peers,
    python,
    nets: wanted.nets,
    batch: wanted.batches[0] ?? 64,
    inferenceBatch: 256,
    rounds: wanted.repeat,
    blockMs: wanted.block ?? 2000,
    cold: wanted.cold,
    limitMs: 1000 * wanted.limit,
    floor: wanted.floor ?? (cores === 2 ? FLOOR_ON_TWO_CORES : 0),
    sizes: wanted.sizes,
    software: wanted.software,
  };
  const results: Comparison[] = [];
  const start = hostOf();
  for await (const comparison of compare(installed, options, (line) => output.error(`  ${line}`))) {
    results.push(comparison);
    output.line(wanted.json ? JSON.stringify({ type: 'peers', ...comparison }) : comparisonText(comparison));
  }
  const end = hostOf();
  if (wanted.json) output.line(JSON.stringify({ type: 'machine', ...start, loadAtEnd: end.load }));
  else output.line(`\n${start.cpu}, load ${start.load.toFixed(1)} to ${end.load.toFixed(1)}, commit ${start.commit}`);
  return results.some(({ rows }) => rows.some(({ peer }) => peer === 'Weft')) ? 0 : 1;
}

/** The fastest first, and how many times as fast or slow Weft is. */
export function comparisonText({ what, title, unit, rows, rounds, notes }: Comparison): string {
  const lessIsBetter = what === 'cold';
  const weft = rows.find(({ peer }) => peer === 'Weft')?.rate.median;
  const sorted = [...rows].sort((a, b) => (lessIsBetter ? 1 : -1) * (a.rate.median - b.rate.median));
  const cells = sorted.map(({ peer, rate, times }) => {
    const ratio = weft === undefined ? NaN : lessIsBetter ? rate.median / weft : weft / rate.median;
    return [peer, digits(rate.median), digits(rate.min), digits(rate.max), `${times}`, digits(ratio)];
  });
  return [
    `\n${title} (${unit}; median, least and most of ${rounds})`,
    tableText(['', unit, 'least', 'most', 'a block', 'Weft is × as fast'], cells),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}
