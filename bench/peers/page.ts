// What every peer's page does: fetch the material, open, make the first step, and then as it is told.

import {
  CLASSES,
  MEAN,
  PATHS,
  perform,
  SIDE,
  STD,
  type Command,
  type ListedMaterial,
  type Peer,
  type PeerTask,
  type Told,
} from './contract.js';

declare global {
  /** Set by the page. */
  var peerDo: (command: Command) => void;
  /** Set by Node. */
  var peerTell: (told: Told) => Promise<void>;
}

/** What all peers are given, in the layouts of PyTorch. */
export interface Material {
  readonly task: PeerTask;
  readonly weights: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> }
  >;
  /** Whole batches of images, one after the other, [count, 28, 28]. */
  readonly images: Uint8Array<ArrayBuffer>;
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** Opens the peer at once; the clock of the first step is the page's own, from the start of the navigation. */
export function servePeer(open: (material: Material) => Promise<Peer>): void {
  const tell = (told: Told): void => void globalThis.peerTell(told);
  const orFailed = async (action: () => Promise<Told>): Promise<void> => {
    try {
      tell(await action());
    } catch (error) {
      tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };
  void orFailed(async () => {
    const peer = await open(await fetchMaterial());
    const losses = await peer.losses(1);
    const coldMs = performance.now();
    globalThis.peerDo = (command) => void orFailed(() => perform(peer, command));
    return { kind: 'open', about: peer.about, coldMs, losses };
  });
}

async function fetchMaterial(): Promise<Material> {
  const [listed, weights, images, labels] = await Promise.all([
    fetch(PATHS.material).then((answer) => answer.json() as Promise<ListedMaterial>),
    bytesAt(PATHS.weights),
    bytesAt(PATHS.images),
    bytesAt(PATHS.labels),
  ]);
  const floats = new Float32Array(weights);
  let start = 0;
  const named = listed.weights.map(({ name, shape }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    start += size;
    return [name, { shape, data: floats.slice(start - size, start) }] as const;
  });
  return { task: listed.task, weights: new Map(named), images: new Uint8Array(images), labels: new Uint8Array(labels) };
}

const bytesAt = async (path: string): Promise<ArrayBuffer> => (await fetch(path)).arrayBuffer();

/** The batches as normalised floats [N, 1, 28, 28] and one row of ten a label; for one channel NHWC is the same bytes. */
export function floatBatches({ task, images, labels }: Material, batch = task.batch) {
  const size = SIDE * SIDE;
  const count = Math.floor(labels.length / batch);
  return Array.from({ length: count }, (_, b) => {
    const x = new Float32Array(batch * size);
    const y = new Float32Array(batch * CLASSES);
    for (let i = 0; i < x.length; i++) x[i] = ((images[b * batch * size + i] ?? 0) / 255 - MEAN) / STD;
    for (let n = 0; n < batch; n++) y[n * CLASSES + (labels[b * batch + n] ?? 0)] = 1;
    return { x, y };
  });
}

/** Milliseconds that `action` takes. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}
