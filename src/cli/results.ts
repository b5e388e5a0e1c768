// What a command was asked for, on stdout: text for people, or JSON lines for programs.

import type { Splits } from '../index.js';
import { confusionTable } from './confusion.js';
import { count, duration, loss, percent, plural } from './figures.js';
import type { EpochEvent, Host, ModelEvent, RunEvent, RunOutcome } from './run.js';
import type { Screen } from './screen.js';

export interface Results {
  hear(event: RunEvent): void;
  /** The run is over, by itself or by Ctrl-C, and its weights are saved under this path, or not at all. */
  done(outcome: RunOutcome, saved: string | undefined): void;
}

type Cell = readonly [heading: string, width: number, text: (epoch: EpochEvent) => string];

const CELLS: readonly Cell[] = [
  ['epoch', 5, ({ epoch }) => String(epoch)],
  ['train loss', 10, ({ trainLoss }) => loss(trainLoss)],
  ['train acc', 9, ({ trainAccuracy }) => percent(trainAccuracy)],
  ['test loss', 9, ({ testLoss }) => loss(testLoss)],
  ['test acc', 9, ({ testAccuracy }) => percent(testAccuracy)],
  ['img/s', 9, ({ imagesPerSecond }) => count(imagesPerSecond)],
  ['time', 7, ({ seconds }) => duration(seconds)],
];
/** Where the terminal is too narrow for all. */
const FEW: readonly string[] = ['epoch', 'train loss', 'test acc', 'time'];

/** A line an epoch, and at the end what the tutorial ends with: the accuracy on the test images. */
export class TextResults implements Results {
  readonly #screen: Screen;
  readonly #quiet: boolean;
  readonly #testImages: number;
  #model: ModelEvent | undefined;
  #headed = false;

  constructor(screen: Screen, data: Splits, quiet: boolean) {
    this.#screen = screen;
    this.#quiet = quiet;
    this.#testImages = data.test.count;
  }

  hear(event: RunEvent): void {
    if (event.event === 'model') this.#model = event;
    if (event.event === 'epoch' && !this.#quiet) this.#row(event);
  }

  done({ interrupted, evaluation, confusion, steps, seconds }: RunOutcome, saved: string | undefined): void {
    if (interrupted) return sayStopped(this.#screen, steps, saved);
    const { paintResult } = this.#screen;
    if (confusion && !this.#quiet) this.#screen.result(confusionTable(confusion, this.#screen.columns, paintResult));
    if (evaluation !== undefined) {
      const images = plural(this.#testImages, 'test image');
      const accuracy = paintResult('bold', percent(evaluation.accuracy));
      this.#screen.result(`Accuracy of the network on the ${images}: ${accuracy}`);
    }
    const { macs = 0, bytes = 0 } = this.#model ?? {};
    const facts = [`${count(macs)} MACs an image`, `${count(bytes)} bytes of weights`];
    if (steps > 0) facts.unshift(`${plural(steps, 'step')} in ${duration(seconds)}`);
    this.#screen.result(facts.join(' · '));
    if (saved !== undefined) this.#screen.note(`saved ${saved}`);
  }

  #row(epoch: EpochEvent): void {
    const widest = CELLS.reduce((sum, [, width]) => sum + width + 2, -2);
    const cells = this.#screen.columns >= widest ? CELLS : CELLS.filter(([heading]) => FEW.includes(heading));
    const line = (text: (cell: Cell) => string) => cells.map((cell) => text(cell).padStart(cell[1])).join('  ');
    if (!this.#headed)
      this.#screen.result(
        this.#screen.paintResult(
          'dim',
          line(([heading]) => heading),
        ),
      );
    this.#headed = true;
    this.#screen.result(line(([, , text]) => text(epoch)));
  }
}

/** One JSON object a line, each with its `event`. */
export class JsonResults implements Results {
  readonly #screen: Screen;
  readonly #backend: Host['backend'];
  readonly #data: Splits;
  #model: ModelEvent | undefined;

  constructor(screen: Screen, backend: Host['backend'], data: Splits) {
    this.#screen = screen;
    this.#backend = backend;
    this.#data = data;
  }

  hear(event: RunEvent): void {
    if (event.event === 'adapter') {
      this.#line({ ...event, backend: this.#backend });
      const { name, source, train, test } = this.#data;
      this.#line({ event: 'data', name, source, train: train.count, test: test.count });
    } else if (event.event === 'self-test') {
      if (event.type !== 'passed') this.#line(event);
    } else if (event.event === 'model' || event.event === 'epoch') {
      if (event.event === 'model') this.#model = event;
      this.#line(event);
    }
  }

  done({ interrupted, evaluation, confusion, steps, seconds, counters }: RunOutcome, saved: string | undefined): void {
    const { parameters, macs, bytes } = this.#model ?? {};
    this.#line({
      event: interrupted ? 'interrupted' : 'done',
      ...(evaluation && { testAccuracy: evaluation.accuracy, testLoss: evaluation.loss }),
      ...(confusion && { confusion }),
      steps,
      seconds,
      parameters,
      macs,
      bytes,
      weights: saved ?? null,
      ...(counters && { counters }),
    });
    if (interrupted) sayStopped(this.#screen, steps, saved);
  }

  #line(event: object): void {
    this.#screen.result(JSON.stringify(event));
  }
}

function sayStopped(screen: Screen, steps: number, saved: string | undefined): void {
  const reason = steps === 0 ? '' : ': there is no --weights-out';
  const kept = saved === undefined ? `nothing was saved${reason}` : `saved ${saved}`;
  screen.complain(`stopped after ${plural(steps, 'step')}; ${kept}`);
}
