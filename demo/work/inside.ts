// One image in the convolutions of the net at hand: what the engine kept of them, and each of its values worked out.

import type { Inspection } from '../../src/index.js';
import { layersOfNet } from '../protocol/netText.js';
import type { Inside, InsideImage, LookInsideRequest, Maps, Place, WorkedOut } from '../protocol/inside.js';
import type { Desk, Handlers, Run } from './desk.js';

const PIXELS = 28 * 28;

/** A convolution with the weights of one moment. */
export interface Convolution {
  readonly name: string;
  readonly input: Maps;
  readonly output: Maps;
  /** [filters, channels, rows, columns]. */
  readonly kernels: Float32Array;
  readonly biases: Float32Array;
  readonly window: readonly [rows: number, columns: number];
  readonly stride: number;
  readonly padding: number;
}

export class InsideLook {
  readonly #desk: Desk;
  #looked: Convolution | undefined;

  readonly handlers: Handlers<'lookInside' | 'workOut'> = {
    lookInside: (request) => this.#desk.beside(this.#look(request)),
    workOut: ({ place }) => {
      const conv = this.#looked;
      if (conv !== undefined) this.#desk.post({ type: 'workedOut', workedOut: workOut(conv, place) });
    },
  };

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async #look({ image, conv: asked, filter, spot }: LookInsideRequest): Promise<void> {
    const { run, post } = this.#desk;
    if (run === undefined) return;
    const { pixels, label } = imageOf(run, image);
    const step = run.trainer.steps;
    let inspection: Inspection;
    try {
      inspection = await run.use((trainer) => trainer.inspect(pixels));
    } catch (error) {
      // A run that ended meanwhile owes no answer.
      if (run === this.#desk.run) throw error;
      return;
    }
    if (run !== this.#desk.run) return;
    const convs = convolutionsOf(run.settings.net, inspection);
    const conv = convs[Math.min(asked, convs.length - 1)];
    this.#looked = conv;
    post({ type: 'inside', inside: insideOf(convs, conv, { step, label, filter, spot }) });
  }
}

/** The image that is meant, and what it shows, where that is known. */
export function imageOf({ data: { test } }: Run, image: InsideImage) {
  if (image.kind === 'pixels') return { pixels: image.pixels, label: undefined };
  const at = image.at % test.count;
  return { pixels: test.images.slice(at * PIXELS, (at + 1) * PIXELS), label: test.labels[at] };
}

const NOTHING: Maps = { channels: 0, rows: 0, columns: 0, values: new Float32Array() };
const NOWHERE: WorkedOut = {
  place: { filter: 0, row: 0, column: 0 },
  channels: [],
  sum: 0,
  bias: 0,
  total: 0,
  value: 0,
};

function insideOf(
  convs: readonly Convolution[],
  conv: Convolution | undefined,
  { step, label, filter, spot }: Pick<Inside, 'step' | 'label'> & Pick<LookInsideRequest, 'filter' | 'spot'>,
): Inside {
  const { rows, columns } = conv?.output ?? NOTHING;
  const { row, column } = spot ?? { row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
  return {
    convs: convs.map(({ name }) => name),
    conv: conv === undefined ? 0 : convs.indexOf(conv),
    step,
    label,
    input: conv?.input ?? NOTHING,
    output: conv?.output ?? NOTHING,
    window: conv?.window ?? [1, 1],
    stride: conv?.stride ?? 1,
    padding: conv?.padding ?? 0,
    workedOut: conv === undefined ? NOWHERE : workOut(conv, { filter, row, column }),
  };
}

/** The convolutions of a net of layers in a row, with what goes into each of them. */
export function convolutionsOf(net: string, { input, layers }: Inspection): Convolution[] {
  const choices = (layersOfNet(net) ?? []).filter(({ kind }) => kind === 'conv');
  let count = 0;
  return layers.flatMap((layer, i) => {
    const weight = [...layer.weights].find(([, { shape }]) => shape.length === 4);
    const choice = weight && choices[count++];
    if (weight === undefined || choice?.kind !== 'conv') return [];
    const [name, kernels] = weight;
    const [, , rows = 1, columns = 1] = kernels.shape;
    const bias = [...layer.weights.values()].find(({ shape }) => shape.length === 1);
    const { stride, padding } = choice;
    return [
      {
        name: name.replace(/\.weight$/, ''),
        input: mapsOf(i === 0 ? input : (layers[i - 1] ?? input)),
        output: mapsOf(layer),
        kernels: kernels.data,
        biases: bias?.data ?? new Float32Array(layer.shape[0] ?? 1),
        window: [rows, columns],
        stride,
        padding,
      },
    ];
  });
}

const mapsOf = ({ shape, values }: Pick<Inspection['input'], 'shape' | 'values'>): Maps => {
  const [channels = 1, rows = 1, columns = 1] = shape;
  return { channels, rows, columns, values };
};

/** How a value comes about; a place beyond the result is its last. */
export function workOut(
  { input, output, kernels, biases, window, stride, padding }: Convolution,
  asked: Place,
): WorkedOut {
  const filter = Math.min(asked.filter, output.channels - 1);
  const [row, column] = [Math.min(asked.row, output.rows - 1), Math.min(asked.column, output.columns - 1)];
  const size = window[0] * window[1];
  const pixelOf = (channel: number, i: number): number | undefined => {
    const y = row * stride - padding + Math.floor(i / window[1]);
    const x = column * stride - padding + (i % window[1]);
    if (y < 0 || x < 0 || y >= input.rows || x >= input.columns) return undefined;
    return input.values[(channel * input.rows + y) * input.columns + x];
  };
  const channels = Array.from({ length: input.channels }, (_, channel) => {
    const start = (filter * input.channels + channel) * size;
    const kernel = Array.from(kernels.subarray(start, start + size));
    const pixels = kernel.map((_, i) => pixelOf(channel, i));
    const sum = kernel.reduce((total, weight, i) => total + weight * (pixels[i] ?? 0), 0);
    return { window: pixels, kernel, sum };
  });
  const bias = biases[filter] ?? 0;
  const sum = channels.reduce((total, each) => total + each.sum, 0);
  return {
    place: { filter, row, column },
    channels,
    sum,
    bias,
    total: sum + bias,
    value: output.values[(filter * output.rows + row) * output.columns + column] ?? NaN,
  };
}
