/** Batches and steps of an epoch where a step has several batches; its last step may have fewer. */
export interface Turns {
  /** Batches of an epoch. */
  readonly perEpoch: number;
  /** Batches of a step. */
  readonly length: number;
}

export const stepsPerEpochOf = ({ perEpoch, length }: Turns): number => Math.ceil(perEpoch / length);

/** How many batches so many steps have, from the first. */
export function batchesUntil(step: number, turns: Turns): number {
  const stepsPerEpoch = stepsPerEpochOf(turns);
  const inEpoch = (step % stepsPerEpoch) * turns.length;
  return Math.floor(step / stepsPerEpoch) * turns.perEpoch + inEpoch;
}
