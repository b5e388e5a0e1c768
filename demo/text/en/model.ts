// Chapter Model.

import type { LayerKind, LayerNumber } from '../../protocol/netText.js';
import type { KernelName, PictureName } from '../../parts/workedExamples.js';
import type { NetName } from '../../protocol.js';
import type { Translated } from '../translated.js';
import { a } from './article.js';

export const model = {
  net: 'Net',
  nets: { tutorial: 'Tutorial', figure: 'Figure', wide: 'Wide', own: 'Your own' } satisfies Record<
    NetName | 'own',
    string
  >,
  netKinds: {
    tutorial: '2 convolutions, 3 dense layers',
    figure: '3 convolutions, 1 dense layer',
    wide: '2 broad convolutions, 2 dense layers',
    own: 'layers as you put them together',
  } satisfies Record<NetName | 'own', string>,
  layers: {
    caption: 'Layers of the net',
    layer: 'layer',
    output: 'output',
    parameters: 'parameters',
    bytes: 'bytes',
    macs: 'multiply-adds',
    input: 'input',
    total: 'total',
    about: 'Bytes count the parameters and the values of one image, four for each number.',
    waiting: 'The layers appear when the GPU is open.',
  },
  editor: {
    open: 'Edit the layers',
    close: 'Done',
    list: 'Layers, from the image to the scores',
    kinds: {
      conv: 'Convolution',
      relu: 'ReLU',
      pool: 'Max-pool',
      dropout: 'Dropout',
      norm: 'Batch norm',
      dense: 'Dense',
    } satisfies Record<LayerKind, string>,
    does: {
      conv: 'slides small filters over the image',
      relu: 'makes what is negative 0',
      pool: 'keeps the largest of each window',
      dropout: 'in training, forgets some values by chance',
      norm: 'gives each channel mean 0 and deviation 1',
      dense: 'every output weighs every input',
    } satisfies Record<LayerKind, string>,
    numbers: {
      filters: 'filters',
      window: 'window',
      stride: 'stride',
      padding: 'padding',
      chance: 'chance',
      units: 'units',
    } satisfies Record<LayerNumber, string>,
    number: (name: string, at: number, number: string) => `Layer ${at}, ${name}: ${number}`,
    last: 'Dense: ten scores, one for each digit',
    up: (name: string, at: number) => `Move layer ${at}, ${name}, up`,
    down: (name: string, at: number) => `Move layer ${at}, ${name}, down`,
    remove: (name: string, at: number) => `Remove layer ${at}, ${name}`,
    addBelow: (at: number) => (at === 0 ? 'Add below the image:' : `Add below layer ${at}:`),
    full: (most: number) => `${most} layers are the most that there is room for here.`,
    parameters: (number: string) => `${number} parameters`,
    bytes: (number: string) => `${number} bytes`,
    macs: (number: string) => `${number} multiply-adds`,
    sum: (parameters: string, bytes: string, macs: string, work: string) =>
      `It fits: ${parameters} parameters, ${bytes} bytes with the values of one image, ${macs} multiply-adds: ${work} × the work of the tutorial’s net.`,
    kept: 'Some layer does not fit. Until it does, the net stays as it was.',
    refused: {
      window: (window: number, rows: number, columns: number, padding: number) =>
        `A window of ${window}×${window} does not fit into an image of ${rows}×${columns} with padding ${padding}. Make it smaller, add padding, or shrink the image less before it.`,
      flat: 'This layer works on images, but a dense layer before it has left a plain list of numbers. Move it up, above the first dense layer.',
      size: (bytes: string, most: string) =>
        `It needs ${bytes} in one piece, and this GPU takes ${most} at most. Use fewer filters or units, or a smaller batch.`,
      other: 'The engine refuses this layer.',
    },
  },
  worked: {
    title: 'A convolution, worked out',
    about:
      'The kernel is laid over a window of the picture. Each pixel is multiplied by the weight above it, and the nine products are added up: one number of the result. Then the window moves on.',
    waiting: 'The numbers appear when the GPU is open.',
    picture: 'Picture',
    pictures: {
      seven: 'A small seven',
      one: 'A small one',
      ramp: 'From light to dark',
      mixed: 'Mixed numbers',
      textbook: 'As in many tutorials',
    } satisfies Record<PictureName, string>,
    kernel: 'Kernel',
    kernels: {
      vertical: 'Upright edges',
      horizontal: 'Level edges',
      sharpen: 'Sharpen',
      add: 'Add all up',
      same: 'Leave as it is',
      cross: 'As in many tutorials',
    } satisfies Record<KernelName, string>,
    own: 'Your own',
    stride: 'Stride',
    padding: 'Padding',
    image: 'Picture: press a cell for more ink',
    output: 'Result',
    pixel: (row: number, column: number, value: string) => `Pixel in row ${row}, column ${column}: ${value}`,
    weight: (row: number, column: number) => `Weight in row ${row}, column ${column}`,
    result: (row: number, column: number, value: string) => `Result in row ${row}, column ${column}: ${value}`,
    size: (side: number, padding: number, window: number, stride: number, result: string) =>
      `Windows along a side: (${side} + 2 × ${padding} − ${window}) / ${stride}, rounded down, + 1. So the result is ${result}.`,
    back: 'Back',
    play: 'Play',
    stop: 'Stop',
    next: 'Next',
    products: 'Products of this window',
    at: (row: number, column: number) => `Row ${row}, column ${column} of the result:`,
    computed:
      'All of these numbers come from your GPU: one convolution of the engine with ten filters, the kernel and each of its nine weights alone.',
  },
  inside: {
    title: 'Press an activation',
    about:
      'What the net of now makes of an image, convolution by convolution: orange is above zero, green below. Point at any value, and see the window that it saw, the kernels that it was weighed with, and the number that came out. While the net learns, you can watch the kernels change.',
    waiting: 'The images appear when a net is ready.',
    empty: 'The pad is empty: draw a digit in chapter 4.',
    none: 'This net has no convolution.',
    image: 'Image',
    images: { test: 'A test image', pad: 'The pad' },
    another: 'Another',
    layer: 'Convolution',
    input: (size: string) => `Goes in, ${size}`,
    inputOf: (channels: number, label: string) => `What goes in, ${channels} channels, of ${label}`,
    digit: (label: number) => `an image of ${a(label)}`,
    unknown: 'the image on the pad',
    output: (size: string) => `Comes out, ${size}`,
    filter: (filter: number) => `Filter ${filter}`,
    one: (filter: number) => `Filter ${filter}, enlarged`,
    oneOf: (filter: number) => `Activations of filter ${filter}`,
    help: 'Point at a value, or move with the arrow keys.',
    at: (filter: number, row: number, column: number) => `Filter ${filter}, row ${row}, column ${column}:`,
    sum: 'all products',
    bias: 'bias',
    value: 'The activation on the GPU:',
    after: (step: number) => `after ${step} steps`,
    large: 'The windows are too large to show each of their numbers.',
    channels: 'Window and kernel of each channel',
    channel: (channel: number) => `Channel ${channel}: products add up to`,
    window: 'window',
    kernel: 'kernel',
  },
};

export type ModelWords = Translated<typeof model>;
