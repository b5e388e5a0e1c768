import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf } from '../../src/compile/choose.js';
import { addNotes, memoryNotes } from '../../src/engine/notes.js';
import { otherPlanOf } from '../../src/engine/otherPlan.js';
import { runsOf } from '../../src/engine/runs.js';
import type { Tuned, TunedRun } from '../../src/engine/tune.js';
import type { Session } from '../../src/engine/session.js';
import type { TimeSession } from '../../src/engine/tunePlans.js';
import { fittingVariants } from '../../src/engine/variants.js';
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
    expect(tuned.chosenPlan).not.toBe('nonsense');
  });

  it('gives a table that a later trainer trains with, by the notes alone', async () => {
    const device = await nodeDevice();
    const notes = memoryNotes();
    const tuned = await tuneTraining({ device, net: tinyNet(), data, batch: 8, halving, notes });
    using trainer = await openTiny(device, { notes });
    using plain = await openTiny(device, {});
    const variants = trainer.plan.dispatches.map(({ variant }) => variant);
    if (tuned.table.size + tuned.without.length === 0)
      expect(variants).toEqual(plain.plan.dispatches.map(({ variant }) => variant));
    for (const run of tuned.runs) {
      const wanted = tuned.table.get(run.key);
      if (wanted !== undefined && !tuned.without.includes(run.kernel)) expect(variants).toContain(wanted);
    }
    expect(
      [...(await weightsAfter(trainer, 3)).values()].every(({ data: values }) => values.every(Number.isFinite)),
    ).toBe(true);
  });
});

describe('tuning that is broken off', () => {
  it('throws the reason, keeps nothing, and leaves no memory behind', async () => {
    const device = await nodeDevice();
    const notes = memoryNotes();
    const before = device.counts.bytes;
    const stop = new AbortController();
    const heard: number[] = [];
    const onRun = (_: TunedRun, done: number): void => {
      heard.push(done);
      stop.abort(new Error('enough'));
    };
    const { signal } = stop;
    const tuned = tuneTraining({ device, net: tinyNet(), data, batch: 8, halving, notes, onRun, signal });
    await expect(tuned).rejects.toThrow('enough');
    expect(heard).toEqual([1]);
    expect(notes.texts.size).toBe(0);
    expect(device.counts.bytes).toBe(before);
  });
});

describe('a plan with the end of a net in one kernel, and one with a kernel a layer and direction', () => {
  const endsInOne = ({ plan }: Pick<Session, 'plan'>): boolean =>
    plan.dispatches.some(({ entry }) => entry === 'denseTail');
  /** As if the clock had said so. */
  const timeWith = (ofOne: number, ofMany: number): TimeSession => {
    return (_, session, times) => Promise.resolve(times * (endsInOne(session) ? ofOne : ofMany));
  };
  const tuneWith = async (device: Device, time: TimeSession, notes = memoryNotes()) =>
    await tuneTraining({ device, net: tinyNet(), data, batch: 8, halving, notes, time });

  it('are both right, both timed, and a later trainer has the faster one by the notes', async () => {
    const device = await nodeDevice();
    const notes = memoryNotes();
    const many = await tuneWith(device, timeWith(9, 1), notes);
    expect(many.plans.map(({ name, wrong }) => [name, wrong])).toEqual(
      ['default', 'tuned', 'default without denseTail', 'tuned without denseTail'].map((name) => [name, undefined]),
    );
    expect(many).toMatchObject({ chosenPlan: 'default without denseTail', without: ['denseTail'] });
    using split = await openTiny(device, { notes });
    expect(endsInOne(split)).toBe(false);
    // Another batch is another step, which nobody has measured.
    using other = await openTiny(device, { notes, batch: 4 });
    expect(endsInOne(other)).toBe(true);
    // What is measured later is what counts.
    const one = await tuneWith(device, timeWith(1, 9), notes);
    expect(one).toMatchObject({ chosenPlan: 'default', without: [] });
    using fused = await openTiny(device, { notes });
    expect(endsInOne(fused)).toBe(true);
  });

  it('what nothing right replaces is not left out, whatever notes say', async () => {
    const device = await nodeDevice();
    const { profile } = device;
    const notes = memoryNotes();
    await tuneWith(device, timeWith(9, 1), notes);
    const refused = new Set<string>();
    const own = runsOf(graph, { kernels, profile }).runs.map(keyOf);
    for (let other = otherPlanOf(graph, { kernels, profile }); other !== undefined;) {
      for (const run of runsOf(graph, { kernels: other.kernels, profile, refused }).runs) {
        if (own.includes(keyOf(run))) continue;
        for (const { name } of fittingVariants(run, profile)) refused.add(`${keyOf(run)} ${name}`);
      }
      other = otherPlanOf(graph, { kernels, profile, refused });
    }
    await addNotes(notes, profile, { wrong: [...refused] });
    using trainer = await openTiny(device, { notes });
    expect(endsInOne(trainer)).toBe(true);
  });

  it('notes that leave out any other kernel are passed over', async () => {
    const device = await nodeDevice();
    const notes = memoryNotes();
    await tuneWith(device, timeWith(9, 1), notes);
    for (const without of [['conv2d'], ['denseTail', 'sgd'], ['denseTail', 'denseTail'], []]) {
      for (const [key, text] of notes.texts) {
        notes.texts.set(key, text.replace(/"without":\[[^\]]*\]/, `"without":${JSON.stringify(without)}`));
      }
      using trainer = await openTiny(device, { notes });
      expect(endsInOne(trainer)).toBe(true);
    }
  });
});
