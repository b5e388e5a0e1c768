// Chapter Train: what lies below its curves.

import type { Translated } from '../translated.js';
import { a } from './article.js';

export const underCurves = {
  finder: {
    title: 'Find a learning rate',
    what: 'Too small a rate learns slowly, too large a one not at all. The search trains a hundred steps on weights of its own, each with a somewhat larger rate than the one before; the run at hand stays as it is.',
    find: 'Try 100 rates',
    stop: 'Stop the search',
    finding: 'Searching…',
    chart: 'Loss along rising learning rates',
    rate: 'learning rate',
    loss: 'loss',
    smoothed: 'smoothed',
    tried: (steps: string, first: string, last: string) => `${steps} rates, from ${first} to ${last}.`,
    fastest: (rate: string, least: string, at: string) =>
      `The loss falls fastest at ${rate}, and is least, ${least}, at ${at}; beyond that the steps are too large.`,
    none: 'The loss does not fall at any of them.',
    other: 'These were other settings than those of now.',
    use: (rate: string) => `Use a rate of ${rate}`,
    used: 'That is the rate now.',
    mark: 'falls fastest',
    now: 'now',
  },
  layerMaps: {
    title: 'Every layer, live',
    image: 'Which image',
    images: { test: 'A test image', pad: 'My digit' },
    another: 'Another image',
    shown: 'What is shown',
    showns: { values: 'Activations', gradients: 'Gradients' },
    waiting: 'The layers appear when the net is ready.',
    empty: 'Draw a digit in the chapter Evaluate: it appears here.',
    replayed: 'A recorded run brings no net along to look into.',
    answered: (step: string, answer: number, share: string) =>
      `After ${step} steps the net takes it for ${a(answer)}, ${share} sure.`,
    isA: (label: number) => `It is ${a(label)}.`,
    towards: (label: string) =>
      `Shown is how the loss would change with each number, if the right answer is ${label}: where it is strong, a small change matters most.`,
    input: 'What goes in',
    weights: {
      values: (name: string) => `Weights: ${name}`,
      gradients: (name: string) => `Gradients of the weights: ${name}`,
    },
    range: (least: string, most: string) => `${least} to ${most}`,
    first: (shown: number, all: number) => `the first ${shown} of ${all}`,
    colours:
      'Orange is positive, green negative; the stronger the colour, the larger the number beside the largest of its layer.',
  },
  speedCard: {
    title: 'Speed',
    images: 'Images a second',
    wall: 'Milliseconds a step',
    gpu: 'of them on the GPU',
    encode: 'of them on the CPU',
    memory: 'Memory on the GPU',
    dispatches: 'Dispatches a step',
    submits: 'Submits a step',
    noClock: 'this adapter shows no clock',
    hint: 'A step is a fixed list of dispatches, recorded again and again; many steps go to the GPU in one submit, and nothing is read back for them. The GPU is timed by its own clock, now and then.',
  },
};

export type UnderCurvesWords = Translated<typeof underCurves>;
