// What the net makes of the test images, one by one: passed through it when somebody looks.

import { perClass, type Answers } from '../../src/index.js';
import type { Confusion, Look, Seen, Sight } from '../protocol/answers.js';
import type { Desk, Handlers, Run } from './desk.js';

const PIXELS = 28 * 28;
/** Images that are shown at once. */
const MOST = 40;

export const confusionOf = (counts: Confusion['counts'], step: number): Confusion => ({
  counts,
  scores: perClass(counts),
  step,
});

/** Which of the images are meant, in the order in which they are worth looking at. */
export function chosen(
  at: Look,
  labels: ArrayLike<number>,
  { answers, confidences }: Pick<Answers, 'answers' | 'confidences'>,
): Seen[] {
  const all = Array.from({ length: labels.length }, (_, index) => ({
    index,
    label: labels[index] ?? NaN,
    answer: answers[index] ?? NaN,
    confidence: confidences[index] ?? NaN,
  }));
  const seen =
    at === 'mistakes'
      ? all.filter(({ label, answer }) => label !== answer)
      : all.filter(({ label, answer }) => label === at.label && answer === at.answer);
  // What was surely wrong tells most, and what was right by a hair.
  const sign = at !== 'mistakes' && at.label === at.answer ? 1 : -1;
  return seen.sort((a, b) => sign * (a.confidence - b.confidence) || a.index - b.index);
}

export function countsOf(labels: ArrayLike<number>, answers: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    const row = counts[labels[i] ?? -1];
    const answer = answers[i] ?? -1;
    if (row?.[answer] !== undefined) row[answer]++;
  }
  return counts;
}

interface Found extends Answers {
  /** Steps that the net had learned for. */
  readonly step: number;
}

/** A pass of all test images through the net of a run. */
interface Pass {
  readonly run: Run;
  readonly found: Promise<Found>;
  /** Undefined while it goes on. */
  step?: number;
}

export class TestAnswers {
  readonly #desk: Desk;
  #pass: Pass | undefined;

  readonly handlers: Handlers<'look'> = {
    look: ({ at }) => this.#desk.beside(this.#look(at)),
  };

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async #look(at: Look): Promise<void> {
    const { run } = this.#desk;
    if (run === undefined) return;
    try {
      const found = await this.#passOf(run);
      if (run === this.#desk.run) this.#show(at, run, found);
    } catch (error) {
      // A run that ended meanwhile owes no answer.
      if (run === this.#desk.run) throw error;
    }
  }

  #show(at: Look, { data: { test } }: Run, found: Found): void {
    const seen = chosen(at, test.labels, found);
    const images = seen.slice(0, MOST);
    const pixels = new Uint8Array(images.length * PIXELS);
    images.forEach(({ index }, i) => {
      pixels.set(test.images.subarray(index * PIXELS, (index + 1) * PIXELS), i * PIXELS);
    });
    const sight: Sight = { step: found.step, total: seen.length, images, pixels };
    this.#desk.post({ type: 'sight', at, sight }, [pixels.buffer]);
  }

  /** The pass that goes on, or the last one if the weights are still those; else a new one. */
  #passOf(run: Run): Promise<Found> {
    const last = this.#pass;
    if (last?.run === run && (last.step === undefined || last.step === run.trainer.steps)) return last.found;
    const found = this.#begin(run);
    const pass: Pass = (this.#pass = { run, found });
    found.then(
      ({ step }) => (pass.step = step),
      () => {
        if (this.#pass === pass) this.#pass = undefined;
      },
    );
    return found;
  }

  async #begin(run: Run): Promise<Found> {
    const found = await run.use((trainer) => trainer.answers());
    // Training has waited for it, and is not far from there.
    const step = run.trainer.steps;
    const counts = countsOf(run.data.test.labels, found.answers, run.net.output[0] ?? 0);
    if (run === this.#desk.run) this.#desk.post({ type: 'confusion', confusion: confusionOf(counts, step) });
    return { ...found, step };
  }
}
