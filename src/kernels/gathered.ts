import type { BytePixels } from '../../shaders/lib/convLoads.js';
import type { Node, Tensor } from '../graph/graph.js';
import { gatherImagesOp } from '../ops/data.js';
import { operandsOf } from './single.js';

/** Images that a kernel can read from the bytes of their set. */
export interface Gathered {
  readonly bytes: BytePixels;
  readonly bind: Readonly<Record<'images' | 'indices', Tensor>>;
  readonly again: readonly Node[];
}

/** What images were gathered from; undefined for images that are in memory. */
export function gatheredFrom(x: Tensor): Gathered | undefined {
  const gather = x.node && operandsOf(gatherImagesOp, x.node);
  if (gather === undefined || x.node === undefined) return undefined;
  const [images, indices] = gather.inputs;
  const [count = 0, H = 1, W = 1] = images.shape;
  const bytes = { count, batch: x.shape[0] ?? 1, H, W, ...gather.attrs };
  return { bytes, bind: { images, indices }, again: [x.node] };
}
