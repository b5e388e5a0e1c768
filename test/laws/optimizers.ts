import type { Tensor } from '../../src/graph/graph.js';
import { clipFactor } from '../../src/ops/clipFactor.js';
import { ALL_FINITE } from '../../src/ops/control.js';
import { adagradUpdate, adamUpdate, lionUpdate, rmspropUpdate, sgdUpdate } from '../../src/ops/optimizers.js';
import type { Segment, Update, UpdateAttrs } from '../../src/ops/updates.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const u32 = (...values: number[]): KernelOperand => ({ shape: [values.length], dtype: 'u32', values });
const f32 = (shape: readonly number[], ...values: number[]): KernelOperand => ({ shape, values });
const cycle = (size: number, ...values: number[]): KernelOperand =>
  f32([size], ...Array.from({ length: size }, (_, i) => values[i % values.length]!));

/** Of every size that f32 squares, 0 among them. */
const gradientsOf = (size: number): KernelOperand => cycle(size, 0, 1e-30, -3e-4, 0.7, -1e4);

/** Three rows; step 4 has the second. */
const rates = f32([3, 4], 9, 9, 9, 9, 0.01, 0.02, 0.3, 0, 9, 9, 9, 9);

/** What the states may hold after some steps: moments of either sign, mean squares with room for a square of a mean. */
const statesOf = (name: string, size: number): KernelOperand | readonly number[] => {
  if (name === 's') return cycle(size, 1.5, 2, 3e3, 1.25);
  return name === 'v2' ? cycle(size, 0, 1e-12, 3e-4, 0.7) : [size];
};

/** Without hidden types: a list holds updates of every kind. */
interface UpdateCase {
  readonly title: string;
  readonly states: readonly string[];
  readonly build: (operands: readonly Tensor[], more?: Partial<UpdateAttrs>) => readonly Tensor[];
}

const updateCase = <Attrs extends UpdateAttrs>(title: string, update: Update<Attrs>, attrs: Attrs): UpdateCase => ({
  title: `${update.name} ${title}`,
  states: update.states(attrs).map((state) => (update.name === 'adam' && state === 'v' ? 'v2' : state)),
  build: (operands, more = {}) => update.apply(operands, { ...attrs, ...more }),
});

const rms = { alpha: 0.9, epsilon: 1e-2, momentum: 0, centered: false, weightDecay: 0 };
const cases: readonly UpdateCase[] = [
  updateCase('plain', sgdUpdate, { momentum: 0, nesterov: false, weightDecay: 0 }),
  updateCase('with momentum', sgdUpdate, { momentum: 0.9, nesterov: false, weightDecay: 0 }),
  updateCase('with nesterov and decay', sgdUpdate, { momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  updateCase('plain', adamUpdate, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }),
  updateCase('with decay', adamUpdate, { beta1: 0.5, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1 }),
  updateCase('with decay apart', adamUpdate, {
    beta1: 0.5,
    beta2: 0.9,
    epsilon: 1e-3,
    weightDecay: 0.1,
    decoupled: true,
  }),
  updateCase('plain', rmspropUpdate, rms),
  updateCase('with momentum', rmspropUpdate, { ...rms, momentum: 0.5 }),
  updateCase('centered, with decay', rmspropUpdate, { ...rms, centered: true, weightDecay: 0.1 }),
  updateCase('with everything', rmspropUpdate, { ...rms, momentum: 0.5, centered: true, weightDecay: 0.1 }),
  updateCase('plain', adagradUpdate, { epsilon: 1e-10, weightDecay: 0 }),
  updateCase('with decay', adagradUpdate, { epsilon: 1e-3, weightDecay: 0.1 }),
  updateCase('plain', lionUpdate, { beta1: 0.9, beta2: 0.99, weightDecay: 0 }),
  updateCase('with decay', lionUpdate, { beta1: 0.5, beta2: 0.75, weightDecay: 0.1 }),
];

interface Change {
  readonly guard?: number;
  readonly gradients?: KernelOperand;
  /** What all gradients are multiplied with. */
  readonly factor?: number;
  readonly more?: Partial<UpdateAttrs>;
  /** The states take what is made, so that the kernel finds them where it writes. */
  readonly inPlace?: boolean;
}

const law = (title: string, { states, build }: UpdateCase, size: number, change: Change = {}): GpuLaw => {
  const { guard = ALL_FINITE, gradients = gradientsOf(size), factor, more, inPlace = false } = change;
  // Three states lie in one arena, as an optimizer has them: with a factor there are more bindings than an adapter has.
  const shared = states.length > 2 ? { arena: 'states' } : {};
  const inputs: Record<string, KernelOperand | readonly number[]> = { p: [size], g: gradients };
  for (const state of states) {
    const given = statesOf(state, size);
    inputs[state] = 'shape' in given ? { ...given, ...shared } : { shape: given, ...shared };
  }
  Object.assign(inputs, { rates, step: u32(4), guard: u32(guard) }, factor === undefined ? {} : { f: f32([], factor) });
  return kernelLaw(title, {
    inputs,
    build: (operands) => {
      const made = build(Object.values(operands), more);
      const [p, , ...own] = Object.values(operands);
      if (inPlace) made.forEach((value, i) => p!.graph.assign(i === 0 ? p! : own[i - 1]!, value));
      return made;
    },
  });
};

/** Five stretches, two of them frozen, one of these the first. */
const segments: readonly Segment[] = [
  { start: 0, rateFactor: 1, weightDecay: 0, trained: false },
  { start: 64, rateFactor: 0.1, weightDecay: 0.5, trained: true },
  { start: 128, rateFactor: 3, weightDecay: 0, trained: true },
  { start: 192, rateFactor: 1, weightDecay: 0.25, trained: false },
  { start: 320, rateFactor: 1, weightDecay: 0.25, trained: true },
];

const updates = cases.flatMap((each) => [
  ...[7, 255, 1024].map((size) => law(`${each.title}, ${size} weights`, each, size)),
  law(`${each.title} writes its arenas where they are`, each, 65, { inPlace: true }),
  law(`${each.title}, five segments, scaled and clipped`, each, 384, {
    factor: 0.25,
    more: { segments, most: 0.125 },
    inPlace: true,
  }),
  law(`${each.title} changes nothing once the guard is set`, each, 7, {
    guard: 1,
    gradients: f32([7], NaN, Infinity, 1, 2, 3, 4, 5),
  }),
]);

const norms = Object.entries({
  'of small slopes, which stay': [cycle(2100, 1e-3, -1e-4), 1],
  'of large slopes': [cycle(2100, 30, -4, 0), 0.5],
  'of slopes whose squares are infinite': [cycle(130, 3e38, -1e30, 1e-3), 1],
  'of slopes whose squares are 0': [cycle(70, 1e-30, -1e-42), 1e-9],
  'of nothing but zeros': [cycle(64, 0), 1],
  'of one slope': [f32([1], -8), 2],
  'of more slopes than parts': [{ shape: [70_000] }, 3],
} as const).map(([title, [g, most]]) =>
  kernelLaw(`the factor ${title}`, { inputs: { g }, build: (operands) => clipFactor(operands['g']!, most) }),
);

export const optimizerLaws: readonly GpuLaw[] = [...updates, ...norms];
