import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cover } from '../../src/compile/cover.js';
import { rewrite } from '../../src/compile/rewrite.js';
import { defaultProfile } from '../../src/core/profile.js';
import { samplesOf } from '../../src/engine/check.js';
import { Elements, indexAt, valuesOf } from '../../src/engine/checkBounds.js';
import type { Node, Tensor } from '../../src/graph/graph.js';
import type { Op } from '../../src/graph/op.js';
import { kernels } from '../../src/kernels/index.js';
import * as ops from '../../src/ops/index.js';
import { parse, targetOf } from '../house/tree.js';
import type { KernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';
import { graphOf } from '../support/kernelCase.js';
import { laws } from './index.js';

/** Both dialects, with every feature that some variant asks for. */
const profiles = (['cpu', 'gpu'] as const).map((dialect) => ({
  ...defaultProfile(dialect),
  features: ['subgroups', 'shader-f16'],
}));

const root = fileURLToPath(new URL('../..', import.meta.url));
const listed = Object.values(laws).flat();
const cases = listed.filter((law): law is KernelLaw => 'kernelCase' in law).map(({ kernelCase }) => kernelCase);

describe('the list of laws', () => {
  it('has every list that a file of this folder exports', async () => {
    const files = readdirSync(join(root, 'test/laws')).filter((name) => !/^index\.|\.test\.ts$/.test(name));
    for (const file of files) {
      const found = (await import(`./${file}`)) as Record<string, readonly GpuLaw[]>;
      for (const [name, list] of Object.entries(found).filter(([export_]) => export_.endsWith('Laws'))) {
        expect(Object.values(laws), `${name} of ${file}`).toContain(list);
      }
    }
  });

  it('has every list that some test runs in Node, under the same title', () => {
    const folder = join(root, 'test');
    const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.gpu.test.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    const run = texts.flatMap((text) => [...text.matchAll(/lawsInNode\('([^']+)'/g)].map(([, title]) => title));
    expect(new Set(run)).toEqual(new Set(Object.keys(laws)));
  });

  it('names each law once', () => {
    const titles = listed.map(({ title }) => title);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });
});

describe('some law computes', () => {
  const nodes: Node[] = [];
  const used = new Set<string>();
  for (const kernelCase of cases) {
    const { graph, outputs } = graphOf(kernelCase);
    const { graph: smaller, of } = rewrite(graph, outputs);
    nodes.push(...smaller.nodes);
    const kept = new Set(outputs.flatMap((output) => of(output) ?? []));
    for (const profile of profiles) {
      for (const { kernel } of cover(smaller, { kernels, profile, kept })) used.add(kernel);
    }
  }

  it('every kernel', () => {
    expect(kernels.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });

  it('every op that needs a kernel', () => {
    // Ops by themselves, and tables of a family's members.
    const tables = Object.values(ops).flatMap((each): object[] => (typeof each === 'object' ? [each] : []));
    const listed = tables.flatMap((each): object[] => ('attrsOf' in each ? [each] : Object.values(each)));
    const known = listed.filter((each): each is Op<object> => 'attrsOf' in each);
    expect(known.length).toBeGreaterThan(25);
    const missing = known.filter((op) => !nodes.some((node) => op.attrsOf(node) !== undefined));
    // A reshape and a pack are places in memory.
    expect(missing.map(({ name }) => name).filter((name) => !['reshape', 'pack'].includes(name))).toEqual([]);
  });
});

/** The largest tolerance of a tensor, as a part of its largest element; 0 where no element is a normal number. */
function looseness(elements: Elements, output: Tensor): number {
  const indices = samplesOf(output.shape).map((position) => indexAt(output.shape, position));
  const sizes = indices.map((index) => Math.abs(elements.of(output).at(...index)));
  const largest = Math.max(0, ...sizes.filter((size) => Number.isFinite(size) && size >= 2 ** -126));
  // A bound that is no number allows nothing but the very value.
  const tolerances = indices.map((index) => elements.tolerance(output, index)).filter(Number.isFinite);
  return largest === 0 ? 0 : Math.max(0, ...tolerances) / largest;
}

it('no law is so loose that it says little: where values are not exact, they are right to a hundredth', () => {
  const loose = listed.flatMap((law) => {
    if (!('kernelCase' in law)) return [];
    const { values, whole, outputs } = graphOf((law as KernelLaw).kernelCase);
    const elements = new Elements((state) => valuesOf(state.shape, values.get(state) ?? []));
    const checked = whole === undefined ? outputs.filter(({ dtype }) => dtype === 'f32') : [];
    return checked.flatMap((output) => {
      const part = looseness(elements, output);
      return part <= 1e-2 ? [] : [`${law.title}: ${output.name} is right to ${part}`];
    });
  });
  expect(loose).toEqual([]);
});

it('laws and all that they import need neither Vitest nor Node, so that a page can run them', () => {
  const seen = new Set<string>();
  const foreign: string[] = [];
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const file = parse(path, readFileSync(join(root, path), 'utf8'));
    for (const { specifier, typeOnly } of file.imports) {
      const target = targetOf(path, specifier);
      if (typeOnly) continue;
      if (target === undefined) foreign.push(specifier);
      else visit(relative(root, join(root, target)));
    }
  };
  visit('test/laws/index.ts');
  expect(seen.size).toBeGreaterThan(80);
  expect(new Set(foreign)).toEqual(new Set(['wgsl-preprocessor/wgsl-preprocessor.js']));
});
