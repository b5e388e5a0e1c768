// The page's side of `--backend chromium`: takes a task from the server that it came from, runs it on the page's GPU with
// the code that Node runs too, and tells of it.

import { EngineError, readCheckpoint, writeCheckpoint, type Checkpoint, type Dataset, type Splits } from '../index.js';
import { runTask } from './run.js';
import {
  packWeights,
  PATHS,
  plainError,
  toBase64,
  unpackWeights,
  type PageMessage,
  type PageSplit,
  type PageTask,
} from './wire.js';

const stopping = new AbortController();

globalThis.weftHost = {
  start: (task) => void perform(task),
  stop: () => stopping.abort(),
};

async function perform(task: PageTask): Promise<void> {
  // Messages arrive in the order in which they are sent, so nothing waits for them.
  const tell = (message: PageMessage) => void globalThis.weftTell(message);
  try {
    // Absent in a browser without WebGPU, whatever the types say.
    const gpu: GPU | undefined = navigator.gpu;
    if (gpu === undefined) {
      const [given, wanted] = ['a page without navigator.gpu', 'a browser with WebGPU'];
      throw new EngineError('no-webgpu', { place: '--backend chromium', given, wanted });
    }
    const weights = task.hasWeights ? unpackWeights(await bytesAt(PATHS.weights)) : undefined;
    const resume = task.hasCheckpoint ? await readCheckpoint(await bytesAt(PATHS.checkpoint)) : undefined;
    const save = async (checkpoint: Checkpoint) => {
      await globalThis.weftTell({ kind: 'checkpoint', bytes: toBase64(await writeCheckpoint(checkpoint)) });
    };
    const material = {
      data: await splitsOf(task),
      signal: stopping.signal,
      ...(weights && { weights }),
      ...(resume && { resume }),
      ...(task.saves && { save }),
    };
    const { weights: trained, ...outcome } = await runTask(task.settings, material, gpu, (event) =>
      tell({ kind: 'event', event }),
    );
    tell({ kind: 'done', outcome, ...(trained && { weights: toBase64(packWeights(trained)) }) });
  } catch (error) {
    tell({ kind: 'failed', error: plainError(error) });
  }
}

async function splitsOf({ name, source, train, test }: PageTask): Promise<Splits> {
  return { name, source, train: await splitAt('train', train), test: await splitAt('test', test) };
}

async function splitAt(split: string, told: PageSplit): Promise<Dataset> {
  const [images, labels] = await Promise.all([
    bytesAt(`${PATHS.data}/${split}.images`),
    bytesAt(`${PATHS.data}/${split}.labels`),
  ]);
  return { ...told, images, labels };
}

async function bytesAt(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
