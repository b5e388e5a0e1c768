import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import {
  columnAt,
  columnsOf,
  guarded,
  lines,
  mayEnd,
  plus,
  stepOf,
  upTo,
  where,
  type RowGeometry,
} from './lib/rowTile.js';
import { factorOf, shownMaximum, windowsReachPast, type PoolSizes } from './pool.wgsl.js';

// Pools and their gradients, several pixels of a row an invocation; formulas and letters as in pool.wgsl.ts.
// Windows and the pixels they see are known here, so nothing is divided but the number of the invocation.

/** How the work is cut. */
export interface PoolTile {
  /** Results side by side in a row. */
  readonly pixels: number;
  /** Invocations of a workgroup. */
  readonly lanes: number;
}

/**
 * A tap outside the image reads the nearest pixel of the image instead. That pixel is in the window too (padding is at
 * most half a window, no window begins past the image, and none has holes), so the maximum is the same, and so is its place: rows and columns are clamped in
 * order, and the first of equal values wins.
 */
export const maxPool2dTiled = (sizes: PoolSizes, { pixels, lanes }: PoolTile): string => {
  const { planes, H, W, P, Q, window, stride, padding } = sizes;
  const row = windowsOf(sizes, pixels);
  const columns = columnsOf(row);
  const checked = columns.map((column, position) => ({ ...column, position })).filter((column) => column.checked);
  const columnText = (position: number): string =>
    columns[position]?.checked === true ? `column${position}` : `(column${plus(columns[position]?.offset ?? 0)})`;
  return wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${planes * H * W}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${planes * P * Q}>;
@group(0) @binding(2) var<storage, read_write> index: array<u32, ${planes * P * Q}>;

struct Winner { value: f32, position: u32 }

// The bits tell a NaN, because WGSL lets a compiler assume that value != value is false.
fn better(a: Winner, value: f32, position: u32) -> Winner {
  let wins = (value > a.value) | ((bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u);
  return Winner(select(a.value, value, wins), select(a.position, position, wins));
}

@compute @workgroup_size(${lanes}, 1, 1)
fn maxPool2d(@builtin(global_invocation_id) id: vec3u) {
  let place = id.z * ${65_535 * lanes}u + id.x;
  if (place >= ${planes * P * row.tiles}u) { return; }
#if ${row.tiles > 1}
  let tile = place % ${row.tiles}u;
  let line = place / ${row.tiles}u;
#else
  const tile = 0u;
  let line = place;
#endif
  let p = line % ${P}u;
  let plane = line / ${P}u;
  let q = tile * ${pixels}u;
  let column = tile * ${row.step}u;
${lines(checked, ({ offset, position }) => `let column${position} = clamp(column + ${padding[1]}u${plus(offset)}, ${padding[1]}u, ${W - 1 + padding[1]}u) - ${padding[1]}u;`)}
#if ${windowsReachPast(sizes, 0)}
${lines(upTo(window[0]), (r) => `let row${r} = clamp(p * ${stride[0]}u${plus(r)}, ${padding[0]}u, ${H - 1 + padding[0]}u) - ${padding[0]}u;`)}
#else
${lines(upTo(window[0]), (r) => `let row${r} = p * ${stride[0]}u${plus(r)};`)}
#endif
${lines(upTo(window[0]), (r) =>
  columns
    .map((_, position) => `let x${r}_${position} = x[(plane * ${H}u + row${r}) * ${W}u + ${columnText(position)}];`)
    .join(' '),
)}
  let base = (plane * ${P}u + p) * ${Q}u + q;
${lines(upTo(pixels), (j) => {
  const taps = upTo(window[0]).flatMap((r) =>
    upTo(window[1]).flatMap((s) => {
      const position = columnAt(row, columns, j, s);
      return position === undefined
        ? []
        : [{ value: `x${r}_${position}`, at: `row${r} * ${W}u + ${columnText(position)}` }];
    }),
  );
  const winner = taps.reduce(
    (best, { value, at }) => (best === '' ? `Winner(${value}, ${at})` : `better(${best}, ${value}, ${at})`),
    '',
  );
  const store = `y[base${plus(j)}] = ${shownMaximum(sizes, `winner${j}.value`)}; index[base${plus(j)}] = winner${j}.position;`;
  return `let winner${j} = ${winner}; ${guarded(mayEnd(row, j) ? [`q${plus(j)} < ${Q}u`] : [], store)}`;
})}
}`;
};

export const avgPool2dTiled = (sizes: PoolSizes, { pixels, lanes }: PoolTile): string => {
  const { planes, H, W, P, Q, window, stride, padding } = sizes;
  const row = windowsOf(sizes, pixels);
  const columns = columnsOf(row);
  const mayMiss = (r: number): boolean => r < padding[0] || (P - 1) * stride[0] + r - padding[0] >= H;
  return wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${planes * H * W}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${planes * P * Q}>;

@compute @workgroup_size(${lanes}, 1, 1)
fn avgPool2d(@builtin(global_invocation_id) id: vec3u) {
  let place = id.z * ${65_535 * lanes}u + id.x;
  if (place >= ${planes * P * row.tiles}u) { return; }
#if ${row.tiles > 1}
  let tile = place % ${row.tiles}u;
  let line = place / ${row.tiles}u;
#else
  const tile = 0u;
  let line = place;
#endif
  let p = line % ${P}u;
  let plane = line / ${P}u;
  let q = tile * ${pixels}u;
  let column = tile * ${row.step}u;
${lines(upTo(window[0]), (r) => `let row${r} = p * ${stride[0]}u${plus(r - padding[0])};`)}
${lines(upTo(window[0]), (r) =>
  columns
    .map(({ offset, checked }, position) => {
      const inside = [
        ...(mayMiss(r) ? [`(row${r} < ${H}u)`] : []),
        ...(checked ? [`(column${plus(offset)} < ${W}u)`] : []),
      ];
      return `let x${r}_${position} = ${where(inside, `x[(plane * ${H}u + row${r}) * ${W}u + column${plus(offset)}]`)};`;
    })
    .join(' '),
)}
  let base = (plane * ${P}u + p) * ${Q}u + q;
${lines(upTo(pixels), (j) => {
  const taps = upTo(window[0]).flatMap((r) =>
    upTo(window[1]).flatMap((s) => {
      const position = columnAt(row, columns, j, s);
      return position === undefined ? [] : [`x${r}_${position}`];
    }),
  );
  const store = `y[base${plus(j)}] = (${taps.join(' + ')}) * ${factorOf(sizes)};`;
  return guarded(mayEnd(row, j) ? [`q${plus(j)} < ${Q}u`] : [], store);
})}
}`;
};

/** Both gradients: every pixel of dx asks the windows that see it. */
const poolGradTiled = (kind: 'max' | 'avg', sizes: PoolSizes, { pixels, lanes }: PoolTile): string => {
  const { planes, H, W, P, Q, window, stride, padding } = sizes;
  const backs = upTo(Math.ceil(window[0] / stride[0]));
  const row: RowGeometry = {
    pixels,
    results: W,
    tiles: Math.ceil(W / pixels),
    step: stepOf(pixels, W, stride[1]),
    width: Q,
    taps: Math.ceil(window[1] / stride[1]),
    offset: (pixel, left) => {
      const last = Math.floor((pixel + padding[1]) / stride[1]);
      return pixel + padding[1] - (last - left) * stride[1] < window[1] ? last - left : undefined;
    },
  };
  const columns = columnsOf(row);
  return wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${planes * P * Q}>;
#if ${kind === 'max'}
@group(0) @binding(1) var<storage, read> index: array<u32, ${planes * P * Q}>;
#endif
@group(0) @binding(2) var<storage, read_write> dx: array<f32, ${planes * H * W}>;

@compute @workgroup_size(${lanes}, 1, 1)
fn ${kind}Pool2dGrad(@builtin(global_invocation_id) id: vec3u) {
  let place = id.z * ${65_535 * lanes}u + id.x;
  if (place >= ${planes * H * row.tiles}u) { return; }
#if ${row.tiles > 1}
  let tile = place % ${row.tiles}u;
  let line = place / ${row.tiles}u;
#else
  const tile = 0u;
  let line = place;
#endif
  let h = line % ${H}u;
  let plane = line / ${H}u;
  let w = tile * ${pixels}u;
  let column = tile * ${row.step}u;
  let lastP = (h + ${padding[0]}u) / ${stride[0]}u;
${lines(backs, (back) => {
  const seen = window[0] % stride[0] === 0 ? '' : ` & (h + ${padding[0]}u - p${back} * ${stride[0]}u < ${window[0]}u)`;
  return `let p${back} = lastP${plus(-back)}; let sees${back} = (p${back} < ${P}u)${seen}; let at${back} = (plane * ${P}u + p${back}) * ${Q}u + column;`;
})}
${lines(backs, (back) =>
  columns
    .map(({ offset, checked }, position) => {
      const inside = [`sees${back}`, ...(checked ? [`(column${plus(offset)} < ${Q}u)`] : [])];
      const won = kind === 'max' ? `let won${back}_${position} = index[at${back}${plus(offset)}];` : '';
      return `let dy${back}_${position} = ${where(inside, `dy[at${back}${plus(offset)}]`)}; ${won}`;
    })
    .join(' '),
)}
  let pixel = h * ${W}u + w;
  let base = plane * ${H * W}u + pixel;
${lines(upTo(pixels), (j) => {
  const shares = backs.flatMap((back) =>
    upTo(row.taps).flatMap((left) => {
      const position = columnAt(row, columns, j, left);
      if (position === undefined) return [];
      const slope = `dy${back}_${position}`;
      return [kind === 'max' ? `select(0.0, ${slope}, won${back}_${position} == pixel${plus(j)})` : slope];
    }),
  );
  const sum = shares.length === 0 ? '0.0' : shares.join(' + ');
  const value = kind === 'max' ? sum : `(${sum}) * ${factorOf(sizes)}`;
  return guarded(mayEnd(row, j) ? [`w${plus(j)} < ${W}u`] : [], `dx[base${plus(j)}] = ${value};`);
})}
}`;
};

export const maxPool2dGradTiled = (sizes: PoolSizes, tile: PoolTile) => poolGradTiled('max', sizes, tile);
export const avgPool2dGradTiled = (sizes: PoolSizes, tile: PoolTile) => poolGradTiled('avg', sizes, tile);

const windowsOf = ({ W, Q, window, stride, padding }: PoolSizes, pixels: number): RowGeometry => ({
  pixels,
  results: Q,
  tiles: Math.ceil(Q / pixels),
  step: pixels * stride[1],
  width: W,
  taps: window[1],
  offset: (pixel, tap) => pixel * stride[1] + tap - padding[1],
});
