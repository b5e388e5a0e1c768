// What a command was asked for, on stdout: text for people, or JSON lines for programs.

import { perClass, type LossScale, type Splits } from '../index.js';
import { confusionTable } from './confusion.js';
import { count, duration, loss, percent, plural } from '../chart/figures.js';
import { scoresTable } from './scores.js';
import { mistakesTable } from './mistakes.js';
import type { EpochEvent, Host, ModelEvent, RunEvent, RunOutcome } from './task.js';
import type { Screen } from './screen.js';

export interface Results {
  hear(event: RunEvent): void;
  /** The run is over, by itself or by Ctrl-C, and this of it is saved. */
  done(outcome: RunOutcome, saved?: Saved): void;
}

type Cell = readonly [heading: string, width: number, text: (epoch: EpochEvent) => string | undefined];

const CELLS: readonly Cell[] = [
  ['epoch', 5, ({ epoch }) => String(epoch)],
  ['train loss', 10, ({ trainLoss }) => loss(trainLoss)],
  ['train acc', 9, ({ trainAccuracy }) => percent(trainAccuracy)],
  ['test loss', 9, ({ testLoss }) => told(testLoss, loss)],
  ['test acc', 9, ({ testAccuracy }) => told(testAccuracy, percent)],
  ['valid loss', 10, ({ validationLoss }) => told(validationLoss, loss)],
  ['valid acc', 9, ({ validationAccuracy }) => told(validationAccuracy, percent)],
  ['skipped', 7, ({ skipped }) => told(skipped, count)],
  ['img/s', 9, ({ imagesPerSecond }) => count(imagesPerSecond)],
  ['time', 7, ({ seconds }) => duration(seconds)],
];
const told = (value: number | undefined, text: (value: number) => string): string | undefined =>
  value === undefined ? undefined : text(value);

/** Where the terminal is too narrow for all. */
const FEW: readonly string[] = ['epoch', 'train loss', 'test acc', 'valid acc', 'time'];

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
    if (event.event === 'before' && !this.#quiet) {
      const images = plural(this.#testImages, 'test image');
      this.#screen.result(`Accuracy before training on the ${images}: ${percent(event.testAccuracy)}`);
    }
  }

  done(outcome: RunOutcome, saved?: Saved): void {
    const { interrupted, evaluation, confusion, mistakes = [], steps, seconds, lossScale } = outcome;
    const { paintResult } = this.#screen;
    if (!this.#quiet) for (const line of endText(outcome)) this.#screen.result(line);
    if (interrupted) return sayStopped(this.#screen, steps, saved);
    if (confusion && !this.#quiet) {
      this.#screen.result(confusionTable(confusion, this.#screen.columns, paintResult));
      this.#screen.result(scoresTable(confusion, paintResult));
      if (mistakes.length > 0) this.#screen.result(mistakesTable(mistakes, paintResult));
    }
    if (evaluation !== undefined) {
      const images = plural(this.#testImages, 'test image');
      const accuracy = paintResult('bold', percent(evaluation.accuracy));
      this.#screen.result(`Accuracy of the network on the ${images}: ${accuracy}`);
    }
    const { macs = 0, bytes = 0 } = this.#model ?? {};
    const facts = [`${count(macs)} MACs an image`, `${count(bytes)} bytes of weights`];
    if (lossScale !== undefined) facts.unshift(scaleText(lossScale));
    if (steps > 0) facts.unshift(`${plural(steps, 'step')} in ${duration(seconds)}`);
    this.#screen.result(facts.join(' · '));
    const note = savedText(saved);
    if (note !== undefined) this.#screen.note(note);
  }

  #row(epoch: EpochEvent): void {
    const all = CELLS.filter(([, , text]) => text(epoch) !== undefined);
    const widest = all.reduce((sum, [, width]) => sum + width + 2, -2);
    const cells = this.#screen.columns >= widest ? all : all.filter(([heading]) => FEW.includes(heading));
    const line = (text: (cell: Cell) => string) => cells.map((cell) => text(cell).padStart(cell[1])).join('  ');
    if (!this.#headed)
      this.#screen.result(
        this.#screen.paintResult(
          'dim',
          line(([heading]) => heading),
        ),
      );
    this.#headed = true;
    this.#screen.result(line(([, , text]) => text(epoch) ?? ''));
  }
}

/** Why a training ended early, and whose weights it ends with, where there is something to say. */
function endText({ stoppedEarly, best }: RunOutcome): string[] {
  return [
    ...(stoppedEarly ? ['Stopped early: the validation loss gets no better.'] : []),
    ...(best ? [`The weights are those of epoch ${best.epoch}, the best: validation loss ${loss(best.loss)}.`] : []),
  ];
}

/** `3 steps skipped, loss scale 32,768` */
const scaleText = ({ scale, skipped }: LossScale): string =>
  `${plural(skipped, 'step')} skipped, loss scale ${scale < 1e9 ? count(scale) : scale.toExponential(2)}`;

/** One JSON object a line, each with its `event`. */
export class JsonResults implements Results {
  readonly #screen: Screen;
  readonly #backend: Host['backend'];
  readonly #data: Splits;
  readonly #held: number;
  #model: ModelEvent | undefined;

  /** @param held training images that are not trained on */
  constructor(screen: Screen, backend: Host['backend'], data: Splits, held = 0) {
    this.#screen = screen;
    this.#backend = backend;
    this.#data = data;
    this.#held = held;
  }

  hear(event: RunEvent): void {
    if (event.event === 'adapter') {
      this.#line({ ...event, backend: this.#backend });
      const { name, source, train, test } = this.#data;
      const judging = this.#held > 0 ? { validation: this.#held } : {};
      this.#line({ event: 'data', name, source, train: train.count - this.#held, ...judging, test: test.count });
    } else if (event.event === 'self-test') {
      if (event.type !== 'passed') this.#line(event);
    } else if (['model', 'epoch', 'transfer', 'before', 'other-bits', 'restored'].includes(event.event)) {
      if (event.event === 'model') this.#model = event;
      this.#line(event);
    }
  }

  done(outcome: RunOutcome, saved?: Saved): void {
    const { interrupted, evaluation, confusion, mistakes, steps, seconds, counters } = outcome;
    const { stoppedEarly, best, lossScale } = outcome;
    const { parameters, macs, bytes } = this.#model ?? {};
    this.#line({
      event: interrupted ? 'interrupted' : 'done',
      ...(evaluation && { testAccuracy: evaluation.accuracy, testLoss: evaluation.loss }),
      ...(confusion && { confusion, scores: perClass(confusion) }),
      ...(mistakes && { mistakes }),
      ...(stoppedEarly && { stoppedEarly }),
      ...(best && { best }),
      ...(lossScale && { lossScale }),
      steps,
      seconds,
      parameters,
      macs,
      bytes,
      weights: saved?.weights ?? null,
      ...(saved?.checkpoint !== undefined && { checkpoint: saved.checkpoint }),
      ...(counters && { counters }),
    });
    if (interrupted) sayStopped(this.#screen, steps, saved);
  }

  #line(event: object): void {
    this.#screen.result(JSON.stringify(event));
  }
}

/** What lies on the disk now. */
export interface Saved {
  readonly weights: string | undefined;
  readonly checkpoint: string | undefined;
}

/** `saved a.safetensors and run/step-00000100.safetensors`; undefined if nothing was. */
export function savedText({ weights, checkpoint }: Partial<Saved> = {}): string | undefined {
  const paths = [weights, checkpoint].filter((path) => path !== undefined);
  return paths.length === 0 ? undefined : `saved ${paths.join(' and ')}`;
}

function sayStopped(screen: Screen, steps: number, saved: Saved | undefined): void {
  const reason = steps === 0 ? '' : ': there is no --weights-out';
  screen.complain(`stopped after ${plural(steps, 'step')}; ${savedText(saved) ?? `nothing was saved${reason}`}`);
}
