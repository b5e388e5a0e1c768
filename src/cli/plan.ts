import { nets } from '../index.js';
import { compile, defaultProfile, describe, kernels, trainGraph, type PlannedDispatch } from '../lab.js';
import { EXIT, usageError } from './exit.js';
import { listed, parseFlags } from './flags.js';
import { nearest } from './nearest.js';
import { Screen } from './screen.js';
import { stepOf } from './stepFlags.js';
import { planFlags } from './planTables.js';

/** Rows and columns of the images that a plan is shown for: MNIST's. */
const SIDES = { rows: 28, columns: 28 };

/** `weft plan`: the dispatches of a training step, or the WGSL of one of its kernels. Needs no GPU. */
export function plan(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft plan', planFlags, words);
  const screen = new Screen();
  const net = nets[flags.net]?.();
  if (net === undefined) throw usageError('--net', flags.net, listed(Object.keys(nets)));
  const { settings, optimizer, update } = stepOf(flags);
  const precision = flags.precision === 'mixed' ? 'mixed' : 'f32';
  const scaled = { ...update, ...(precision === 'mixed' && { lossScale: {} }) };
  const graph = trainGraph(net, { count: flags.images, ...SIDES }, settings, optimizer, scaled);
  const features = precision === 'mixed' ? ['shader-f16'] : [];
  const profile = { ...defaultProfile(flags.dialect === 'cpu' ? 'cpu' : 'gpu'), features };
  const compiled = compile(graph, { name: `train ${net.name}`, kernels, profile, precision });
  screen.result(flags.wgsl === undefined ? describe(compiled) : wgslOf(compiled.dispatches, flags.wgsl));
  return Promise.resolve(EXIT.ok);
}

/** Every different text of a kernel in the plan, each under a line that says where it is used. */
function wgslOf(dispatches: readonly PlannedDispatch[], name: string): string {
  const places = new Map<string, string[]>();
  dispatches.forEach(({ entry, covers, code }, position) => {
    if (entry === name) places.set(code, [...(places.get(code) ?? []), `${position + 1} (${covers})`]);
  });
  if (places.size === 0) {
    const entries = [...new Set(dispatches.map(({ entry }) => entry))];
    const meant = nearest(name, entries);
    throw usageError('--wgsl', `"${name}"`, listed(entries), meant && `Did you mean ${meant}?`);
  }
  return [...places].map(([code, used]) => `// dispatch ${used.join(', ')}\n${code.trim()}\n`).join('\n');
}
