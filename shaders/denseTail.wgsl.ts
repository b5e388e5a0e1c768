import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { headRow, type HeadParams } from './lossHead.wgsl.js';
import { swap } from './lib/quad.js';
import { chain, guarded, lines, plus, upTo } from './lib/rowTile.js';

// The end of a net in one kernel, for software adapters: dense layers, the loss of each image, and the way back through
// the same layers.
//
//   h[l] = relu(h[l−1]·w[l]ᵀ + b[l]), without relu for the logits;  loss and dlogits as in lossHead.wgsl.ts
//   d[l−1] = d[l]·w[l] where h[l−1] > 0
//
// An image is an invocation, so nobody waits for anybody: what it stores of one layer it loads for the next. It holds
// the numbers of a layer in named scalars and walks the outputs four by four; the four invocations of a quad load the
// weights of one output each, and swap them.

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

/** A quad of images a workgroup. */
export const tailGroups = ({ head: { N } }: TailParams): readonly [number, number, number] => [Math.ceil(N / 4), 1, 1];

export const denseTail = (p: TailParams): string => {
  const { head, layers, back } = p;
  const { N, C } = head;
  const last = layers.length - 1;
  const isWhole = N % 4 === 0;
  const alive = isWhole ? [] : ['alive'];
  /** What layer l reads and writes. */
  const input = (l: number): string => (l === 0 ? 'x' : `h${l - 1}`);
  const output = (l: number): string => (l === last ? 'logits' : `h${l}`);
  const slope = (l: number): string => (l === last ? 'dx' : `d${l}`);

  /** A loop over four of `count` results at once: result r of an invocation is number `at + (lane ^ r)`. */
  const walk = (
    count: number,
    terms: number,
    weightAt: (own: string, term: number) => string,
    held: (term: number) => string,
    weights: string,
    start: (r: number) => string,
    store: (r: number, at: string, value: string) => string,
  ): string => `for (var at = 0u; at < ${count}u; at += 4u) {
    let own = min(at + lane, ${count - 1}u);
    ${lines(upTo(terms), (t) => `let own_${t} = ${weights}[${weightAt('own', t)}];`)}
    ${lines(upTo(4), (r) => {
      const factors = upTo(terms).map((t) => `let w${r}_${t} = ${swap(r, `own_${t}`)};`);
      const sum = chain(
        `s${r}`,
        upTo(terms).map((t) => [held(t), `w${r}_${t}`] as const),
        start(r),
      );
      const inside = [...alive, ...(count % 4 === 0 ? [] : [`(at + other${r} < ${count}u)`])];
      const place = count % 4 === 0 ? `at + other${r}` : `min(at + other${r}, ${count - 1}u)`;
      return [...factors, sum, `let at${r} = ${place};`, guarded(inside, store(r, `at${r}`, `s${r}`))].join(' ');
    })}
  }`;

  const forward = (l: number): string => {
    const { inputs, outputs, bias } = layers[l] as TailLayer;
    const names = (t: number): string => `v${t}`;
    return `{
    ${lines(upTo(inputs), (t) => `let ${names(t)} = ${input(l)}[n * ${inputs}u${plus(t)}];`)}
    ${walk(
      outputs,
      inputs,
      (own, t) => `${own} * ${inputs}u${plus(t)}`,
      names,
      `w${l}`,
      (r) => (bias ? `b${l}[min(at + other${r}, ${outputs - 1}u)]` : '0.0'),
      (_, at, value) =>
        `${output(l)}[n * ${outputs}u + ${at}] = ${l === last ? value : `select(${value}, 0.0, ${value} <= 0.0)`};`,
    )}
  }`;
  };

  const backward = (l: number): string => {
    const { inputs, outputs } = layers[l] as TailLayer;
    const names = (t: number): string => `v${t}`;
    const isGated = l > 0 || back === 'gated';
    const to = l === 0 ? 'back' : `d${l - 1}`;
    return `{
    ${lines(upTo(outputs), (t) => `let ${names(t)} = ${slope(l)}[n * ${outputs}u${plus(t)}];`)}
    ${walk(
      inputs,
      outputs,
      (own, t) => `${t * inputs}u + ${own}`,
      names,
      `w${l}`,
      () => '0.0',
      (_, at, value) => {
        const place = `n * ${inputs}u + ${at}`;
        return `${to}[${place}] = ${isGated ? `select(0.0, ${value}, ${input(l)}[${place}] > 0.0)` : value};`;
      },
    )}
  }`;
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
  // All invocations of a quad must reach every swap, so those past the end compute the last image and store nothing.
  let image = id.x * 4u + lane;
  let n = min(image, ${N - 1}u);
#if ${!isWhole}
  let alive = image < ${N}u;
#endif
  ${upTo(layers.length).map(forward).join('\n  ')}
#if ${isWhole}
  let own = row(n);
  rows[n] = own.loss;
  rows[${N}u + n] = f32(own.hit);
#else
  if (alive) {
    let own = row(n);
    rows[n] = own.loss;
    rows[${N}u + n] = f32(own.hit);
  }
#endif
  ${wayBack.map(backward).join('\n  ')}
}`;
};
