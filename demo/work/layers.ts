// One image in every layer, again and again while somebody looks: what the page paints, and no more of it.

import type { Inspection } from '../../src/index.js';
import type { LayersLook, LookAtLayersRequest, Planes } from '../protocol/layers.js';
import type { Desk, Handlers, Run } from './desk.js';
import { imageOf } from './inside.js';

/** Planes of a layer that are shown. */
const MOST = 16;
/** Numbers of a parameter that are shown at the most: beyond, they would be a grey haze. */
const MOST_WEIGHTS = 100_000;
/** Numbers of a layer without rows and columns stand in rows of so many at least, and four times as wide as high. */
const WRAPPED = 30;

/** @param settled resolves when nobody waits for another answer of the net */
export const layersHandlers = (desk: Desk, settled: () => Promise<void>): Handlers<'lookAtLayers'> => ({
  lookAtLayers: (request) => desk.beside(settled().then(() => look(desk, request))),
});

async function look(desk: Desk, { image, gradients }: LookAtLayersRequest): Promise<void> {
  const { run, post } = desk;
  if (run === undefined) return;
  const { pixels, label } = imageOf(run, image);
  const weights = run.net.parameters.filter(({ shape }) => isShown(shape)).map(({ name }) => name);
  const { steps: step } = run.trainer;
  try {
    // Of a digit that nobody has named, the loss is that of the net's own answer.
    const towards = gradients ? (label ?? (await answerOf(run, pixels))) : undefined;
    const inspection = await run.use((trainer) =>
      trainer.inspect(pixels, {
        weights,
        ...(towards !== undefined && { label: towards }),
      }),
    );
    if (run !== desk.run) return;
    const seen = lookOf(inspection, { step, gradients, label });
    const all = [seen.image, ...seen.layers];
    post(
      { type: 'layers', look: seen },
      all.map(({ values }) => values.buffer),
    );
  } catch (error) {
    // A run that ended meanwhile owes no answer.
    if (run === desk.run) throw error;
  }
}

/** Filters and matrices; biases and scales say little by themselves. */
const isShown = (shape: readonly number[]): boolean =>
  shape.length > 1 && shape.reduce((product, size) => product * size, 1) <= MOST_WEIGHTS;

const answerOf = async (run: Run, pixels: Uint8Array<ArrayBuffer>): Promise<number> =>
  largestOf(await run.use((trainer) => trainer.predict(pixels)));

const largestOf = (values: Float32Array): number => values.indexOf(Math.max(...values));

/** What a look shows. Layers that change no number are left out. */
export function lookOf(
  { input, layers, probabilities }: Inspection,
  { step, gradients, label }: Pick<LayersLook, 'step' | 'gradients' | 'label'>,
): LayersLook {
  const answer = largestOf(probabilities);
  return {
    step,
    gradients,
    label,
    answer,
    confidence: probabilities[answer] ?? NaN,
    image: planesOf('', input.shape, input.values),
    layers: layers
      .filter(({ label: name }) => !/^(flatten|dropout)/.test(name))
      .flatMap(({ label: name, shape, values, gradients: slopes, weights, weightGradients }) => [
        ...[...(gradients ? (weightGradients ?? []) : weights)]
          .filter(([, tensor]) => isShown(tensor.shape))
          .map(([parameter, tensor]) => planesOf(parameter, tensor.shape, tensor.data, true)),
        planesOf(name, shape, gradients ? (slopes ?? new Float32Array(values.length)) : values),
      ]),
  };
}

/** Planes [C, H, W], filters [K, C, R, S], a matrix [O, I], or numbers in a row: [C], [C, 1, 1]. */
function planesOf(name: string, shape: readonly number[], all: Float32Array, isWeights = false): Planes {
  let [least, most] = [Infinity, -Infinity];
  for (const value of all) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const isFlat = shape.slice(1).every((size) => size === 1);
  const [rows = 1, columns = 1] = isFlat ? wrapped(all.length) : shape.slice(-2);
  const there = Math.ceil(all.length / (rows * columns));
  const count = Math.min(MOST, there);
  // The end of the last row may hold no number.
  const values = new Float32Array(count * rows * columns);
  values.set(all.subarray(0, values.length));
  return {
    name,
    shape,
    isWeights,
    isWhole: isFlat || shape.length === 2,
    there,
    count,
    rows,
    columns,
    values,
    least,
    most,
  };
}

const wrapped = (length: number): readonly [rows: number, columns: number] => {
  const rows = Math.ceil(length / Math.max(WRAPPED, Math.ceil(Math.sqrt(4 * length))));
  return [rows, Math.ceil(length / rows)];
};
