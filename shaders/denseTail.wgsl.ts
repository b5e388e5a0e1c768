import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { headRow, type HeadParams } from './lossHead.wgsl.js';
import { swap } from './lib/quad.js';
import { addProducts, guarded, lines, plus, upTo } from './lib/rowTile.js';

// The end of a net in one kernel, for software adapters: dense layers, the loss of each image, and the way back through
// the same layers.
//
//   h[l] = relu(h[l−1]·w[l]ᵀ + b[l]), without relu for the logits;  loss and dlogits as in lossHead.wgsl.ts
//   d[l−1] = d[l]·w[l] where h[l−1] > 0
//
// An invocation takes its images all the way, so nobody waits for anybody: what it stores of one layer it loads for the next. The four
// invocations of a quad load the weights of one output each, and swap them.

/** A dense layer, the last of them without relu. */
export interface TailLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly bias: boolean;
}

export interface TailParams {
  readonly head: HeadParams;
  readonly layers: readonly TailLayer[];
  /** Whether the gradient of the first layer's input is wanted, and only where that input is above 0. */
  readonly back: 'none' | 'plain' | 'gated';
}

/** Results of a layer that an invocation sums at once, and terms that it adds to each in one expression. */
const BLOCK = 12;
const CHUNK = 8;

/** Images of an invocation: the more, the less often a weight is loaded; but there must be work for some cores. */
const imagesOf = ({ head: { N } }: TailParams): number => [4, 2].find((images) => N >= 16 * images) ?? 1;

/** A quad of invocations a workgroup. */
export const tailGroups = (p: TailParams): readonly [number, number, number] => [
  Math.ceil(p.head.N / (4 * imagesOf(p))),
  1,
  1,
];

export const denseTail = (p: TailParams): string => {
  const { head, layers, back } = p;
  const { N, C } = head;
  const last = layers.length - 1;
  const images = imagesOf(p);
  const isWhole = N % (4 * images) === 0;
  const alive = (i: number): readonly string[] => (isWhole ? [] : [`(first + ${i}u < ${N}u)`]);
  /** What layer l reads and writes. */
  const input = (l: number): string => (l === 0 ? 'x' : `h${l - 1}`);
  const output = (l: number): string => (l === last ? 'logits' : `h${l}`);
  const slope = (l: number): string => (l === last ? 'dx' : `d${l}`);

  /**
   * The results of a layer, `BLOCK` at once: result r of group g is number `at + 4g + (lane ^ r)` to an invocation. Terms
   * are added in chunks, which saves what a sum costs that a loop carries.
   */
  const walk = (
    count: number,
    terms: number,
    load: (n: string, term: string) => string,
    weight: (own: string, term: string) => string,
    start: (at: string) => string,
    store: (n: string, at: string, value: string) => string,
  ): string => {
    const groups = upTo(Math.min(BLOCK, Math.ceil(count / 4) * 4) / 4);
    const each = groups.flatMap((g) => upTo(4).map((r) => [g, r] as const));
    const sums = upTo(images).flatMap((i) => each.map(([g, r]) => [i, g, r] as const));
    const chunk = (from: string, size: number): string => {
      const values = upTo(images).flatMap((i) =>
        upTo(size).map((t) => `let v${i}_${t} = ${load(`n${i}`, `${from}${plus(t)}`)};`),
      );
      const products = groups.map((g) => {
        const loads = upTo(size).map((t) => `let own${t} = ${weight(`first${g}`, `${from}${plus(t)}`)};`);
        const texts = upTo(4).map((r) => {
          const factors = upTo(size).map((t) => `let w${r}_${t} = ${swap(r, `own${t}`)};`);
          const adds = upTo(images).map((i) =>
            addProducts(
              `s${i}_${g}_${r}`,
              upTo(size).map((t) => [`v${i}_${t}`, `w${r}_${t}`] as const),
            ),
          );
          return [...factors, ...adds].join(' ');
        });
        return `{ ${[...loads, ...texts].join('\n      ')} }`;
      });
      return [...values, ...products].join('\n      ');
    };
    const place = (g: number, r: number): string => `at + ${4 * g}u + other${r}`;
    const bounded = (g: number, r: number): string => `min(${place(g, r)}, ${count - 1}u)`;
    const whole = Math.floor(terms / CHUNK) * CHUNK;
    return `for (var at = 0u; at < ${count}u; at += ${4 * groups.length}u) {
    ${lines(groups, (g) => `let first${g} = min(at + ${4 * g}u + lane, ${count - 1}u);`)}
    ${lines(each, ([g, r]) => {
      const from = `let at${g}_${r} = ${bounded(g, r)}; let start${g}_${r} = ${start(`at${g}_${r}`)};`;
      return [from, ...upTo(images).map((i) => `var s${i}_${g}_${r} = start${g}_${r};`)].join(' ');
    })}
    for (var t = 0u; t < ${whole}u; t += ${CHUNK}u) {
      ${chunk('t', Math.min(CHUNK, terms))}
    }
    {
      ${whole < terms ? chunk(`${whole}u`, terms - whole) : ''}
    }
    ${lines(sums, ([i, g, r]) => {
      const inside = [...alive(i), ...(count % (4 * groups.length) === 0 ? [] : [`(${place(g, r)} < ${count}u)`])];
      return guarded(inside, store(`n${i}`, `at${g}_${r}`, `s${i}_${g}_${r}`));
    })}
  }`;
  };

  const forward = (l: number): string => {
    const { inputs, outputs, bias } = layers[l] as TailLayer;
    return walk(
      outputs,
      inputs,
      (n, t) => `${input(l)}[${n} * ${inputs}u + ${t}]`,
      (own, t) => `w${l}[${own} * ${inputs}u + ${t}]`,
      (at) => (bias ? `b${l}[${at}]` : '0.0'),
      (n, at, value) =>
        `${output(l)}[${n} * ${outputs}u + ${at}] = ${l === last ? value : `select(${value}, 0.0, ${value} <= 0.0)`};`,
    );
  };

  const backward = (l: number): string => {
    const { inputs, outputs } = layers[l] as TailLayer;
    const isGated = l > 0 || back === 'gated';
    const to = l === 0 ? 'back' : `d${l - 1}`;
    return walk(
      inputs,
      outputs,
      (n, t) => `${slope(l)}[${n} * ${outputs}u + ${t}]`,
      (own, t) => `w${l}[(${t}) * ${inputs}u + ${own}]`,
      () => '0.0',
      (n, at, value) => {
        const place = `${n} * ${inputs}u + ${at}`;
        return `${to}[${place}] = ${isGated ? `select(0.0, ${value}, ${input(l)}[${place}] > 0.0)` : value};`;
      },
    );
  };

  const written = [
    ...upTo(last).map((l) => [`h${l}`, N * (layers[l]?.outputs ?? 0)] as const),
    ['logits', N * C] as const,
    ['dx', N * C] as const,
    ...upTo(last).map((l) => [`d${l}`, N * (layers[l]?.outputs ?? 0)] as const),
    ...(back === 'none' ? [] : [['back', N * (layers[0]?.inputs ?? 0)] as const]),
    ['rows', 2 * N] as const,
  ];
  const bindings = [
    `var<storage, read> x: array<f32, ${N * (layers[0]?.inputs ?? 0)}>`,
    ...layers.flatMap(({ inputs, outputs, bias }, l) => [
      `var<storage, read> w${l}: array<f32, ${inputs * outputs}>`,
      ...(bias ? [`var<storage, read> b${l}: array<f32, ${outputs}>`] : []),
    ]),
    `var<storage, read> labels: array<u32, ${N}>`,
    'var<storage, read> live: array<u32, 1>',
    ...(head.seed === undefined ? ['var<storage, read> seed: array<f32, 1>'] : []),
    ...written.map(([name, size]) => `var<storage, read_write> ${name}: array<f32, ${size}>`),
  ];
  const wayBack = upTo(layers.length)
    .reverse()
    .filter((l) => l > 0 || back !== 'none');

  return wgsl`enable subgroups;

${bindings.map((binding, number) => `@group(0) @binding(${number}) ${binding};`).join('\n')}
${headRow(head)}

@compute @workgroup_size(4, 1, 1)
fn denseTail(@builtin(workgroup_id) id: vec3u, @builtin(subgroup_invocation_id) invocation: u32) {
  let lane = invocation & 3u;
${lines(upTo(4), (r) => `let other${r} = lane ^ ${r}u;`)}
  // All invocations of a quad must reach every swap, so those past the end compute the last image and store
  // nothing.
  let first = id.x * ${4 * images}u + lane * ${images}u;
${lines(upTo(images), (i) => `let n${i} = min(first + ${i}u, ${N - 1}u);`)}
  ${upTo(layers.length).map(forward).join('\n  ')}
${lines(upTo(images), (i) =>
  isWhole
    ? `let row${i} = row(n${i}); rows[n${i}] = row${i}.loss; rows[${N}u + n${i}] = f32(row${i}.hit);`
    : `if (${alive(i).join('')}) { let own = row(n${i}); rows[n${i}] = own.loss; rows[${N}u + n${i}] = f32(own.hit); }`,
)}
  ${wayBack.map(backward).join('\n  ')}
}`;
};
