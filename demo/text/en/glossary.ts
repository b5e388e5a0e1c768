// Terms of the chapters' sentences, each in one sentence.

import type { Term } from '../../names.js';
import type { Translated } from '../translated.js';

export const glossary = {
  glossary: {
    testSet: 'Images that no step learns from. How many of them the net gets right says how well it does on new ones.',
    normalise: 'To shift and scale numbers so that their mean is 0 and their standard deviation 1.',
    convolution:
      'A small window of weights slides over the image. At each place its numbers are multiplied by the pixels under it and added up.',
    pooling: 'Of every small square only one number is kept, here the largest. The image becomes smaller.',
    dense: 'A layer in which every output is a weighted sum of all inputs.',
    parameters: 'The numbers of a net that training changes: weights and biases.',
    batch: 'The images of one step. Their gradients are averaged.',
    loss: 'A number that is small where the net gives the right answers a high probability: here the cross-entropy.',
    rate: 'By how much of its gradient a parameter is changed in a step.',
    epoch: 'One pass over all images of the training set, in a new order each time.',
    overfitting: 'A net that fits its training images better and better, and new images worse and worse.',
    confusion: 'A table that counts, for each right answer, what the net answered.',
    pretrained: 'Weights that have learned something already, so that training need not begin with random ones.',
    frozen: 'Parameters that a training leaves as they are.',
    kernel: 'A program for the GPU, written in WGSL. Thousands of its threads run side by side.',
  } satisfies Record<Term, string>,
};

export type GlossaryWords = Translated<typeof glossary>;
