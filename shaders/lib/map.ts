import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { addressOf } from './address.js';
import type { Functions } from './functions.js';
import { LINEAR_LANES, spread } from './linear.js';

export interface MapParams {
  /** The op: `exp` runs as `mapExp`, because an entry point named `exp` would hide WGSL's own. */
  readonly op: string;
  readonly operands: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly shape: readonly number[];
  /** The body of a WGSL function of the operands' elements, by their names; it returns the element of the result. */
  readonly formula: string;
  /** Functions that the body calls. */
  readonly functions?: Functions;
}

/** result[i] = formula(an element of each operand); operands of another shape are read through their broadcast address. */
export const map = ({ op, operands, shape, formula, functions = [] }: MapParams): string => wgsl`
${operands.map((x, i) => `@group(0) @binding(${i}) var<storage, read> ${x.name}: array<f32, ${sizeOf(x.shape)}>;`).join('\n')}
@group(0) @binding(${operands.length}) var<storage, read_write> result: array<f32, ${sizeOf(shape)}>;

${[...new Set(functions)].join('\n')}

fn formula(${operands.map((x) => `${x.name}: f32`).join(', ')}) -> f32 {
  ${formula}
}

fn element(i: u32) {
  result[i] = formula(${operands.map((x) => `${x.name}[${addressOf('i', shape, x.shape)}]`).join(', ')});
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn map${op.charAt(0).toUpperCase()}${op.slice(1)}(@builtin(global_invocation_id) id: vec3u) {
  ${spread(sizeOf(shape))}
}`;

/** The formula of a member of a family, given the op's constants. */
export interface Formula<Constants extends object> {
  body(constants: Constants): string;
  readonly functions: Functions;
}

/** A formula that is one expression, and the functions that it calls. */
export const expression = <Constants extends object = object>(
  text: string | ((constants: Constants) => string),
  ...functions: readonly Functions[]
): Formula<Constants> => ({
  body: (constants) => `return ${typeof text === 'string' ? text : text(constants)};`,
  functions: functions.flat(),
});

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
