// Kernels with arrays in f16: their text as it is, but loads of these arrays widen and stores narrow.

import { declarationsOf } from './bindings.js';

/** Arrays of workgroup memory in which operands of products are staged, by the names that kernels give them. */
const STAGED = /^var<workgroup> (tileA|tileB|filters): array<(f32|vec4f), (\d+)>;$/gm;

/** Whether a kernel stages operands of products, so that they can be staged in f16. */
export const stages = (code: string): boolean => code.search(STAGED) >= 0;

/** How elements of an array are widened, and narrowed. */
interface Width {
  readonly widen: string;
  readonly narrow: string;
}

const ONE: Width = { widen: 'f32', narrow: 'toHalf' };
const FOUR: Width = { widen: 'vec4f', narrow: 'toHalves' };

/** Whether a binding can be in f16: it is an array of f32 of which only elements are read and written. */
export function canNarrow(code: string, name: string): boolean {
  const declared = declarationsOf(code).find((binding) => binding.name === name);
  if (declared === undefined || !/^array<f32, \d+>$/.test(declared.type)) return false;
  return rewritten(withoutDeclaration(code, name), new Map([[name, ONE]])) !== undefined;
}

/**
 * A kernel with these bindings in f16, and what it stages; undefined if one of them cannot be.
 *
 * Numbers are narrowed by their bits, to the nearest f16 and to the even one of two, so that every adapter stores the
 * same: WGSL lets a conversion choose either neighbour, and leaves open what becomes of an infinity or a NaN, which the
 * guard must see.
 */
export function narrowed(code: string, names: ReadonlySet<string>): string | undefined {
  const widths = new Map<string, Width>([...names].map((name) => [name, ONE]));
  const places: string[] = [];
  const aside = (text: string): string => `@@${places.push(text) - 1}@@`;
  let text = code.replace(STAGED, (_, name: string, type: string, count: string) => {
    widths.set(name, type === 'f32' ? ONE : FOUR);
    return aside(`var<workgroup> ${name}: array<${type === 'f32' ? 'f16' : 'vec4h'}, ${count}>;`);
  });
  if (widths.size === 0) return code;
  for (const name of names)
    text = text.replace(declarationOf(name), (all) => aside(all.replace('array<f32', 'array<f16')));
  const body = rewritten(text, widths);
  if (body === undefined) return undefined;
  const whole = body.replace(/@@(\d+)@@/g, (_, at: string) => places[Number(at)] ?? '');
  const used = [...widths.values()];
  return `enable f16;\n${whole}\n${HALF_BITS}\n${used.includes(ONE) ? `${TO_HALF}\n` : ''}${used.includes(FOUR) ? `${TO_HALVES}\n` : ''}`;
}

const declarationOf = (name: string): RegExp => new RegExp(`var<storage(?:,\\s*\\w+)?>\\s*${name}\\s*:[^;]+;`);

const withoutDeclaration = (code: string, name: string): string => code.replace(declarationOf(name), '');

/** A text whose loads widen and whose stores narrow; undefined where an array is used otherwise than by elements. */
function rewritten(text: string, widths: ReadonlyMap<string, Width>): string | undefined {
  const pattern = new RegExp(`(?<![.\\w])(${[...widths.keys()].join('|')})\\b`, 'g');
  let result = '';
  let from = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const name = match[1] ?? '';
    const { widen, narrow } = widths.get(name) ?? ONE;
    const open = match.index + name.length;
    if (text[open] !== '[' || /&\s*$/.test(text.slice(0, match.index))) return undefined;
    const close = closing(text, open);
    const index = rewritten(text.slice(open + 1, close), widths);
    if (index === undefined) return undefined;
    const element = `${name}[${index}]`;
    result += text.slice(from, match.index);
    const [assigned = '', operator = ''] = /^\s*([-+*/]?)=(?!=)/.exec(text.slice(close + 1)) ?? [];
    if (assigned === '') {
      result += `${widen}(${element})`;
      from = close + 1;
    } else {
      const start = close + 1 + assigned.length;
      const end = text.indexOf(';', start);
      const value = rewritten(text.slice(start, end), widths)?.trim();
      if (value === undefined) return undefined;
      const whole = operator === '' ? value : `${widen}(${element}) ${operator} (${value})`;
      result += `${element} = ${narrow}(${whole})`;
      from = end;
    }
    pattern.lastIndex = from;
  }
  return result + text.slice(from);
}

/** The place of the bracket that closes the one at `open`. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '[') depth++;
    if (text[at] === ']' && --depth === 0) return at;
  }
  return text.length;
}

/** WGSL: `halfBits`, by which numbers are narrowed. */
export const HALF_BITS = `
// The word of the nearest f16: by rounding in the fraction, or where that is below 2⁻¹⁴ by adding a number beside which no
// smaller step is left. What rounds past 65,504 is an infinity, and a NaN stays one.
fn halfBits(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  let size = bits & 0x7fffffffu;
  let normal = ((size + 0x0fffu + ((size >> 13u) & 1u)) >> 13u) - 0x1c000u;
  let small = bitcast<u32>(bitcast<f32>(min(size, 0x38800000u)) + 0.5) - 0x3f000000u;
  let finite = select(min(normal, 0x7c00u), small, size < 0x38800000u);
  return ((bits >> 16u) & 0x8000u) | select(finite, 0x7e00u, size > 0x7f800000u);
}`;

const TO_HALF = 'fn toHalf(value: f32) -> f16 { return bitcast<vec2h>(halfBits(value)).x; }';

const TO_HALVES = `fn toHalves(value: vec4f) -> vec4h {
  let low = halfBits(value.x) | (halfBits(value.y) << 16u);
  let high = halfBits(value.z) | (halfBits(value.w) << 16u);
  return bitcast<vec4h>(vec2u(low, high));
}`;
