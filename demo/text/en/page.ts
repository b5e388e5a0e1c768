// What stands around the chapters.

import type { Away, Block, ChapterName, KeyDeed } from '../../names.js';
import type { Fault, Phase } from '../../protocol.js';
import type { Translated } from '../translated.js';

export const page = {
  title: 'Weft: train a neural net on your GPU',
  tagline: 'trains a neural net on your own GPU, in this page',
  languages: 'Language',
  chapterList: 'Chapters',
  dark: 'Dark colours',
  share: {
    open: 'Share this page with its settings',
    copied: 'The address with these settings is copied.',
    without: 'Your own files, digits and kept weights stay here: it leads to a run without them.',
  },
  help: {
    title: 'Keys',
    open: 'Keys of this page',
    fields: 'In a field, keys write. The drawing pad has keys of its own: arrows, Space and Delete.',
    space: 'Space',
    close: 'Close',
    deeds: {
      chapter: 'go to a chapter',
      primary: 'train and pause',
      step: 'one step, or pause',
      reset: 'reset the run',
      evaluate: 'go to the evaluation',
      settings: 'go to the settings',
      draw: 'go to the drawing pad',
      clear: 'clear the pad',
      language: 'change the language',
      theme: 'dark or light',
      log: 'open and close the log',
      help: 'this list',
    } satisfies Record<KeyDeed, string>,
  },
  chapters: {
    data: 'Data',
    model: 'Model',
    train: 'Train',
    evaluate: 'Evaluate',
    finetune: 'Fine-tune',
    kernels: 'Kernels',
  } satisfies Record<ChapterName, string>,
  stories: {
    data: [
      'A net learns from examples: small grey images of handwritten digits, 28 by 28 pixels, each with the digit that it shows.',
      'The images are split in two. The net learns from the training set alone; the {test set|testSet} is kept back, and shows how well it does on images that it has never seen.',
      'Before they reach the net, pixels are {shifted and scaled|normalise} so that their mean is near 0 and their spread near 1. Learning is faster then.',
    ],
    model: [
      'The net is a chain of layers. A {convolution|convolution} slides small filters over the image and marks where each pattern occurs; {pooling|pooling} keeps the strongest mark of every small square, so that the image shrinks.',
      '{Dense layers|dense} at the end weigh all marks together and give ten scores, one for each digit.',
      '{Parameters|parameters} are the numbers that training finds. Multiply-adds are the work of one image on its way through.',
    ],
    train: [
      'Each step takes a {batch|batch} of images, compares the answers of the net with the right ones, and moves every parameter a little in the direction that lowers the {loss|loss}. The {learning rate|rate} says how far.',
      'One pass over the training set is an {epoch|epoch}. The loss should fall and the accuracy rise; where the curve of the test set turns away from that of training, the net has begun to {learn by heart|overfitting}.',
      'All of it happens on your GPU, in a Worker: this page only draws.',
    ],
    evaluate: [
      'Draw a digit of your own. It is framed as the training images are, and the net answers at once, also while it still learns.',
      'The {confusion matrix|confusion} shows which digits the net takes for which. Right answers lie on the diagonal; everything beside it is a mistake, and every cell shows the images that it counts.',
      'The worst mistakes are those that the net was sure of. Look at them: a person would hesitate over some, too.',
    ],
    finetune: [
      'A net that has learned one set of images knows much that helps with another. Fine-tuning starts from {its weights|pretrained} in place of random ones, and needs fewer images and fewer steps.',
      'The convolutions have learned strokes and curves that every handwriting shares. {Frozen|frozen}, they stay as they are, and nothing is computed backward for them: only the dense layers learn.',
      'Try it: write some digits the way you do, fine-tune on them, and see what the net gains on your hand and loses on the test set. Or keep the weights of a run, and go on from them with other images.',
    ],
    kernels: [
      'Before it trains, a whole step is compiled into a list of {kernels|kernel}: small programs that run on the GPU one after the other, while nobody waits for an answer. Here is the list, and the text of each.',
      'How fast they are depends on the GPU, and whether they are right depends on its driver, too. So both are measured here: each kernel is timed, held against the formula that it computes, and tried in other variants.',
      'That needs the GPU alone. A run that trains pauses for it and goes on afterwards, with the same weights and at the same step.',
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
  step: 'Step',
  reset: 'Reset',
  against: {
    booting: 'The GPU is not open yet',
    blocked: 'There is no WebGPU to train on',
    mnist: 'MNIST is not here yet: load it first',
    files: 'Choose the four IDX files first',
    own: 'Write a digit of your own first, or let it learn the data set',
    kernels: 'The GPU is busy with a measurement: see Kernels',
  },
  phases: {
    booting: 'Looking for a GPU…',
    blocked: 'No training here.',
    preparing: 'Compiling the shaders ahead of the run…',
    ready: 'Ready.',
    loading: 'Preparing the images…',
    compiling: 'Compiling the shaders…',
    training: 'Training.',
    restoring: 'The GPU was lost: another one is being opened…',
    paused: 'Paused.',
    done: 'Done.',
    diverged: 'Diverged: try a smaller learning rate.',
    lost: 'The GPU stopped answering. Reload the page to go on where the run was saved.',
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
  badAddress: (name: string, value: string) =>
    `The address asks for ${name}=${value}, which cannot be: the default stands.`,
  asTable: 'Show as table',
  tryAgain: 'Try again',
  watch: 'Watch a recorded run',
  replayed: (date: string) =>
    `What you see was recorded on ${date}, on a software GPU, through this very page. Nothing is computed here, so settings and the pad are at rest; the button below plays and pauses it.`,
  dismiss: 'Dismiss this message',
  faults: {
    shape: 'Sizes that do not fit each other.',
    dtype: 'Numbers of the wrong type.',
    graph: 'A net that cannot be compiled.',
    plan: 'A step that cannot be repeated as asked.',
    'no-webgpu': 'No WebGPU here.',
    'no-adapter': 'No GPU here.',
    limit: 'More than this GPU can do.',
    shader: 'A shader that does not compile here.',
    gpu: 'The GPU refused a call.',
    'device-lost': 'The GPU is gone.',
    diverged: 'The numbers grew beyond all bounds.',
    data: 'Images that cannot be used.',
    format: 'A file of another kind.',
    checksum: 'A file that is not the expected one.',
    network: 'Nothing came over the network.',
    file: 'A file that cannot be read.',
    weights: 'Weights that do not fit this net.',
    usage: 'A setting that cannot be.',
    missing: 'Something that this needs is missing.',
    unexpected: 'Something went wrong.',
  } satisfies Record<Fault['code'], string>,
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

export type PageWords = Translated<typeof page>;
