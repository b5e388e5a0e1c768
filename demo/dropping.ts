// Files that are dropped anywhere on the page, or chosen: what each of them is, by its name.

import type { Actions } from './actions.js';
import type { State } from './state.js';

/** Weights to begin with, an image for the pad, or files of a data set. */
export type FileKind = 'weights' | 'image' | 'set';

export function kindOfFile(name: string): FileKind {
  if (/\.safetensors$/i.test(name)) return 'weights';
  return /\.(png|jpe?g|webp|gif|bmp)$/i.test(name) ? 'image' : 'set';
}

/** Gives files to whoever makes something of them: of weights and images one at a time, the last. */
export function openFiles(files: readonly File[], state: State, actions: Actions): void {
  const of = (kind: FileKind) => files.filter(({ name }) => kindOfFile(name) === kind);
  const [weights, image] = [of('weights').at(-1), of('image').at(-1)];
  if (weights !== undefined) actions.ask({ type: 'takeWeights', file: weights, net: state.settings.peek().net });
  if (image !== undefined) {
    state.sampled.value++;
    actions.ask({ type: 'showImage', file: image, settings: state.settings.peek() });
    document.querySelector('#pad')?.scrollIntoView({ block: 'center' });
  }
  const set = of('set');
  // The source changes with what comes of them: files that are none change nothing.
  if (set.length > 0) actions.readFiles(set);
}

/** Files may be dropped anywhere; `host` shows that the page takes them. */
export function takeDrops(host: HTMLElement, state: State, actions: Actions): void {
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    host.classList.add('dropping');
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) host.classList.remove('dropping');
  });
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    host.classList.remove('dropping');
    if (!state.fixed.peek()) openFiles([...(event.dataTransfer?.files ?? [])], state, actions);
  });
}
