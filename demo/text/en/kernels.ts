// Chapter Kernels.

import type { KernelJob, PlanName } from '../../protocol/kernels.js';
import type { Translated } from '../translated.js';

const PLANS = {
  train: 'Training step',
  evaluate: 'Evaluation',
  predict: 'Prediction',
} satisfies Record<PlanName, string>;

export const kernels = {
  kernels: {
    titles: {
      plan: 'The plan of this run',
      times: 'One step on this GPU',
      check: 'Every kernel against its formula',
      tune: 'The fastest kernels for this GPU',
      rates: 'How fast that is',
      report: 'All of it as a text',
    },
    plans: PLANS,
    /** Why nothing can be measured yet. */
    none: 'Once a run is ready.',
    busy: 'Another measurement goes on.',
    pauses: 'The run pauses for it, and goes on afterwards.',
    stop: 'Stop',
    stages: {
      waiting: 'Waits until the run has paused…',
      compiling: 'Compiling…',
      timing: 'Timing…',
      checking: 'Comparing with the formulas…',
      tuning: 'Checking and timing every variant…',
      comparing: 'Timing whole steps…',
    } satisfies Record<KernelJob['stage'], string>,
    stageOf: (plan: string, stage: string) => `${plan}: ${stage}`,
    copy: 'Copy',
    copied: 'Copied.',
    refused: 'The browser does not let a page copy here. The text is selected: copy it yourself.',
    text: 'Text to copy',
    kernel: 'kernel',
  },
  kernelPlan: {
    waiting: 'The list comes when a run is ready.',
    which: 'Plan',
    summary: (dispatches: string, work: string, bytes: string, scratch: string) =>
      `${dispatches} dispatches a step: ${work} on ${bytes}. What one kernel leaves to the next takes ${scratch}.`,
    hint: 'Press a kernel to read its text.',
    caption: 'Dispatches in order: kernel, workgroups, work and memory',
    groups: 'workgroups',
    work: 'work',
    bytes: 'memory',
    open: (place: number, kernel: string) => `${place}, ${kernel}: show its text`,
    lines: (lines: string, groups: string) =>
      `${lines} lines of WGSL, with every size of this run written in; ${groups} workgroups run it.`,
    close: 'Close the text',
    copy: 'Copy WGSL',
  },
  kernelTimes: {
    about:
      'Each dispatch is repeated until it fills some milliseconds, then all of them again, and the least counts. It then finds its data in the cache, so together they may take less than a step. It takes a few seconds.',
    begin: 'Measure a step',
    order: 'Order',
    inOrder: 'as they run',
    longest: 'longest first',
    summary: (sum: string, step: string) =>
      `Laid end to end they take ${sum} ms; the step as a whole takes ${step} ms.`,
    clocks: { gpu: 'By timestamps of the GPU.', wall: 'By the clock of the Worker: this adapter has no timestamps.' },
    caption: 'Time of each dispatch, its share of the step, and the shares up to it',
    ms: 'ms',
    share: 'share',
    upTo: 'up to here',
    bar: 'when',
    other: 'The plan has changed since this was measured.',
    roofline: 'Roofline',
    rooflineAbout:
      'To the right is more work for each byte, upwards more work a second. Under the slope a kernel waits for memory, under the level for arithmetic. The larger a dot, the more of the step it takes. The slope is that of a large copy: what stays in a cache may lie above it.',
    across: 'FLOP for each byte',
    up: 'GFLOP/s',
    roof: (gflops: string, gbytes: string) => `${gflops} GFLOP/s · ${gbytes} GB/s`,
    most: (gflops: string, gbytes: string) => `Multiply-adds reach ${gflops} GFLOP/s here, a copy ${gbytes} GB/s.`,
    dearest: (kernel: string, share: string, part: string) =>
      `${kernel} takes ${share} of the step and reaches ${part} of its roof.`,
    rates: { intensity: 'FLOP/B', work: 'GFLOP/s', memory: 'GB/s', part: 'of its roof' },
  },
  kernelCheck: {
    about:
      'Drivers have bugs. One step is computed with all results kept, and some 256 numbers of each, all corners among them, are compared with the formula in double precision. What is allowed follows from the number of roundings. A kernel may be several dispatches of the plan, each with a name of its own.',
    takes: { gpu: 'It takes some seconds.', software: 'It takes ten seconds to a minute without a GPU.' },
    begin: 'Check every kernel',
    caption: 'Largest error of each kernel beside what rounding allows',
    compared: 'compared',
    error: 'error',
    bound: 'allowed',
    part: 'of it',
    verdict: 'verdict',
    right: 'right',
    wrong: 'wrong',
    allRight: (kernels: string, samples: string, seconds: string) =>
      `All ${kernels} kernels are right on this adapter: ${samples} numbers compared in ${seconds} s.`,
    someWrong: (wrong: string, kernels: string) =>
      `${wrong} of ${kernels} kernels are wrong on this adapter. Other kernels take their place from the next run on.`,
    unchecked: (count: string) => `${count} could not be looked at, because a test computes them in another way.`,
  },
  kernelTune: {
    about:
      'Most kernels have variants: other tiles, other loops. Each that fits is checked, those that are right are timed in turns, and then whole steps, because the winners alone need not make the fastest step.',
    takes: { gpu: 'It takes half a minute or so.', software: 'Without a GPU it takes a minute or several.' },
    kept: 'What wins is kept in this browser for this adapter, and the next run uses it.',
    begin: 'Tune',
    used: 'Kept. The run at hand goes on with its own kernels, because others round otherwise. The next run uses these.',
    ready: 'Kept, and in use: the run that is ready was made with them.',
    result: (seconds: string, gain: string) =>
      `Done in ${seconds} s: a step takes ${gain} of its time by the defaults.`,
    same: (seconds: string) => `Done in ${seconds} s: the defaults are the fastest here.`,
    caption: 'Kernels that have variants: the default and the winner',
    tried: 'variants',
    standard: 'default',
    fastest: 'fastest',
    gain: 'time',
    wrong: (variants: string) => `wrong here: ${variants}`,
    steps: 'Whole steps',
    plan: 'plan',
    dispatches: 'dispatches',
    ms: 'ms a step',
    bases: { default: 'defaults', tuned: 'winners' },
    without: (base: string, kernels: string) => `${base}, without ${kernels}`,
    chosen: 'chosen',
    single: (count: string) => `${count} more kernels have one variant only.`,
  },
  kernelRates: {
    now: 'Your run',
    live: (steps: string, images: string) => `${steps} steps/s, ${images} images/s`,
    none: 'Train, and the rate of your run stands here.',
    caption: 'Training steps a second, the fastest first',
    who: 'library',
    bar: 'beside the fastest',
    steps: 'steps/s',
    range: 'least to most',
    measured: (date: string, adapter: string, browser: string, commit: string) =>
      `The others: the tutorial’s net, batch 64, on ${adapter} (two cores of an AMD EPYC, no GPU), ${browser}, measured on ${date} at commit ${commit}; all with equal weights, and losses that agree.`,
    fair: (net: string, batch: string, adapter: string) =>
      `Yours: ${net}, batch ${batch}, on ${adapter}. Only the same net and batch on the same machine can be compared.`,
    cpu: 'processor, two threads',
    bench: 'Measure this browser in full',
  },
  kernelReport: {
    about: 'Plans, times, errors, winners and rates, with the adapter and the date. Texts of kernels are left out.',
    copy: 'Copy everything as JSON',
  },
};

export type KernelsWords = Translated<typeof kernels>;
