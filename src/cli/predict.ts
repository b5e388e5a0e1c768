import { frame, FRAME, inkOf } from '../index.js';
import { decodePng, readBytes } from '../node.js';
import { asGiven, EXIT, Interrupted, usageError } from './exit.js';
import { parseFlags } from './flags.js';
import { Narrator } from './narrator.js';
import { bar } from '../chart/progress.js';
import type { Paint, Screen } from './screen.js';
import { onHost, watched } from './session.js';
import { predictFlags } from './tables.js';
import { readTrained } from './weightsFile.js';

/** `weft predict`: what a trained net takes an image for. */
export async function predict(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft predict', predictFlags, words);
  const { image } = flags;
  if (image === undefined) throw usageError('weft predict', 'no --image', '--image d.png');
  const { weights, ...trained } = await readTrained('weft predict', flags);
  const pixels = await asGiven('--image', async () => framed(await readBytes(image), image));

  return watched(flags.quiet, (watch) =>
    onHost(flags.backend, watch, async (host) => {
      const { screen, signal } = watch;
      const narrator = new Narrator(screen, host.backend);
      if (screen.watched) screen.note(preview(pixels));
      const set = { images: pixels, labels: new Uint8Array(1), count: 1, rows: FRAME, columns: FRAME, classes: 10 };
      const data = { name: image, source: image, train: set, test: set };
      const { probabilities = [], interrupted } = await host.run(
        { task: 'predict', ...trained },
        { data, weights, signal },
        (event) => {
          narrator.hear(event);
          if (flags.json && event.event === 'adapter') {
            screen.result(JSON.stringify({ ...event, backend: host.backend }));
          }
        },
      );
      screen.progress(undefined);
      if (interrupted) throw new Interrupted();
      const digit = probabilities.indexOf(Math.max(...probabilities));
      if (flags.json) screen.result(JSON.stringify({ event: 'prediction', digit, probabilities }));
      else show(probabilities, digit, screen);
      return EXIT.ok;
    }),
  );
}

/** Any image as the training images are: 28×28, light ink on dark, the digit's middle in the middle. */
function framed(bytes: Uint8Array, path: string): Uint8Array<ArrayBuffer> {
  const { pixels, rows, columns } = decodePng(bytes, path);
  return frame(inkOf(pixels, rows, columns), rows, columns);
}

/** A line for each class: `7  0.973012  ███████████████████ `. */
function show(probabilities: readonly number[], digit: number, screen: Screen): void {
  const width = Math.max(0, Math.min(40, screen.columns - 14));
  const paint: Paint = screen.paintResult;
  probabilities.forEach((probability, i) => {
    const line = `${i}  ${probability.toFixed(6)}  ${bar(probability, width)}`.trimEnd();
    screen.result(i === digit ? paint('bold', line) : line);
  });
}

/** The framed image, two rows of pixels to a line: what the net sees. */
function preview(pixels: Uint8Array): string {
  const inked = (row: number, column: number) => (pixels[row * FRAME + column] ?? 0) >= 96;
  const lines = Array.from({ length: FRAME / 2 }, (_, line) =>
    Array.from({ length: FRAME }, (__, column) => {
      const [top, bottom] = [inked(2 * line, column), inked(2 * line + 1, column)];
      return top ? (bottom ? '█' : '▀') : bottom ? '▄' : ' ';
    })
      .join('')
      .trimEnd(),
  );
  const first = lines.findIndex((line) => line !== '');
  return lines.slice(first, lines.findLastIndex((line) => line !== '') + 1).join('\n');
}
