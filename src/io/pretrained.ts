import { EngineError } from '../core/errors.js';
import { sha256 } from '../core/sha256.js';
import type { Weights } from '../nn/weights.js';
import { weightsIn } from './weightsIn.js';

/** SHA-256 of the file that ships with the package. */
const DIGEST = 'ec155d66c4f4efcaf0f58163fc0577d5bec3fbe5e2aa362cebca8be124378c43';

export interface PretrainedOptions {
  /** Reads the file that ships with the package; fetch by default. In Node: `readBytes` of weft-gpu/node. */
  readonly read?: (file: URL) => Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * The tutorial net's weights, trained on generated digits alone: a start for training on digits that somebody wrote, or
 * on other classes by `transferWeights`. Pixels were taken as a trainer takes them by default, (x/255 − 0.1307)/0.3081.
 *
 * 240 KB, a file of their own that is read when this is called; a bundler finds it by `new URL(…, import.meta.url)`.
 *
 * @throws EngineError 'network' or 'file' if it cannot be read, 'checksum' if it is not the file that was shipped
 */
export async function pretrained({ read = fetched }: PretrainedOptions = {}): Promise<Weights> {
  const file = new URL('../../weights/tutorial-digits.safetensors', import.meta.url);
  const bytes = await read(file);
  const digest = await sha256(bytes);
  if (digest !== DIGEST) {
    throw new EngineError('checksum', { place: file.href, given: `SHA-256 ${digest}`, wanted: DIGEST });
  }
  return weightsIn(bytes, file.href).weights;
}

async function fetched(file: URL): Promise<Uint8Array<ArrayBuffer>> {
  const fail = (given: string, cause?: unknown) =>
    new EngineError('network', {
      place: file.href,
      given,
      wanted: 'the weights that ship with the package',
      ...(file.protocol === 'file:' && { wayOut: 'In Node: `pretrained({ read: readBytes })`, of weft-gpu/node.' }),
      cause,
    });
  const response = await fetch(file).catch((cause: unknown) => {
    throw fail('a file that cannot be fetched', cause);
  });
  if (!response.ok) throw fail(`HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
