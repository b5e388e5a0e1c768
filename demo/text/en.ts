// Every word of the page in English, in the order of the page. `code` between backticks is shown as code.

import type { Away, Block, ChapterName } from '../names.js';
import type { DataKind, NetName, OptimizerName, Phase } from '../protocol.js';

export const en = {
  title: 'Weft: train a neural net on your GPU',
  tagline: 'trains a neural net on your own GPU, in this page',
  languages: 'Language',
  chapterList: 'Chapters',
  keys: 'Keys: 1 to 5 go to a chapter, Space trains and pauses, D draws, C clears the pad, L changes the language.',
  chapters: {
    data: 'Data',
    model: 'Model',
    train: 'Train',
    evaluate: 'Evaluate',
    finetune: 'Fine-tune',
  } satisfies Record<ChapterName, string>,
  stories: {
    data: [
      'A net learns from examples: small grey images of handwritten digits, 28 by 28 pixels, each with the digit that it shows.',
      'The images are split in two. The net learns from the training set alone; the test set is kept back, and shows how well it does on images that it has never seen.',
      'Before they reach the net, pixels are shifted and scaled so that their mean is near 0 and their spread near 1. Learning is faster then.',
    ],
    model: [
      'The net is a chain of layers. A convolution slides small filters over the image and marks where each pattern occurs; pooling keeps the strongest mark of every small square, so that the image shrinks.',
      'Dense layers at the end weigh all marks together and give ten scores, one for each digit.',
      'Parameters are the numbers that training finds. Multiply-adds are the work of one image on its way through.',
    ],
    train: [
      'Each step takes a batch of images, compares the answers of the net with the right ones, and moves every parameter a little in the direction that lowers the loss. The learning rate says how far.',
      'One pass over the training set is an epoch. The loss should fall and the accuracy rise; where the curve of the test set turns away from that of training, the net has begun to learn by heart.',
      'All of it happens on your GPU, in a Worker: this page only draws.',
    ],
    evaluate: [
      'The confusion matrix shows which digits the net takes for which. Right answers lie on the diagonal; everything beside it is a mistake.',
      'Draw a digit of your own. It is framed as the training images are, and the net answers at once, also while it still learns.',
    ],
    finetune: [
      'A net that has learned one set of images knows much that helps with another. Fine-tuning starts from its weights in place of random ones, and needs fewer images and fewer steps.',
      'The convolutions have learned strokes and curves that every handwriting shares. Frozen, they stay as they are, and nothing is computed backward for them: only the dense layers learn.',
      'Try it: train on generated digits, keep the weights, choose MNIST or your own files, and train again with a small learning rate.',
    ],
  } satisfies Record<ChapterName, readonly string[]>,

  run: 'Run',
  progress: 'Progress of the run',
  primary: {
    start: 'Train',
    goOn: 'Continue',
    pause: 'Pause',
    anew: 'Start anew',
    again: 'Train again',
    reopen: 'Reopen GPU',
  },
  reset: 'Reset',
  against: {
    booting: 'The GPU is not open yet',
    blocked: 'There is no WebGPU to train on',
    mnist: 'MNIST is not here yet: load it first',
    files: 'Choose the four IDX files first',
  },
  phases: {
    booting: 'Looking for a GPU…',
    blocked: 'No training here.',
    preparing: 'Compiling the shaders ahead of the run…',
    ready: 'Ready.',
    loading: 'Preparing the images…',
    compiling: 'Compiling the shaders…',
    training: 'Training.',
    paused: 'Paused.',
    done: 'Done.',
    diverged: 'Diverged: try a smaller learning rate.',
    lost: 'The GPU stopped answering.',
  } satisfies Record<Phase, string>,
  prepared: 'Ready: everything is compiled, and nothing leaves this computer.',
  result: (share: string) => `${share} of the test images are right.`,
  epochOf: (epoch: number, epochs: number) => `epoch ${epoch}/${epochs}`,
  stepAt: (step: string) => `step ${step}`,
  speed: (images: string) => `${images} images/s`,
  left: (time: string) => `${time} left`,
  stopped: {
    trained: 'Paused.',
    paused: 'Paused while this tab is out of sight.',
    frozen: 'Stopped by the browser with the tab; it goes on where it was.',
  } satisfies Record<Away['run'], string>,
  returned: {
    trained: 'It was out of sight: training went on.',
    paused: 'It was out of sight: training paused, and went on.',
    frozen: 'The browser had stopped this tab: training went on where it was.',
  } satisfies Record<Away['run'], string>,
  tabs: {
    training: 'Training',
    paused: 'Paused',
    hidden: 'Paused while hidden',
    done: 'Done',
    epoch: (epoch: number, share: string) => `, epoch ${epoch}: ${share}`,
  },

  chip: {
    looking: 'Looking for a GPU…',
    none: 'No GPU',
    computes: 'Computes on:',
    software: 'Software',
    gpu: 'GPU',
    unnamed: 'unnamed',
    vendor: 'vendor',
    architecture: 'architecture',
    device: 'device',
  },

  source: 'Source of the images',
  sources: { digits: 'Generated', mnist: 'MNIST', files: 'Own files' } satisfies Record<DataKind, string>,
  howMany: 'How many images to generate',
  images: (images: string) => `${images} images`,
  generated: 'Handwriting drawn from the seed, in this page. Nothing is downloaded.',
  slow: 'No graphics card here: software computes, perhaps a hundred times slower. So the run starts small.',
  download: 'MNIST download',
  arrived: (bytes: string, total: string) => `${bytes} of ${total}`,
  cancel: 'Cancel',
  fetchKept: 'Load from this browser’s cache',
  fetch: 'Download, 11.6 MB',
  sizes: (train: string, test: string) => `${train} + ${test} images`,
  checked: 'SHA-256 checked',
  credit: 'Handwritten digits by Y. LeCun, C. Cortes and C. J. C. Burges, licence',
  licence: 'CC BY-SA 3.0',
  mirrors: 'From cdn.jsdelivr.net, or else raw.githubusercontent.com.',
  choose: 'Choose or drop four IDX files',
  fileNames:
    '`train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and the same with `t10k`; `.gz` is fine. They stay on this computer.',
  preview: 'Some training images',
  previewOf: (labels: string) => `Training images of the digits ${labels}`,

  net: 'Net',
  nets: { tutorial: 'Tutorial', figure: 'Figure', wide: 'Wide' } satisfies Record<NetName, string>,
  netKinds: {
    tutorial: '2 convolutions, 3 dense layers',
    figure: '3 convolutions, 1 dense layer',
    wide: '2 broad convolutions, 2 dense layers',
  } satisfies Record<NetName, string>,
  layers: {
    caption: 'Layers of the net',
    layer: 'layer',
    output: 'output',
    parameters: 'parameters',
    bytes: 'bytes',
    macs: 'multiply-adds',
    input: 'input',
    total: 'total',
    waiting: 'The layers appear when the GPU is open.',
  },

  settings: 'Settings',
  optimizer: 'Optimizer',
  optimizers: { adam: 'Adam', sgd: 'SGD, momentum 0.9' } satisfies Record<OptimizerName, string>,
  numbers: { rate: 'Learning rate', batch: 'Batch size', epochs: 'Epochs', seed: 'Seed' },
  pauseHidden: 'Pause while this tab is out of sight',
  outdated: 'Changed: the next start is a new run.',

  loss: 'Loss',
  accuracy: 'Accuracy',
  train: 'train',
  test: 'test',
  noStep: 'No step yet.',
  trained: (first: string, firstStep: string, last: string, lastStep: string) =>
    `Training: ${first} at step ${firstStep}, ${last} at step ${lastStep}.`,
  tested: (value: string, epoch: number) => `Test: ${value} after epoch ${epoch}.`,

  epochs: 'Epochs',
  epochTable: {
    caption: 'Loss and accuracy after each epoch',
    epoch: 'epoch',
    training: 'Training',
    test: 'Test',
    loss: 'loss',
    right: 'right',
    rate: 'images/s',
    seconds: 'seconds',
    best: ', the best so far',
    none: 'A row appears after each pass over the training images.',
  },

  matrix: {
    title: 'Confusion matrix',
    hint: 'Rows: what a test image is. Columns: what the net takes it for.',
    caption: 'Test images by right answer (rows) and the net’s answer (columns)',
    taken: 'taken for',
    is: 'is',
    none: 'Filled in after the first epoch.',
    right: (right: string, total: string, share: string) => `${right} of ${total} test images right (${share}).`,
    noMistake: 'No mistake.',
    worst: (digit: number, taken: number, times: string) =>
      `Most frequent mistake: ${digit} taken for ${taken}, ${times} times.`,
  },

  pad: {
    title: 'Your digit',
    label: 'Drawing pad',
    hint: 'Draw a digit',
    help: 'Draw with mouse, finger or pen. By keyboard: arrow keys move the pen, space lowers and lifts it, Delete clears.',
    clear: 'Clear',
    sample: 'Test image',
    seen: 'What the net sees, 28 by 28',
    shares: 'Probability of each digit',
    truth: (digit: number) => `It is a ${digit}.`,
    answer: (digit: number, share: string) => `The net takes it for a ${digit}, ${share}.`,
  },

  tuning: {
    title: 'Kept weights',
    keep: 'Keep these weights',
    nothing: 'Nothing to keep yet: train first',
    none: 'No weights are kept.',
    kept: (net: string, steps: string, share: string) =>
      `Kept: ${net} after ${steps} steps, ${share} right in testing.`,
    begin: 'Begin from the kept weights',
    freeze: 'Freeze the convolutions',
    other: 'Kept weights of another net: layers of the same name and shape are taken, the rest begins anew.',
    inCode: 'The same in code',
  },

  tryAgain: 'Try again',
  dismiss: 'Dismiss this message',
  blocks: {
    insecure: {
      title: 'This address is not secure, so the browser hides the GPU',
      body: [
        'Browsers offer WebGPU only to pages opened over `https` or from this very computer. Open the page by an `https://` address, or as `http://localhost`.',
      ],
    },
    'no-webgpu': {
      title: 'This browser has no WebGPU',
      body: [
        'Everything here is computed by your GPU, through WebGPU. Open the page in one of these browsers, or update this one:',
      ],
    },
    'no-worker-webgpu': {
      title: 'This browser keeps WebGPU from Workers',
      body: ['Training runs in a Worker, so that the page stays quick. These browsers let it:'],
    },
    'no-adapter': {
      title: 'WebGPU is here, but it found no GPU',
      body: [
        'The browser has switched its use of the GPU off, or it does not trust this driver. In Chrome or Edge:',
        'Switch on “Use graphics acceleration when available” in `chrome://settings/system`.',
        'Enable `chrome://flags/#enable-unsafe-webgpu`, and on Linux also `#enable-vulkan`.',
        'Update the graphics driver; `chrome://gpu` says what the browser thinks of it.',
        'Restart the browser after each change.',
      ],
    },
    limit: {
      title: 'This GPU is too small for the nets here',
      body: ['It was found, but it offers less than training needs. Another device or browser may offer more.'],
    },
    broken: {
      title: 'Training could not be made ready',
      body: [
        'There is a GPU, but something failed on the way to it. It may help to close other pages that use the GPU.',
      ],
    },
  } satisfies Record<Block, { readonly title: string; readonly body: readonly string[] }>,
  browsers: {
    caption: 'Browsers with WebGPU',
    rows: [
      [
        'Chrome, Edge',
        'from 113 on Windows, macOS and ChromeOS; from 121 on Android; on Linux, newer versions and not every GPU',
      ],
      ['Safari', 'from 26, on macOS, iPhone and iPad'],
      ['Firefox', 'from 141 on Windows; from 145 on Macs with Apple’s chips'],
    ],
  },
};

/** The same keys, with texts of one's own. */
type Translated<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { readonly [K in keyof T]: Translated<T[K]> };

/** What every language says. */
export type Words = Translated<typeof en>;
