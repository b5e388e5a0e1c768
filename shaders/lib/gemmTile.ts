// The inside of every product of matrices in workgroup memory, whatever the matrices are gathered from: a workgroup
// brings `depth` terms of its rows of a and its columns of b there, and each invocation multiplies some rows by some
// columns in named registers.
//
// An entry of tileA or tileB is four numbers of one term: rows (or columns) that lie as far apart as there are
// invocations beside each other. So whoever stages an entry reads, and whoever stores a result writes, words that its
// neighbours continue; entries are read and written whole, because WGSL lets a store to one component touch the others.

/** How a workgroup cuts its part of a product. Pairs are [rows, columns]. */
export interface GemmTile {
  /** Invocations along each side. */
  readonly lanes: readonly [number, number];
  /** Rows and columns of each invocation, multiples of 4. */
  readonly each: readonly [number, number];
}

type Side = 0 | 1;

/** Rows and columns of a workgroup. */
export const extentOf = ({ lanes, each }: GemmTile): readonly [number, number] => [
  lanes[0] * each[0],
  lanes[1] * each[1],
];

export const lanesOf = ({ lanes }: GemmTile): number => lanes[0] * lanes[1];

/** Entries of one term. */
const entriesOf = ({ lanes, each }: GemmTile, side: Side): number => (lanes[side] * each[side]) / 4;

/** Entries from term to term: one more than there are, so that a column of entries does not fall into one memory bank. */
const pitchOf = (tile: GemmTile, side: Side): number => entriesOf(tile, side) + 1;

/** Workgroup memory of a tile of so many terms. */
export const gemmBytes = (tile: GemmTile, depth: number): number => 16 * depth * (pitchOf(tile, 0) + pitchOf(tile, 1));

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const text = (lines: readonly string[]): string => lines.join('\n    ');

/** WGSL: both tiles, to stand outside the function. */
export const gemmMemory = (tile: GemmTile, depth: number): string => `
var<workgroup> tileA: array<vec4f, ${depth * pitchOf(tile, 0)}>;
var<workgroup> tileB: array<vec4f, ${depth * pitchOf(tile, 1)}>;`;

/** WGSL: where an invocation stands in its workgroup, and its sums: `sum2_1` is row 2 of four columns. */
export const gemmSums = ({ lanes, each }: GemmTile): string =>
  text([
    `let down = lane / ${lanes[1]}u;`,
    `let across = lane % ${lanes[1]}u;`,
    ...upTo(each[0]).flatMap((row) => upTo(each[1] / 4).map((block) => `var sum${row}_${block} = vec4f();`)),
  ]);

/** An entry that an invocation stages, in words of WGSL. */
export interface Staged {
  /** Distinguishes the names of one entry from those of the next. */
  readonly name: string;
  /** Names of its term and its place among the entries of that term. */
  readonly term: string;
  readonly entry: string;
  /** Whether some invocations have none. */
  readonly partial: boolean;
}

/** The entries that an invocation stages for one of the tiles: as many for each as can be. */
export const stagedBy = (tile: GemmTile, side: Side, depth: number): readonly Staged[] => {
  const letter = side === 0 ? 'A' : 'B';
  const all = depth * entriesOf(tile, side);
  const count = Math.ceil(all / lanesOf(tile));
  return upTo(count).map((i) => ({
    name: `${letter}${i}`,
    term: `term${letter}${i}`,
    entry: `entry${letter}${i}`,
    partial: (i + 1) * lanesOf(tile) > all,
  }));
};

/**
 * WGSL: which entry a staged one is, with the terms in `runs` of so many beside each other in memory: terms of a run lie
 * in neighbouring invocations, then entries, then runs. A run of 1 makes entries neighbours, one of `depth` terms.
 */
export function stagedAt(tile: GemmTile, side: Side, depth: number, run: number, staged: Staged): string {
  const entries = entriesOf(tile, side);
  const position = Number(staged.name.slice(1)) * lanesOf(tile);
  const last = depth * entries - 1;
  const at = staged.partial ? `min(lane + ${position}u, ${last}u)` : `lane + ${position}u`;
  const term =
    run === depth
      ? `at${staged.name} % ${depth}u`
      : `at${staged.name} / ${run * entries}u * ${run}u + at${staged.name} % ${run}u`;
  return text([
    `let at${staged.name} = ${at};`,
    `let ${staged.term} = ${term};`,
    `let ${staged.entry} = at${staged.name} / ${run}u % ${entries}u;`,
  ]);
}

/** WGSL: the row (or column) in the workgroup of one of the four numbers of an entry. */
export function placeOf({ lanes, each }: GemmTile, side: Side, entry: string, component: number): string {
  const across = lanes[side];
  const block = each[side] === 4 ? '' : ` + ${entry} / ${across}u * ${4 * across}u`;
  return `${entry} % ${across}u${block} + ${component * across}u`;
}

/** WGSL: writes four numbers as an entry. */
export const stage = (
  tile: GemmTile,
  side: Side,
  depth: number,
  staged: Staged,
  numbers: readonly string[],
): string => {
  const { name, term, entry, partial } = staged;
  const write = `tile${name[0]}[${term} * ${pitchOf(tile, side)}u + ${entry}] = vec4f(${numbers.join(', ')});`;
  const rest = (depth * entriesOf(tile, side)) % lanesOf(tile);
  return partial ? `if (lane < ${rest}u) { ${write} }` : write;
};

/**
 * WGSL: all products of the staged terms, between barriers.
 * @param again whether more terms are staged after these
 */
export function gemmProducts(tile: GemmTile, depth: number, again: boolean): string {
  const { lanes, each } = tile;
  const [blocksA, blocksB] = [each[0] / 4, each[1] / 4];
  const term = (k: number): readonly string[] => [
    ...upTo(blocksA).map((i) => `let a${k}_${i} = tileA[down + ${k * pitchOf(tile, 0) + i * lanes[0]}u];`),
    ...upTo(blocksB).map((j) => `let b${k}_${j} = tileB[across + ${k * pitchOf(tile, 1) + j * lanes[1]}u];`),
    ...upTo(each[0]).flatMap((row) => {
      const a = `vec4f(a${k}_${Math.floor(row / 4)}[${row % 4}])`;
      return upTo(blocksB).map((j) => `sum${row}_${j} = fma(${a}, b${k}_${j}, sum${row}_${j});`);
    }),
  ];
  return text(['workgroupBarrier();', ...upTo(depth).flatMap(term), ...(again ? ['workgroupBarrier();'] : [])]);
}

/** A result of an invocation: its value, and where in the workgroup it belongs. */
export interface Result {
  readonly value: string;
  readonly row: string;
}

/** WGSL: stores every column of an invocation, and in each every row. */
export const gemmStores = (
  { lanes, each }: GemmTile,
  column: (column: string, name: string, rows: readonly Result[]) => string,
): string =>
  text(
    upTo(each[1]).map((j) => {
      const rows = upTo(each[0]).map((i) => ({
        value: `sum${i}_${Math.floor(j / 4)}[${j % 4}]`,
        row: `down + ${i * lanes[0]}u`,
      }));
      return column(`across + ${j * lanes[1]}u`, `${j}`, rows);
    }),
  );
