// npm run bench -- peers

import { availableParallelism } from 'node:os';
import type { Wanted } from '../flags.js';
import { hostOf } from '../machine.js';
import type { Output } from '../output.js';
import { withResults, type Results } from '../results.js';
import { digits, tableText } from '../table.js';
import { compare, WEFT, type Comparison, type PeerRow } from './compare.js';
import { preparePeers } from './install.js';
import { peerList } from './peerList.js';
import { pythonWithTorch } from './torchPeer.js';

/** What PyTorch reaches on two such cores at that batch when nothing else runs, less a margin. */
const FLOOR_ON_TWO_CORES = { batch: 64, stepsPerSecond: 60 };

/** Returns the exit code: 0, or 1 if Weft was wanted and not measured. */
export async function runPeers(wanted: Wanted, output: Output): Promise<number> {
  return await withResults(wanted, output, 'wall', (results) => measurePeers(wanted, output, results));
}

async function measurePeers(wanted: Wanted, output: Output, results: Results): Promise<number> {
  const installed = await preparePeers(output.error);
  const python = wanted.only.includes('torch') ? pythonWithTorch() : undefined;
  if (wanted.only.includes('torch') && python === undefined) {
    output.error('PyTorch: not here (python3 -c "import torch" fails; on Debian apt-get install python3-torch)');
  }
  const peers = peerList.filter(({ word }) => wanted.only.includes(word) && (word !== 'torch' || python !== undefined));
  if (peers.length === 0) return 1;
  const cores = availableParallelism();
  const options = {
    peers,
    python,
    nets: wanted.nets,
    batches: wanted.batches,
    inferenceBatch: 256,
    rounds: wanted.repeat,
    blockMs: wanted.block ?? 2000,
    cold: wanted.cold,
    limitMs: 1000 * wanted.limit,
    floor: (batch: number) => {
      const { batch: known, stepsPerSecond } = FLOOR_ON_TWO_CORES;
      return wanted.floor ?? (cores === 2 && batch === known ? stepsPerSecond : 0);
    },
    sizes: wanted.sizes,
    software: wanted.software,
  };
  const start = hostOf();
  const where = new Map<string, string>();
  let measured = !wanted.only.includes('weft');
  for await (const comparison of compare(installed, options, (line) => results.say(line))) {
    measured ||= comparison.what === 'train' && comparison.rows.some(({ peer }) => peer === WEFT);
    results.tell([{ type: 'peers', ...comparison }], () => comparisonText(comparison));
    const { what, title, unit, rows, browser, adapter } = comparison;
    if (browser !== undefined) where.set('browser', browser);
    if (adapter !== undefined) where.set('adapter', adapter);
    const bars = sorted(what, rows).map(({ peer, rate }) => ({ label: peer, ...rate, strong: peer === WEFT }));
    results.bars(`peers-${title.replace(/[^a-z0-9]+/gi, '-')}`, `${title} (${unit})`, unit, [{ label: '', bars }]);
  }
  const machine = { ...Object.fromEntries(where), ...start, loadAtEnd: hostOf().load };
  results.tell([{ type: 'machine', ...machine }], () =>
    [
      `\nadapter  ${where.get('adapter') ?? 'not asked: no Weft'} in ${where.get('browser') ?? 'no browser'}`,
      `machine  ${start.cpu}, load ${start.load.toFixed(1)} at the start and ${machine.loadAtEnd.toFixed(1)} at the end`,
      `commit   ${start.commit}, ${start.date}`,
    ].join('\n'),
  );
  if (!measured) output.error('Weft itself was not measured');
  return measured ? 0 : 1;
}

const sorted = (what: Comparison['what'], rows: readonly PeerRow[]): readonly PeerRow[] =>
  [...rows].sort((a, b) => (what === 'cold' ? 1 : -1) * (a.rate.median - b.rate.median));

/** The fastest first, and how many times as fast or slow Weft is. */
export function comparisonText({ what, title, unit, rows, rounds, notes }: Comparison): string {
  const lessIsBetter = what === 'cold';
  const weft = rows.find(({ peer }) => peer === WEFT)?.rate.median;
  const cells = sorted(what, rows).map(({ peer, rate, times }) => {
    const ratio = weft && (lessIsBetter ? rate.median / weft : weft / rate.median);
    const rates = [rate.median, rate.min, rate.max].map(digits);
    return [peer, ...rates, `${times}`, ratio === undefined ? '–' : digits(ratio)];
  });
  return [
    `\n${title} (${unit}; median, least and most of ${rounds})`,
    tableText(['', unit, 'least', 'most', 'a block', 'Weft is × as fast'], cells),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}
