// The comparison: cold starts, losses, and then rounds in which every peer has its block.

import type { Command, PeerTask } from './contract.js';
import type { InstalledPeers } from './install.js';
import type { RunningPeer } from './pagePeer.js';
import { openStage, type PeerEntry, type Stage } from './peerList.js';
import { keptRounds, LOSSES, lossesPart, ratesOf, roundsWithout, timesFor, turns, type Round } from './rounds.js';
import { materialOf, netNamed } from './server.js';
import { digits } from '../table.js';
import { spreadOf, type Spread } from '../timing.js';

export interface CompareOptions {
  readonly peers: readonly PeerEntry[];
  readonly nets: readonly string[];
  readonly batches: readonly number[];
  readonly inferenceBatch: number;
  /** Blocks of each peer that count. */
  readonly rounds: number;
  readonly blockMs: number;
  /** Loads of each page in a fresh browser. */
  readonly cold: number;
  readonly limitMs: number;
  /** Steps a second of PyTorch on `tutorial` under which a round does not count, by batch; 0 for none. */
  floor(batch: number): number;
  readonly sizes: readonly number[];
  readonly software: boolean;
  readonly python: string | undefined;
}

export interface PeerRow {
  readonly peer: string;
  readonly rate: Spread;
  /** Repetitions in a block. */
  readonly times: number;
}

/** One table: what was measured, in which unit, by whom. */
export interface Comparison {
  readonly what: 'cold' | 'train' | 'infer' | 'matmul';
  readonly title: string;
  readonly unit: string;
  readonly net?: string;
  readonly browser?: string;
  /** As Weft's page sees it. */
  readonly adapter?: string;
  readonly rows: readonly PeerRow[];
  readonly rounds: number;
  /** Rounds in which the machine was busy with other work. */
  readonly discarded: number;
  /** What a reader must know: who failed and how, what a peer is. */
  readonly notes: readonly string[];
}

/** Whose losses the others must have. */
export const WEFT = 'Weft';
/** The net that every peer can do something with in a block. */
const SMALL = 'tutorial';
/** Steps of the reference program, twice over. */
const LONG_RUN = 20_000;
/** Seconds of a cold start that is not repeated. */
const LONG_COLD = 60;
/** Rounds are repeated until enough count, up to so many times as many. */
const PATIENCE = 3;

/** Compares the peers on each net, then their products of matrices. Results come as they are there. */
export async function* compare(
  installed: InstalledPeers,
  options: CompareOptions,
  say: (line: string) => void,
): AsyncGenerator<Comparison, void, void> {
  const pairs = options.nets.flatMap((net) => options.batches.map((batch) => [net, batch] as const));
  for (const [net, batch] of pairs) {
    const task = { net, batch, inferenceBatch: options.inferenceBatch };
    const served = materialOf(netNamed(net), task);
    if (options.cold > 0) {
      yield await coldStarts(() => openStage(installed, served, options), task, options, say);
    }

    // Who trains for longer may compile for longer.
    const long = materialOf(netNamed(net), { ...task, expectedSteps: LONG_RUN });
    const stage = await openStage(installed, long, options);
    const running: RunningPeer[] = [];
    try {
      const notes = [stage.browser, ...(await openAll(stage, options.peers, running, say))];
      const adapter = running.find(({ name }) => name === WEFT)?.opened.about;
      const right = await sameLosses(running, notes, say);
      const floor = net === SMALL ? options.floor(batch) : 0;
      const train = await inRounds(right, options, say, { kind: 'train', perBlock: 1 }, floor);
      const title = `${net}, training, batch ${batch}`;
      const where = { browser: stage.browser, ...(adapter !== undefined && { adapter }) };
      yield { what: 'train', title, unit: 'steps/s', net, ...where, ...train, notes: [...notes, ...train.notes] };
      // Once is enough for inference and products.
      if (net !== SMALL || batch !== options.batches[0]) continue;
      const infer = await inRounds(train.left, options, say, { kind: 'infer', perBlock: options.inferenceBatch });
      yield {
        what: 'infer',
        title: `${net}, inference, batch ${options.inferenceBatch}`,
        unit: 'images/s',
        net,
        ...infer,
      };
      const onGpu = options.peers.filter(({ gpu, word }) => gpu || word === 'torch').map(({ name }) => name);
      const products = infer.left.filter(({ name }) => onGpu.includes(name));
      for (const size of options.sizes) {
        const kind = { kind: 'matmul', size, perBlock: (2 * size ** 3) / 1e9 } as const;
        const rates = await inRounds(products, options, say, kind);
        yield { what: 'matmul', title: `matmul ${size} × ${size} × ${size}`, unit: 'GFLOP/s', ...rates };
      }
    } finally {
      for (const peer of running) await peer.close();
      await stage.close();
    }
  }
}

/** From the start of a navigation to the end of the first step, every time in a browser that has compiled nothing yet. */
async function coldStarts(
  open: () => Promise<Stage>,
  { net, batch }: PeerTask,
  options: CompareOptions,
  say: (line: string) => void,
): Promise<Comparison> {
  const samples = new Map<string, number[]>();
  const notes = new Set<string>();
  for (let round = 0; round < options.cold; round++) {
    for (const entry of turns(options.peers, round)) {
      if ((samples.get(entry.name)?.[0] ?? 0) > LONG_COLD) continue;
      say(`${net}: cold start ${round + 1} of ${options.cold}, ${entry.name}`);
      const stage = await open();
      try {
        const peer = await stage.open(entry);
        samples.set(entry.name, [...(samples.get(entry.name) ?? []), peer.opened.coldMs / 1000]);
        await peer.close();
      } catch (error) {
        notes.add(textOf(error));
      } finally {
        await stage.close();
      }
    }
  }
  const rows = [...samples].map(([peer, seconds]) => ({ peer, rate: spreadOf(seconds), times: 1 }));
  const title = `${net}, batch ${batch}, from the load to the end of the first step`;
  return { what: 'cold', title, unit: 's', net, rows, rounds: options.cold, discarded: 0, notes: [...notes] };
}

async function openAll(
  stage: Stage,
  entries: readonly PeerEntry[],
  running: RunningPeer[],
  say: (line: string) => void,
): Promise<string[]> {
  const notes: string[] = [];
  for (const entry of entries) {
    try {
      say(`${entry.name}: opens`);
      const peer = await stage.open(entry);
      running.push(peer);
      notes.push(`${peer.name}: ${peer.opened.about}`);
    } catch (error) {
      notes.push(textOf(error));
    }
  }
  return notes;
}

/** The peers whose first losses are Weft's, or the first peer's without Weft; others are named in the notes and not timed. */
async function sameLosses(
  running: readonly RunningPeer[],
  notes: string[],
  say: (line: string) => void,
): Promise<readonly RunningPeer[]> {
  const losses = new Map<string, readonly number[]>();
  for (const peer of running) {
    try {
      const own = [...peer.opened.losses];
      // Each an answer of its own: the slowest takes most of a minute for one.
      while (own.length < LOSSES) {
        const told = await peer.tell({ kind: 'losses', count: 1 });
        own.push(...(told.kind === 'losses' ? told.losses : [NaN]));
      }
      losses.set(peer.name, own);
    } catch (error) {
      notes.push(textOf(error));
    }
  }
  const [first = ''] = losses.keys();
  const judge = losses.has(WEFT) ? WEFT : first;
  return running.filter(({ name }) => {
    const own = losses.get(name);
    if (own === undefined) return false;
    say(`${name}: losses ${own.map((loss) => loss.toFixed(6)).join(', ')}`);
    const part = lossesPart(losses.get(judge) ?? [], own);
    if (part)
      notes.push(`${name}: not timed, loss ${part.other} at step ${part.step}, where ${judge} has ${part.judge}`);
    return part === undefined;
  });
}

type Work = { readonly perBlock: number } & (
  | { readonly kind: 'train' | 'infer' }
  | { readonly kind: 'matmul'; readonly size: number }
);

/** Every peer has its block in every round. A peer that fails is left out from then on. */
async function inRounds(
  peers: readonly RunningPeer[],
  { rounds: wanted, blockMs }: CompareOptions,
  say: (line: string) => void,
  { perBlock, ...work }: Work,
  floor = 0,
): Promise<Omit<Comparison, 'what' | 'title' | 'unit'> & { readonly left: readonly RunningPeer[] }> {
  const notes: string[] = [];
  let left = peers;
  const timeOf = async (peer: RunningPeer, count: number): Promise<number> => {
    const command: Command = { ...work, count };
    try {
      const told = await peer.tell(command);
      return told.kind === 'time' ? told.ms : NaN;
    } catch (error) {
      notes.push(textOf(error));
      left = left.filter((other) => other !== peer);
      return NaN;
    }
  };
  const times = new Map<string, number>();
  for (const peer of peers) {
    let oneMs = await timeOf(peer, 1);
    // The first one compiled something; who is as slow as that again has had enough.
    if (oneMs < 2 * blockMs) {
      const some = timesFor(oneMs, blockMs / 2);
      oneMs = (await timeOf(peer, some)) / some;
    }
    times.set(peer.name, timesFor(oneMs, blockMs));
  }
  const rounds: Round[] = [];
  const most = floor > 0 ? PATIENCE * wanted : wanted;
  const kept = (): readonly Round[] => keptRounds(rounds, 'PyTorch', floor);
  while (kept().length < wanted && rounds.length < most) {
    const rates = new Map<string, number>();
    for (const peer of turns(left, rounds.length)) {
      const count = times.get(peer.name) ?? 1;
      const ms = await timeOf(peer, count);
      if (Number.isFinite(ms)) rates.set(peer.name, (1000 * count * perBlock) / ms);
    }
    rounds.push(rates);
    say(`round ${rounds.length}: ${[...rates].map(([name, rate]) => `${name} ${digits(rate)}`).join(', ')}`);
  }
  const quiet = kept();
  const discarded = rounds.length - quiet.length;
  const under = `PyTorch under ${floor} steps/s`;
  if (quiet.length === 0) notes.push(`${under} in every round: the others as a busy machine left them, and no PyTorch`);
  else if (discarded > 0) notes.push(`${discarded} of ${rounds.length} rounds left out: ${under}`);
  const shown = quiet.length > 0 ? quiet : roundsWithout(rounds, 'PyTorch');
  const rows = [...ratesOf(shown)].map(([peer, rate]) => ({ peer, rate, times: times.get(peer) ?? 1 }));
  return { rows, rounds: shown.length, discarded, notes, left };
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
