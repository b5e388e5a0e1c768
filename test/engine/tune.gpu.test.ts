import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryNotes } from '../../src/engine/notes.js';
import type { Tuned, TunedRun } from '../../src/engine/tune.js';
import { kernels } from '../../src/kernels/index.js';
import { sgd } from '../../src/optim/sgd.js';
import { trainGraph } from '../../src/train/graphs.js';
import { tuneTraining } from '../../src/train/tuneTraining.js';
import type { Device } from '../../src/gpu/device.js';
import { nodeDevice } from '../support/node.js';
import { planted, replaceableRuns, returningAtOnce, type Planting } from '../support/plantKernel.js';
import { openTiny, sameBits, weightsAfter } from '../support/runs.js';
import { tinyNet, tinySplits } from '../support/tinyData.js';

const halving = { blockMs: 1, blocks: [1, 1] };
const data = tinySplits(24);
const settings = { batch: 8, seed: 1, shuffle: true, mean: 0.1307, std: 0.3081 };
const graph = trainGraph(tinyNet(), data.train, settings, sgd());

describe('a tuner that is given a wrong kernel that nothing is faster than', () => {
  const notes = memoryNotes();
  const heard: TunedRun[] = [];
  let device: Device;
  let target: Planting;
  let tuned: Tuned;

  beforeAll(async () => {
    device = await nodeDevice();
    target = replaceableRuns(graph, kernels, device.profile).find(({ kernel }) => kernel.startsWith('conv'))!;
    tuned = await tuneTraining({
      device,
      net: tinyNet(),
      data,
      batch: 8,
      kernels: planted(kernels, target, returningAtOnce),
      plans: [{ name: 'nonsense', kernels: planted(kernels, target, returningAtOnce), table: new Map() }],
      halving,
      notes,
      onRun: (run) => heard.push(run),
    });
  });
  afterAll(() => device.mustBeWell());

  it('reports it and never times or chooses it', () => {
    const run = tuned.runs.find(({ key }) => key === target.key)!;
    const variant = run.variants.find(({ name }) => name === target.variant)!;
    expect(variant.wrong).toMatch(/wanted/);
    expect(variant.ms).toBeUndefined();
    expect(run.chosen).not.toBe(target.variant);
    expect(tuned.table.get(target.key)).not.toBe(target.variant);
    expect([...tuned.refused]).toEqual([`${target.key} ${target.variant}`]);
  });

  it('times every right variant of a run that has several, and chooses one of them for each', () => {
    for (const { variants, chosen } of tuned.runs) {
      const right = variants.filter(({ wrong }) => wrong === undefined);
      // Where no variant is right, other kernels have the nodes.
      if (right.length === 0) expect(chosen).toBeUndefined();
      else expect(right.map(({ name }) => name)).toContain(chosen);
      if (right.length > 1) for (const { ms } of right) expect(ms).toBeGreaterThan(0);
    }
    expect(heard).toEqual(tuned.runs.filter(({ count }) => count > 0));
  });

  it('times whole steps by plans of right kernels, and chooses the fastest', () => {
    const plans = tuned.plans.filter(({ ms }) => ms !== undefined);
    expect(plans.map(({ name }) => name)).toEqual(expect.arrayContaining(['default', 'tuned']));
    const least = Math.min(...plans.map(({ ms = Infinity }) => ms));
    expect(plans.find(({ name }) => name === tuned.chosenPlan)?.ms).toBe(least);
  });

  it('leaves notes by which a trainer takes the chosen variants and passes over the wrong one', async () => {
    using trainer = await openTiny(device, { kernels: planted(kernels, target, returningAtOnce), notes });
    using bad = await openTiny(device, { kernels: planted(kernels, target, returningAtOnce) });
    const used = trainer.plan.dispatches.filter(({ covers }) => covers.startsWith('conv2d →'));
    expect(used.map(({ variant }) => variant)).not.toContain(target.variant);
    expect(sameBits(await weightsAfter(trainer, 3), await weightsAfter(bad, 3))).toBe(false);
  });
});

describe('tuning', () => {
  it('of other plans for the whole step excludes one whose kernels are wrong, with the reason', async () => {
    const device = await nodeDevice();
    const target = replaceableRuns(graph, kernels, device.profile).find(({ kernel }) => kernel.startsWith('conv'))!;
    const tuned = await tuneTraining({
      device,
      net: tinyNet(),
      data,
      batch: 8,
      plans: [{ name: 'nonsense', kernels: planted(kernels, target, returningAtOnce), table: new Map() }],
      halving,
    });
    expect(tuned.refused.size).toBe(0);
    expect(tuned.adapterClass).toBe('software');
    const nonsense = tuned.plans.find(({ name }) => name === 'nonsense');
    expect(nonsense?.ms).toBeUndefined();
    expect(nonsense?.wrong).toMatch(/wanted/);
    expect(['default', 'tuned']).toContain(tuned.chosenPlan);
  });

  it('gives a table that a later trainer trains with, by the notes alone', async () => {
    const device = await nodeDevice();
    const notes = memoryNotes();
    const tuned = await tuneTraining({ device, net: tinyNet(), data, batch: 8, halving, notes });
    using trainer = await openTiny(device, { notes });
    using plain = await openTiny(device, {});
    const variants = trainer.plan.dispatches.map(({ variant }) => variant);
    if (tuned.table.size === 0) expect(variants).toEqual(plain.plan.dispatches.map(({ variant }) => variant));
    for (const run of tuned.runs) {
      const wanted = tuned.table.get(run.key);
      if (wanted !== undefined) expect(variants).toContain(wanted);
    }
    expect(
      [...(await weightsAfter(trainer, 3)).values()].every(({ data: values }) => values.every(Number.isFinite)),
    ).toBe(true);
  });
});
