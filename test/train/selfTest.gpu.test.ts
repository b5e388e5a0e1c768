import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/core/profile.js';
import { adapterKey, memoryNotes } from '../../src/engine/notes.js';
import type { SelfTestEvent } from '../../src/engine/openTested.js';
import { Device } from '../../src/gpu/device.js';
import { kernels } from '../../src/kernels/index.js';
import type { Kernel } from '../../src/kernels/kernel.js';
import { openDawn } from '../../src/node/dawn.js';
import { sgd } from '../../src/optim/sgd.js';
import { trainGraph } from '../../src/train/graphs.js';
import type { TrainerOptions } from '../../src/train/options.js';
import { openOwn, reasonOf, type OwnDevice } from '../support/ownDevice.js';
import { planted, replaceableRuns, returningAtOnce, type Planting } from '../support/plantKernel.js';
import { openTiny, sameBits, weightsAfter } from '../support/runs.js';
import { tinyNet, tinySplits } from '../support/tinyData.js';

let own: OwnDevice;
beforeEach(async () => (own = await openOwn(await openDawn())));
afterEach(() => own[Symbol.asyncDispose]());

/** The adapter as one of another dialect: what plans and self-tests make of it. */
const as = (dialect: Dialect): Device => new Device(own.inside, { ...own.device.profile, dialect });

const graph = trainGraph(
  tinyNet(),
  tinySplits(24).train,
  { batch: 8, seed: 1, shuffle: true, mean: 0.1307, std: 0.3081 },
  sgd(),
);

/** A convolution, so that everything behind it reads what it wrote. */
const targetOn = (device: Device): Planting =>
  replaceableRuns(graph, kernels, device.profile).find(({ kernel }) => kernel.startsWith('conv'))!;

/** The kernels without one variant. */
const without = ({ kernel, variant }: Planting): readonly Kernel[] =>
  kernels.map((one) => {
    if (one.name !== kernel) return one;
    const match: Kernel['match'] = (node, uses) => {
      const found = one.match(node, uses);
      return found && { ...found, variants: found.variants.filter(({ name }) => name !== variant) };
    };
    return { ...one, match };
  });

/** Opens the tiny trainer and hears its self-test. */
async function open(device: Device, options: Partial<TrainerOptions>) {
  const events: SelfTestEvent[] = [];
  const trainer = await openTiny(device, { onSelfTest: (event) => events.push(event), ...options });
  return { trainer, events, types: events.map(({ type }) => type) };
}

describe('a trainer whose kernel is wrong on this adapter', () => {
  it.each(['cpu', 'gpu'] as const)('says so, goes on with another, and has its bits (%s)', async (dialect) => {
    const device = as(dialect);
    const target = targetOn(device);
    const wrong = planted(kernels, target, returningAtOnce);
    const { trainer, events, types } = await open(device, { kernels: wrong, selfTest: 'always' });
    using mended = trainer;
    expect(types).toEqual(['refused', 'passed']);
    expect(events[0]).toMatchObject({ plan: 'train', verdict: { kernel: target.kernel, variant: target.variant } });
    expect(events[0]!.sentence).toMatch(new RegExp(`${target.kernel}/${target.variant} is wrong on this adapter`));
    // Of each run the largest error and its bound; of all of them, only that of the wrong one is over it.
    const [refused, passed] = events;
    const { check } = (refused as Extract<SelfTestEvent, { type: 'refused' }>).verdict;
    expect(check.error).toBeGreaterThan(check.bound);
    for (const { check: right } of (passed as Extract<SelfTestEvent, { type: 'passed' }>).report.runs) {
      expect(right.error).toBeLessThanOrEqual(right.bound);
    }
    using other = await openTiny(device, { kernels: without(target) });
    using bad = await openTiny(device, { kernels: wrong, selfTest: 'off' });
    const weights = await weightsAfter(mended, 6);
    expect(sameBits(weights, await weightsAfter(other, 6))).toBe(true);
    expect(sameBits(weights, await weightsAfter(bad, 6))).toBe(false);
  });

  it('rejects as limit once no variant is left, and leaves nothing allocated', async () => {
    const target = targetOn(own.device);
    // No other kernel may have its nodes either.
    const alone = kernels.filter(
      ({ name }) => name === target.kernel || !['convPool', 'convBiasRelu', 'conv2d'].includes(name),
    );
    const only = alone.map((one): Kernel => {
      if (one.name !== target.kernel) return one;
      const match: Kernel['match'] = (node, uses) => {
        const found = one.match(node, uses);
        return found && { ...found, variants: found.variants.filter(({ name }) => name === target.variant) };
      };
      return { ...one, match };
    });
    const wrong = planted(only, target, returningAtOnce);
    const error = await reasonOf(open(own.device, { kernels: wrong, selfTest: 'always' }));
    expect(error).toMatchObject({ code: 'limit', place: `kernel ${target.kernel}` });
    expect(String(error)).toContain('self-test did not refuse');
    expect(own.device.counts.bytes).toBe(0);
  });
});

describe('when a self-test is due', () => {
  it('auto: never on a software adapter, always on a GPU; off: never', async () => {
    const heard = async (dialect: Dialect, options: Partial<TrainerOptions>) => {
      const { trainer, types } = await open(as(dialect), options);
      trainer[Symbol.dispose]();
      return types;
    };
    expect(await heard('cpu', {})).toEqual([]);
    expect(await heard('gpu', {})).toEqual(['passed']);
    expect(await heard('gpu', { selfTest: 'off' })).toEqual([]);
    expect(await heard('cpu', { selfTest: 'always' })).toEqual(['passed']);
  });

  it('a plan that passed is not tested again on the same adapter, and what was refused stays refused', async () => {
    const device = as('gpu');
    const notes = memoryNotes('driver 1');
    const target = targetOn(device);
    const options = { kernels: planted(kernels, target, returningAtOnce), notes };
    const first = await open(device, options);
    expect(first.types).toEqual(['refused', 'passed']);
    const before = { ...device.counts };
    const second = await open(device, options);
    using later = second.trainer;
    expect(second.types).toEqual([]);
    expect(device.counts.mappedReads).toBe(before.mappedReads);
    expect(later.plan.dispatches.map(({ variant }) => variant)).toEqual(
      first.trainer.plan.dispatches.map(({ variant }) => variant),
    );
    first.trainer[Symbol.dispose]();
    // Another driver may have another fault.
    const third = await open(device, { ...options, notes: { ...notes, driver: 'driver 2' } });
    third.trainer[Symbol.dispose]();
    expect(third.types).toEqual(['refused', 'passed']);
  });

  it('another plan is tested, and so is each that is compiled later', async () => {
    const device = as('gpu');
    const notes = memoryNotes();
    const { trainer } = await open(device, { notes });
    trainer[Symbol.dispose]();
    const { trainer: larger, events } = await open(device, { notes, batch: 7 });
    using other = larger;
    await other.evaluate();
    await other.predict(new Uint8Array(64));
    expect(events.map(({ type, plan }) => `${plan} ${type}`)).toEqual([
      'train passed',
      'evaluate passed',
      'predict passed',
    ]);
  });

  it('damaged notes are not used, and it is said', async () => {
    const device = as('gpu');
    const notes = memoryNotes();
    notes.texts.set(adapterKey(device.profile, ''), '{"tested":');
    const { trainer, types } = await open(device, { notes });
    trainer[Symbol.dispose]();
    expect(types).toEqual(['notes', 'passed']);
    const { trainer: next, types: later } = await open(device, { notes });
    next[Symbol.dispose]();
    expect(later).toEqual([]);
  });
});

describe('a self-test', () => {
  it('compiles no text of the plan twice, takes three mapped reads, and leaves nothing allocated', async () => {
    const events: SelfTestEvent[] = [];
    const device = as('cpu');
    const { trainer } = await open(device, { selfTest: 'always', onSelfTest: (event) => events.push(event) });
    const texts = new Set(trainer.plan.dispatches.map(({ code }) => code)).size;
    // Copies of kept gradients come on top, one text for each size, and kernels that share a dispatch in the plan.
    const gradients = trainer.net.parameters.length;
    const shared = trainer.plan.dispatches.flatMap(({ covers }) => covers.split(' | ').slice(1)).length;
    expect(device.counts.pipelines).toBeLessThanOrEqual(texts + gradients + 2 * shared);
    expect(device.counts.mappedReads).toBe(3);
    expect(events).toMatchObject([{ type: 'passed', report: { reads: 3, rounds: 1, unchecked: [] } }]);
    trainer[Symbol.dispose]();
    expect(device.counts.bytes).toBe(0);
  });

  it('changes no bit of the training that follows', async () => {
    const { trainer } = await open(own.device, { selfTest: 'always' });
    using tested = trainer;
    using untested = await openTiny(own.device, { selfTest: 'off' });
    expect(sameBits(await weightsAfter(tested, 5), await weightsAfter(untested, 5))).toBe(true);
  });
});
