// What the harness and the pages of the peers say to each other, and what all of them are given alike.

/** What a page is asked to hold. */
export interface PeerTask {
  readonly net: string;
  readonly batch: number;
  readonly inferenceBatch: number;
  /** Steps of the run that a peer may choose its kernels for; absent for a run of its default length. */
  readonly expectedSteps?: number;
}

/** A layer as data: every peer builds the same net from it, out of its own ops. */
export type PeerLayer =
  | { readonly kind: 'conv'; readonly name: string; readonly padding: number }
  | { readonly kind: 'pool' | 'relu' | 'flatten' }
  | { readonly kind: 'dense'; readonly name: string };

/** The layers that a line of words names: `conv1 relu pool … fc1`, and `conv1+1` for one pixel of padding. */
const layersOf = (words: string): readonly PeerLayer[] =>
  words.split(' ').map((word) => {
    const [name = '', padding = '0'] = word.split('+');
    if (name.startsWith('conv')) return { kind: 'conv', name, padding: Number(padding) };
    if (name.startsWith('fc')) return { kind: 'dense', name };
    return { kind: name as 'pool' | 'relu' | 'flatten' };
  });

/**
 * Weft's nets by name. That these are the same nets is not believed: the losses of the first steps say it.
 */
export const peerLayers: Readonly<Record<string, readonly PeerLayer[]>> = {
  tutorial: layersOf('conv1 relu pool conv2 relu pool flatten fc1 relu fc2 relu fc3'),
  figure: layersOf('conv1+1 relu pool conv2+1 relu pool conv3+1 relu pool flatten fc1'),
  wide: layersOf('conv1 relu conv2 relu pool flatten fc1 relu fc2'),
};

/** SGD as in the tutorial. */
export const RATE = 0.001;
export const MOMENTUM = 0.9;
/** Of pixels scaled to 0…1. */
export const MEAN = 0.1307;
export const STD = 0.3081;
export const CLASSES = 10;
export const SIDE = 28;
/** Batches that every peer has on its device, at least; the steps go through them in order, again and again. */
export const BATCHES = 16;

/** Where the server has what. */
export const PATHS = {
  material: '/material.json',
  weights: '/weights.f32',
  images: '/images.u8',
  labels: '/labels.u8',
};

/** One parameter in the file of weights: so many floats, after those of the parameters before it. */
export interface ListedTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface ListedMaterial {
  readonly task: PeerTask;
  readonly weights: readonly ListedTensor[];
}

/** What a peer can be asked to do; times are milliseconds. */
export interface Peer {
  /** Version and the ways that this page went, for the notes under the table. */
  readonly about: string;
  /** Trains so many steps and reads every loss: for the comparison, never timed. */
  losses(steps: number): Promise<readonly number[]>;
  /** Trains so many steps and waits until the device is idle. */
  train(steps: number): Promise<number>;
  /** Passes the inference batch through the net so many times and waits until the device is idle. */
  infer(times: number): Promise<number>;
  /** Multiplies two size × size matrices so many times and waits until the device is idle. */
  matmul(size: number, times: number): Promise<number>;
}

export type Command =
  | { readonly kind: 'losses' | 'train' | 'infer'; readonly count: number }
  | { readonly kind: 'matmul'; readonly size: number; readonly count: number };

/** What a page tells Node, once for the load and once for each command. */
export type Told =
  | { readonly kind: 'open'; readonly about: string; readonly coldMs: number; readonly losses: readonly number[] }
  | { readonly kind: 'losses'; readonly losses: readonly number[] }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'failed'; readonly message: string };

/** Does a command; also for a peer that runs outside a page. */
export async function perform(peer: Peer, command: Command): Promise<Told> {
  if (command.kind === 'losses') return { kind: 'losses', losses: await peer.losses(command.count) };
  const { count } = command;
  if (command.kind === 'matmul') return { kind: 'time', ms: await peer.matmul(command.size, count) };
  return { kind: 'time', ms: await peer[command.kind](count) };
}
