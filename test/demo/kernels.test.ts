import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { kernelReport } from '../../demo/kernelReport.js';
import { PEERS } from '../../demo/peers.js';
import type { KernelTimes, ShownDispatch } from '../../demo/protocol/kernels.js';
import { createState, receive } from '../../demo/state.js';
import { loadWords } from '../../demo/text/words.js';
import { roofPoints, timelineOf } from '../../demo/timeline.js';
import { tokensOf } from '../../demo/wgslTokens.js';
import { checkedPlans, stepsOf } from '../../demo/work/kernelDeeds.js';
import type { SelfTestEvent } from '../../src/engine/openTested.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const words = await loadWords('en');

describe('a timeline', () => {
  it('has its pieces end to end, from nothing to the whole step', () => {
    expect(timelineOf([1, 3, 4])).toEqual([
      { position: 0, ms: 1, from: 0, to: 1 / 8 },
      { position: 1, ms: 3, from: 1 / 8, to: 1 / 2 },
      { position: 2, ms: 4, from: 1 / 2, to: 1 },
    ]);
  });
  it('may have the longest first, equal ones as they run', () => {
    expect(timelineOf([1, 3, 1, 4], true).map(({ position }) => position)).toEqual([3, 1, 0, 2]);
  });
});

describe('points under a roof', () => {
  const peaks = { gflops: 100, gbytes: 10 };
  it('reach a part of the lower of the two roofs; what computes nothing has no point', () => {
    const dispatches = [
      { kernel: 'arithmetic', flops: 50e6, bytes: 1e3 },
      { kernel: 'copy', flops: 0, bytes: 1e6 },
      { kernel: 'memory', flops: 1e6, bytes: 1e6 },
    ];
    const points = roofPoints(dispatches, [1, 1, 2], peaks);
    // 50 of 100 GFLOP/s; 0.5 of the 10 that 10 GB/s leave at one FLOP a byte.
    expect(points.map(({ kernel, position, part }) => [kernel, position, part])).toEqual([
      ['memory', 2, 0.05],
      ['arithmetic', 0, 0.5],
    ]);
    expect(points.map(({ share, gbytes, intensity }) => [share, gbytes, intensity])).toEqual([
      [0.5, 0.5, 1],
      [0.25, 0.001, 50_000],
    ]);
  });
});

describe('pieces of WGSL', () => {
  const kinds = (line: string) =>
    tokensOf(line).flatMap(({ text, kind }) => (kind === undefined ? [] : [[text, kind]]));
  it('are the line when they are put together', () => {
    for (const line of [
      '',
      '  let x1 = 3.5e-2f * y; // why',
      '@group(0) @binding(1) var<storage, read> x: array<vec4f>;',
    ])
      expect(
        tokensOf(line)
          .map(({ text }) => text)
          .join(''),
      ).toBe(line);
  });
  it('are words, numbers, attributes and comments; a name that holds one of them is a name', () => {
    expect(kinds('@compute fn letter2(a: f32) { return a * 0x1fu - 3.5e-2f; } // let 5')).toEqual([
      ['@compute', 'attribute'],
      ['fn', 'word'],
      ['f32', 'word'],
      ['return', 'word'],
      ['0x1fu', 'number'],
      ['3.5e-2f', 'number'],
      ['// let 5', 'comment'],
    ]);
  });
});

describe('what self-tests said', () => {
  const check = (passed: boolean) => ({
    passed,
    worst: passed ? 0.5 : 9,
    error: 1,
    bound: 2,
    where: 'y[0]',
    samples: 3,
  });
  const verdict = (kernel: string, passed: boolean) => ({
    key: kernel,
    kernel,
    variant: 'plain',
    covers: kernel,
    check: check(passed),
  });
  const passed = (plan: string): SelfTestEvent => ({
    type: 'passed',
    plan,
    sentence: '',
    report: {
      refused: new Set(),
      wrong: [],
      runs: [verdict('add', true)],
      unchecked: ['key'],
      samples: 3,
      rounds: 1,
      compileMs: 0,
      checkMs: 0,
      formulaMs: 0,
      reads: 3,
    },
  });

  it('is told plan by plan, what is wrong first', () => {
    const refused: SelfTestEvent = { type: 'refused', plan: 'train', verdict: verdict('conv', false), sentence: '' };
    const plans = checkedPlans([refused, passed('train'), passed('predict')]);
    expect(plans.map(({ name, kernels, unchecked }) => [name, kernels.map((one) => one.kernel), unchecked])).toEqual([
      ['train', ['conv', 'add'], 1],
      ['predict', ['add'], 1],
    ]);
    expect(plans[0]?.kernels[0]).toMatchObject({ passed: false, worst: 9, error: 1, bound: 2, samples: 3 });
  });

  it('that was not done is told with its reason', () => {
    const plans = checkedPlans([{ type: 'untested', plan: 'evaluate', sentence: 'too large' }]);
    expect(plans).toEqual([{ name: 'evaluate', kernels: [], unchecked: 0, untested: 'too large' }]);
  });
});

describe('whole steps that the tuner timed', () => {
  it('are told by what they are made of; those of nobody’s name are left out', () => {
    const plans = [
      { name: 'default', dispatches: 9, ms: 2 },
      { name: 'tuned', dispatches: 9, ms: 1 },
      { name: 'tuned without denseTail', dispatches: 0, wrong: 'y[0]' },
      { name: 'nonsense', dispatches: 1, ms: 1 },
    ];
    expect(stepsOf({ plans, chosenPlan: 'tuned' })).toEqual([
      { base: 'default', without: '', dispatches: 9, ms: 2, chosen: false },
      { base: 'tuned', without: '', dispatches: 9, ms: 1, chosen: true },
      { base: 'tuned', without: 'denseTail', dispatches: 0, chosen: false },
    ]);
  });
});

describe('the rates of other libraries', () => {
  const text = readFileSync(join(root, 'docs/measurements.md'), 'utf8');
  it('are those of docs/measurements.md, row by row', () => {
    const table = text.slice(text.indexOf('| tutorial, batch 64, training |'));
    const rows = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2);
    const told = rows.map((row) =>
      row
        .split('|')
        .slice(1, 5)
        .map((cell) => cell.replaceAll('*', '').trim()),
    );
    const nameOf = ({ name, on }: (typeof PEERS.rates)[number]) =>
      on === 'cpu' || name === 'Weft' ? name : `${name} ${on}`;
    expect(PEERS.rates.map((rate) => [nameOf(rate), rate.stepsPerSecond, rate.least, rate.most])).toEqual(
      told.map(([name, ...rates]) => [name, ...rates.map(Number)]),
    );
  });
  it('have the date, the commit, the adapter and the versions of the document', () => {
    const [about = ''] = /SwiftShader, Chromium 156[^]*?threads\./.exec(text) ?? [];
    const versions = PEERS.rates.filter(({ name }) => name !== 'Weft').map(({ name, version }) => `${name} ${version}`);
    for (const said of [PEERS.date, PEERS.commit, PEERS.adapter, PEERS.browser, ...versions])
      expect(about).toContain(said);
  });
});

describe('the report', () => {
  const dispatch: ShownDispatch = {
    kernel: 'add',
    variant: 'plain',
    covers: 'add',
    groups: [1, 1, 1],
    flops: 1,
    bytes: 12,
    code: 'fn add() {}',
  };
  const subject = { plan: 1, net: 'tutorial', batch: 32 };
  const peaks = { gflops: 1, gbytes: 1 };
  const times: KernelTimes = { ...subject, clock: 'gpu', dispatches: [1], step: 1, peaks };
  const told = (state: ReturnType<typeof createState>) =>
    JSON.parse(JSON.stringify(kernelReport(state, new Date(0)))) as Record<string, unknown>;

  it('has what was found out and the date, without the texts of kernels', () => {
    const state = createState(words);
    receive(state, {
      type: 'plans',
      plans: { ...subject, plans: [{ name: 'train', dispatches: [dispatch], scratchBytes: 4 }] },
    });
    receive(state, { type: 'kernelTimes', times });
    const report = told(state);
    const { code, ...rest } = dispatch;
    expect(code).not.toBe('');
    expect(report).toMatchObject({ date: '1970-01-01T00:00:00.000Z', times, peers: PEERS });
    expect(report['plans']).toEqual([{ name: 'train', scratchBytes: 4, dispatches: [rest] }]);
    expect(report).not.toHaveProperty('checks');
  });
  it('has no times of another plan', () => {
    const state = createState(words);
    receive(state, { type: 'kernelTimes', times });
    receive(state, { type: 'plans', plans: { ...subject, plan: 2, plans: [] } });
    expect(told(state)).not.toHaveProperty('times');
  });
});
