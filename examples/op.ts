// An op of one's own: what it means, how it is computed, and a net that trains with it.

import { adam, digits, layers, openDevice, sequential, Trainer, type Layer } from 'weft-gpu';
import { defineOp, evaluate, kernels, type Kernel, type Op } from 'weft-gpu/lab';
import { openDawn } from 'weft-gpu/node';

/** y = x / (1 + |x|), the softsign. `at` is one element in f64: the engine's checks hold kernels against it. */
const softsignOp: Op<object> = defineOp('softsign', {
  arity: 1,
  infer: ([x]) => [{ shape: x.shape, dtype: 'f32' }],
  at: ([x], index) => x.at(...index) / (1 + Math.abs(x.at(...index))),
  terms: () => 4, // roundings of one element, from which the bound on its error follows
  gradient: (dy, [x]) => [() => softsignGrad.one([dy, x], {})],
});

/** dx = dy / (1 + |x|)² */
const softsignGrad: Op<object> = defineOp('softsignGrad', {
  arity: 2,
  infer: ([, x]) => [{ shape: x.shape, dtype: 'f32' }],
  at: ([dy, x], index) => dy.at(...index) / (1 + Math.abs(x.at(...index))) ** 2,
  terms: () => 8,
});

/** A kernel that makes each element from those of the operands at the same place. */
const elementwise = (op: Op<object>, operands: readonly string[], value: string): Kernel => ({
  name: op.name,
  match: (node) => {
    const [y] = node.outputs;
    if (op.attrsOf(node) === undefined || y === undefined) return undefined;
    const size = y.shape.reduce((product, length) => product * length, 1);
    const inputs = operands.map(
      (name, i) => `@group(0) @binding(${i}) var<storage, read> ${name}: array<f32, ${size}>;`,
    );
    const code = `${inputs.join('\n')}
@group(0) @binding(${operands.length}) var<storage, read_write> y: array<f32, ${size}>;

@compute @workgroup_size(64)
fn ${op.name}(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= ${size}u) { return; }
  y[i] = ${value};
}`;
    const bind = Object.fromEntries([...operands.map((name, i) => [name, node.inputs[i] ?? y] as const), ['y', y]]);
    const steps = () => [{ code, bind, groups: [Math.ceil(size / 64), 1, 1] as const, flops: 3 * size }];
    return { nodes: [node], variants: [{ name: 'plain', dialect: 'any', steps }] };
  },
});

/** Ours come first, then the engine's. */
const all = [
  elementwise(softsignOp, ['x'], 'x[i] / (1.0 + abs(x[i]))'),
  elementwise(softsignGrad, ['dy', 'x'], 'dy[i] / ((1.0 + abs(x[i])) * (1.0 + abs(x[i])))'),
  ...kernels,
];

const device = await openDevice(await openDawn());

// The kernels beside the formulas, gradient included.
const x = { shape: [7], data: Float32Array.of(-1000, -2, -0.5, 0, 0.5, 2, 1000) };
const byFormula = await evaluate(({ x }) => softsignOp.one([x], {}), { x });
const onGpu = await evaluate(({ x }) => softsignOp.one([x], {}), { x }, { device, kernels: all });
const errors = (a?: Float32Array, b?: Float32Array) =>
  [...(a ?? [NaN])].map((value, i) => Math.abs(value - (b?.[i] ?? NaN)));
export const error = Math.max(
  ...errors(onGpu.value, byFormula.value),
  ...errors(onGpu.gradients['x'], byFormula.gradients['x']),
);
console.log('largest error of softsign and its gradient:', error);

// A layer of it, in a net that trains.
const softsign = (): Layer => ({ label: 'softsign', apply: (input) => softsignOp.one([input], {}) });
const { dense, flatten } = layers;
const net = sequential('own', [1, 28, 28], flatten(), dense(32), softsign(), dense(10));
const trainer = await Trainer.open({ device, net, data: digits(), optimizer: adam(), kernels: all });
for await (const _ of trainer.fit({ steps: 60 }));
export const { accuracy } = await trainer.evaluate();
console.log('on the test images:', accuracy);
