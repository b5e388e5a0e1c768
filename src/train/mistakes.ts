/** A test image that got another answer than its label. */
export interface Mistake {
  /** In the test set, from 0. */
  readonly index: number;
  readonly label: number;
  readonly answer: number;
  /** The probability that the net gives its answer. */
  readonly confidence: number;
  /** The probability that it gives the label. */
  readonly probability: number;
}

/** What each image of a set got from the net, in the order of the set. */
export interface Answers {
  readonly answers: Uint32Array<ArrayBuffer>;
  /** The probability that the net gives its answer. */
  readonly confidences: Float32Array<ArrayBuffer>;
  /** The probability that it gives the label. */
  readonly probabilities: Float32Array<ArrayBuffer>;
}

/** What a pass over a set says of each image, in the order of the set. */
export interface Rows {
  readonly labels: ArrayLike<number>;
  readonly answers: ArrayLike<number>;
  /** −ln of the label's probability. */
  readonly losses: ArrayLike<number>;
  /** −ln of the answer's probability. */
  readonly answerLosses: ArrayLike<number>;
}

/** The `most` mistakes of greatest confidence, the greatest first; of equals the one of lower index. */
export function mistakesOf({ labels, answers, losses, answerLosses }: Rows, most = Infinity): Mistake[] {
  // A label that names no class is one that the loss ignores: its image has no right answer, and a loss that is NaN.
  const isWrong = (i: number): boolean => answers[i] !== labels[i] && !Number.isNaN(losses[i]);
  const wrong = Array.from({ length: labels.length }, (_, index) => index).filter(isWrong);
  wrong.sort((a, b) => (answerLosses[a] ?? NaN) - (answerLosses[b] ?? NaN) || a - b);
  return wrong.slice(0, most).map((index) => ({
    index,
    label: labels[index] ?? NaN,
    answer: answers[index] ?? NaN,
    confidence: Math.exp(-(answerLosses[index] ?? NaN)),
    probability: Math.exp(-(losses[index] ?? NaN)),
  }));
}
