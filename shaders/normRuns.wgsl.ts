import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_ROW } from './lib/linear.js';
import { lines } from './lib/tile.js';
import {
  groupAt,
  normaliseBindings,
  normaliseGradBindings,
  type NormaliseGradParams,
  type NormaliseParams,
} from './norms.wgsl.js';

// `normalise` and `normaliseGrad` of norms.wgsl.ts for software adapters, with the same roundings: an invocation takes a run
// of neighbours that share statistics and weight, loads those once and divides no address. An element then costs a load
// or two and a store, where it cost five to nine loads.

/** Elements of one turn of the loop. */
const CHUNK = 8;

export interface RunParams {
  /** Elements of an invocation: a divisor of every group's and every channel's run. */
  readonly run: number;
  /** Invocations of a workgroup. */
  readonly lanes: number;
}

/** Workgroups over the runs of so many elements. */
export const runGroups = (size: number, { run, lanes }: RunParams): [number, number, number] => {
  const workgroups = Math.ceil(size / run / lanes);
  const row = LINEAR_ROW / lanes;
  return [Math.min(workgroups, row), Math.ceil(workgroups / row), 1];
};

/** WGSL: the entry point's head, with `start` the first element of the invocation's run. */
const head = (name: string, size: number, { run, lanes }: RunParams): string => `
@compute @workgroup_size(${lanes}, 1, 1)
fn ${name}(@builtin(global_invocation_id) id: vec3u) {
  let own = id.y * ${LINEAR_ROW}u + id.x;
  if (own >= ${size / run}u) { return; }
  let start = own * ${run}u;`;

/** WGSL: calls `element` with the place of each element of the run. */
function elements(run: number, element: (i: string) => string): string {
  const whole = Math.floor(run / CHUNK);
  const chunk = lines(CHUNK, (q) => `{ let i = at + ${q}u; ${element('i')} }`);
  const rest = lines(run - whole * CHUNK, (r) => `{ let i = start + ${whole * CHUNK + r}u; ${element('i')} }`);
  const loop = `for (var q = 0u; q < ${whole}u; q++) { let at = start + ${CHUNK}u * q; ${chunk} }`;
  return `${whole === 0 ? '' : loop}\n${rest}`;
}

export interface NormaliseRunParams extends NormaliseParams, RunParams {}

export const normaliseRuns = (p: NormaliseRunParams) => wgsl`
${normaliseBindings(p)}

${head('normaliseRuns', p.size, p)}
  let i = start;
  let g = ${groupAt(p.groups, p.size)};
  let mean = statistics[g];
  let inverse = statistics[${p.groups.count}u + g];
#if ${p.weight || p.bias}
  let c = ${groupAt(p.channels, p.size)};
#endif
#if ${p.weight}
  let w = weight[c];
#endif
#if ${p.bias}
  let b = bias[c];
#endif
  ${elements(p.run, (at) => {
    const scaled = `(x[${at}] - mean) * inverse${p.weight ? ' * w' : ''}${p.bias ? ' + b' : ''}`;
    return p.relu ? `let v = ${scaled}; y[${at}] = select(v, 0.0, v <= 0.0);` : `y[${at}] = ${scaled};`;
  })}
}`;

export interface NormaliseGradRunParams extends NormaliseGradParams, RunParams {}

export const normaliseGradRuns = (p: NormaliseGradRunParams) => {
  const product = p.groups.count * p.groups.run;
  const slope = p.weight && p.inside ? (at: string) => `dy[${at}] * w` : (at: string) => `dy[${at}]`;
  const through = (at: string): string => `(x[${at}] - mean) * inverse * second${p.centred ? ' + first' : ''}`;
  return wgsl`
${normaliseGradBindings(p)}

${head('normaliseGradRuns', p.size, p)}
  let i = start;
  let g = ${groupAt(p.groups, p.size)};
  let mean = statistics[g];
  let inverse = statistics[${p.groups.count}u + g];
#if ${p.live}
  let blocks = min(live[0], ${p.size / product}u);
  if (start >= blocks * ${product}u) {
    ${elements(p.run, (at) => `dx[${at}] = 0.0;`)}
    return;
  }
#else
  let blocks = ${p.size / product}u;
#endif
  let n = f32(blocks * ${p.groups.run}u);
  let second = s1[g];
#if ${p.centred}
  let first = s0[g];
#endif
  var factor = inverse;
#if ${p.weight}
  let w = weight[${groupAt(p.channels, p.size)}];
#if ${!p.inside}
  factor *= w;
#endif
#endif
  ${elements(p.run, (at) => `dx[${at}] = factor * (${slope(at)} - (${through(at)}) / n);`)}
}`;
};
