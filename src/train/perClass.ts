/** How well a net tells one class from the others, or a mean over classes. */
export interface ClassScores {
  /** Of the images that were taken for the class, the fraction that were of it; 0 if none was. */
  readonly precision: number;
  /** Of the class's images, the fraction that were taken for it; 0 if there are none. */
  readonly recall: number;
  /** 2·precision·recall / (precision + recall); 0 if both are. */
  readonly f1: number;
  /** Images of the class. */
  readonly support: number;
}

export interface Scores {
  readonly classes: readonly ClassScores[];
  /** Every class counts alike. */
  readonly macro: ClassScores;
  /** Every class counts as much as it has images. */
  readonly weighted: ClassScores;
}

/**
 * Precision, recall and F1 of each class, from how many images of a label got which answer.
 *
 *   precision_k = c[k][k] / Σ_i c[i][k]      recall_k = c[k][k] / Σ_j c[k][j]      f1_k = 2·c[k][k] / (Σ_i c[i][k] + Σ_j c[k][j])
 *
 * A division by zero gives 0: sklearn.metrics.precision_recall_fscore_support with zero_division=0, over all classes.
 *
 * @param confusion confusion[label][answer], square
 */
export function perClass(confusion: readonly (readonly number[])[]): Scores {
  const classes = confusion.map((row, k): ClassScores => {
    const right = row[k] ?? 0;
    const support = sum(row);
    const taken = sum(confusion.map((other) => other[k] ?? 0));
    return {
      precision: ratio(right, taken),
      recall: ratio(right, support),
      f1: ratio(2 * right, taken + support),
      support,
    };
  });
  return { classes, macro: mean(classes, () => 1), weighted: mean(classes, ({ support }) => support) };
}

function mean(classes: readonly ClassScores[], weight: (scores: ClassScores) => number): ClassScores {
  const of = (key: 'precision' | 'recall' | 'f1') =>
    ratio(sum(classes.map((scores) => weight(scores) * scores[key])), sum(classes.map(weight)));
  return {
    precision: of('precision'),
    recall: of('recall'),
    f1: of('f1'),
    support: sum(classes.map((s) => s.support)),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
