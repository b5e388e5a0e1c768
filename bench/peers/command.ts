// npm run bench -- peers

import { availableParallelism } from 'node:os';
import type { Wanted } from '../flags.js';
import { hostOf } from '../machine.js';
import type { Output } from '../output.js';
import { Results } from '../results.js';
import { digits, tableText } from '../table.js';
import { compare, type Comparison, type PeerRow } from './compare.js';
import { preparePeers } from './install.js';
import { peerList } from './peerList.js';
import { pythonWithTorch } from './torchPeer.js';

const WEFT = 'Weft';
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
  const results = new Results(wanted, output, 'wall');
  const start = hostOf();
  let measured = false;
  for await (const comparison of compare(installed, options, (line) => results.say(line))) {
    measured ||= comparison.rows.some(({ peer }) => peer === WEFT);
    results.tell([{ type: 'peers', ...comparison }], () => comparisonText(comparison));
    const { what, title, unit, rows } = comparison;
    const bars = sorted(what, rows).map(({ peer, rate }) => ({ label: peer, ...rate, strong: peer === WEFT }));
    results.bars(`peers-${title.replace(/[^a-z0-9]+/gi, '-')}`, `${title} (${unit})`, unit, [{ label: '', bars }]);
  }
  const machine = { ...start, loadAtEnd: hostOf().load };
  results.tell(
    [{ type: 'machine', ...machine }],
    () =>
      `\n${start.cpu}, load ${start.load.toFixed(1)} at the start and ${machine.loadAtEnd.toFixed(1)} at the end, commit ${start.commit}, ${start.date}`,
  );
  await results.write();
  return measured ? 0 : 1;
}

const sorted = (what: Comparison['what'], rows: readonly PeerRow[]): readonly PeerRow[] =>
  [...rows].sort((a, b) => (what === 'cold' ? 1 : -1) * (a.rate.median - b.rate.median));

/** The fastest first, and how many times as fast or slow Weft is. */
export function comparisonText({ what, title, unit, rows, rounds, notes }: Comparison): string {
  const lessIsBetter = what === 'cold';
  const weft = rows.find(({ peer }) => peer === WEFT)?.rate.median;
  const cells = sorted(what, rows).map(({ peer, rate, times }) => {
    const ratio = weft === undefined ? NaN : lessIsBetter ? rate.median / weft : weft / rate.median;
    return [peer, digits(rate.median), digits(rate.min), digits(rate.max), `${times}`, digits(ratio)];
  });
  return [
    `\n${title} (${unit}; median, least and most of ${rounds})`,
    tableText(['', unit, 'least', 'most', 'a block', 'Weft is × as fast'], cells),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}
