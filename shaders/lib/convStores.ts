import { guarded, plus, upTo } from './rowTile.js';

// What a kernel that holds its sums in named scalars does with them: the largest of each window and where it was, or each
// for itself.

/** The sums of one result channel that an invocation has, and where they belong. */
export interface Sums {
  /** The channel's place in the kernel: part of every name. */
  readonly g: number;
  /** WGSL of the channel, within bounds. */
  readonly channel: string;
  /** Conditions under which anything is stored. */
  readonly inside: readonly string[];
  /** Rows and columns of sums. */
  readonly rows: number;
  readonly columns: number;
  /** WGSL of the sum at a row and column. */
  value(row: number, column: number): string;
}

/** A form of storing. It finds the image `n` and the first sum's place `top`, `left` among the results. */
export interface ConvStore {
  readonly bindings: readonly string[];
  readonly functions: string;
  /** Stores to memory, and loads, for each sum. */
  readonly storesPerSum: number;
  readonly loadsPerSum: number;
  store(sums: Sums): string;
}

const RELU = (value: string): string => `select(${value}, 0.0, ${value} <= 0.0)`;

export interface PoolStore {
  readonly N: number;
  readonly K: number;
  /** Rows and columns of windows. */
  readonly windows: readonly [number, number];
  readonly window: readonly [number, number];
  /** Columns of the image that is pooled. */
  readonly width: number;
  readonly relu: boolean;
  /** Whether the winners are written. */
  readonly index: boolean;
}

/** y = relu(max of the window), index = the place in the image of the first pixel with that value. */
export const poolStore = ({ N, K, windows, window, width, relu, index }: PoolStore): ConvStore => {
  const size = N * K * windows[0] * windows[1];
  return {
    bindings: [
      `var<storage, read_write> y: array<f32, ${size}>`,
      ...(index ? [`var<storage, read_write> index: array<u32, ${size}>`] : []),
    ],
    storesPerSum: (index ? 2 : 1) / (window[0] * window[1]),
    loadsPerSum: 0,
    // The bits tell a NaN, because WGSL lets a compiler assume that value != value is false.
    functions: `fn better(value: f32, best: f32) -> bool {
  return (value > best) | ((bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u);
}`,
    store: ({ g, channel, inside, columns, value }) => {
      const whole = windows[1] * window[1];
      const texts = upTo(columns / window[1]).map((v) => {
        const seen = upTo(window[0]).flatMap((i) => upTo(window[1]).map((s) => [i, v * window[1] + s] as const));
        let [best, place] = ['', ''];
        const steps = seen.map(([i, j], at) => {
          const own = `${i * width + j}u`;
          if (at === 0) {
            [best, place] = [value(i, j), own];
            return '';
          }
          const name = `${g}_${v}_${at}`;
          const text = [
            `let better${name} = better(${value(i, j)}, ${best});`,
            `let best${name} = select(${best}, ${value(i, j)}, better${name});`,
            ...(index ? [`let place${name} = select(${place}, ${own}, better${name});`] : []),
          ];
          [best, place] = [`best${name}`, `place${name}`];
          return text.join(' ');
        });
        const last = (columns / window[1]) * window[1];
        const mayEnd = whole % last > 0 ? [`(left${plus(v * window[1])} < ${whole}u)`] : [];
        const writes = [
          `y[to${g}${plus(v)}] = ${relu ? RELU(best) : best};`,
          ...(index ? [`index[to${g}${plus(v)}] = top * ${width}u + left + ${place};`] : []),
        ];
        return `${steps.join(' ')} ${guarded([...inside, ...mayEnd], writes.join(' '))}`;
      });
      const at = `((n * ${K}u + ${channel}) * ${windows[0]}u + top / ${window[0]}u) * ${windows[1]}u + left / ${window[1]}u`;
      return `let to${g} = ${at};\n    ${texts.join('\n    ')}`;
    },
  };
};

export interface PixelStore {
  readonly to: string;
  readonly N: number;
  readonly K: number;
  readonly P: number;
  readonly Q: number;
  readonly relu: boolean;
  /** Whether a pixel counts only where another image of the same size, `gate`, is above zero. */
  readonly gate: boolean;
}

/** Every sum is a pixel of its own. */
export const pixelStore = ({ to, N, K, P, Q, relu, gate }: PixelStore): ConvStore => ({
  bindings: [
    ...(gate ? [`var<storage, read> gate: array<f32, ${N * K * P * Q}>`] : []),
    `var<storage, read_write> ${to}: array<f32, ${N * K * P * Q}>`,
  ],
  functions: '',
  storesPerSum: 1,
  loadsPerSum: gate ? 1 : 0,
  store: ({ g, channel, inside, rows, columns, value }) => {
    const texts = upTo(rows).map((i) => {
      const at = `let to${g}_${i} = ((n * ${K}u + ${channel}) * ${P}u + top${plus(i)}) * ${Q}u + left;`;
      const below = P % rows > 0 ? [`(top${plus(i)} < ${P}u)`] : [];
      const stores = upTo(columns).map((j) => {
        const place = `to${g}_${i}${plus(j)}`;
        const sum = relu ? RELU(value(i, j)) : value(i, j);
        const shown = gate ? `select(0.0, ${sum}, gate[${place}] > 0.0)` : sum;
        const before = Q % columns > 0 ? [`(left${plus(j)} < ${Q}u)`] : [];
        return guarded([...inside, ...below, ...before], `${to}[${place}] = ${shown};`);
      });
      return `${at} ${stores.join(' ')}`;
    });
    return texts.join('\n    ');
  },
});
