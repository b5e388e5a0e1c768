// Text of kernels in which one invocation computes several pixels of a row for several channels, all in named scalars.
// Software adapters pay for every load and for every variable that a loop carries, and little for arithmetic: so each
// loaded number is used as often as it can be, and each sum grows by one long expression an iteration.

/** How far nested calls may go in one expression: Tint refuses some depth beyond 100. */
const LONGEST_CHAIN = 36;

/** Whole numbers below n. */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** One unrolled text for each of several things. */
export const lines = <T>(items: readonly T[], text: (item: T, position: number) => string): string =>
  items.map((item, position) => `    ${text(item, position)}`).join('\n');

/**
 * Where the pixels of a tile find what their taps read, along a row. Pixel j of tile t reads column
 * `t·step + offset(j, tap)` of the source; a tap that meets nothing there has no offset.
 */
export interface RowGeometry {
  /** Pixels of the result side by side in one invocation. */
  readonly pixels: number;
  /** Pixels of a row of the result; the last tile may reach past them. */
  readonly results: number;
  /** Tiles along a row. */
  readonly tiles: number;
  /** Columns of the source from tile to tile. */
  readonly step: number;
  /** Columns of the source. */
  readonly width: number;
  readonly taps: number;
  offset(pixel: number, tap: number): number | undefined;
}

/**
 * Columns from tile to tile of a source whose pixels each make `stride` pixels of the result. A row of several tiles is
 * cut at multiples of the stride; a row of one tile is never stepped.
 */
export const stepOf = (pixels: number, results: number, stride: number): number =>
  pixels >= results ? 0 : pixels / stride;

/** A column that a tile reads, once for all pixels that want it. */
export interface Column {
  readonly offset: number;
  /** Whether some pixel of the result finds it outside the source, so that it must be compared with the width. */
  readonly checked: boolean;
}

/** The distinct columns of a tile. One that lies outside for every tile is not read: it adds nothing. */
export function columnsOf(row: RowGeometry): readonly Column[] {
  const furthest = (row.tiles - 1) * row.step;
  const checks = new Map<number, boolean>();
  for (const pixel of upTo(row.pixels)) {
    const last = mayEnd(row, pixel) ? furthest - row.step : furthest;
    for (const tap of upTo(row.taps)) {
      const offset = row.offset(pixel, tap);
      if (offset === undefined || offset + furthest < 0 || offset >= row.width) continue;
      checks.set(offset, checks.get(offset) === true || offset < 0 || offset + last >= row.width);
    }
  }
  return [...checks].sort(([a], [b]) => a - b).map(([offset, checked]) => ({ offset, checked }));
}

/** Whether this pixel of the last tile lies past the end of the row, so that it must not be stored. */
export const mayEnd = ({ tiles, pixels, results }: RowGeometry, pixel: number): boolean =>
  (tiles - 1) * pixels + pixel >= results;

/** The position among the columns of what a pixel's tap reads; undefined where it reads nothing. */
export function columnAt(row: RowGeometry, columns: readonly Column[], pixel: number, tap: number): number | undefined {
  const offset = row.offset(pixel, tap);
  const position = columns.findIndex((column) => column.offset === offset);
  return position < 0 ? undefined : position;
}

/**
 * Adds a sum of products to a variable: `sum = fma(a, b, fma(c, d, sum));`, in as many statements as nesting allows.
 * No products, no text.
 */
export function addProducts(sum: string, products: readonly (readonly [string, string])[]): string {
  const statements: string[] = [];
  for (let first = 0; first < products.length; first += LONGEST_CHAIN) {
    const chain = products.slice(first, first + LONGEST_CHAIN);
    statements.push(`${sum} = ${chain.reduce((inner, [a, b]) => `fma(${a}, ${b}, ${inner})`, sum)};`);
  }
  return statements.join(' ');
}

/** `let name = start + a·b + c·d + …;`, in as many statements as nesting allows. */
export function chain(name: string, products: readonly (readonly [string, string])[], start: string): string {
  const statements: string[] = [];
  let sum = start;
  for (let first = 0; first < products.length; first += LONGEST_CHAIN) {
    const part = products.slice(first, first + LONGEST_CHAIN);
    const next = first + LONGEST_CHAIN < products.length ? `${name}_${statements.length}` : name;
    statements.push(`let ${next} = ${part.reduce((inner, [a, b]) => `fma(${a}, ${b}, ${inner})`, sum)};`);
    sum = next;
  }
  return products.length === 0 ? `let ${name} = ${start};` : statements.join(' ');
}

/** `+ 7u`, or `- 2u` for offsets to the left, or nothing. */
export const plus = (offset: number): string => (offset === 0 ? '' : offset > 0 ? ` + ${offset}u` : ` - ${-offset}u`);

/**
 * A loaded value that counts as 0 unless all conditions hold. They are joined by &, never by &&: that would branch, and
 * SwiftShader took a minute for a loop with two dozen branches.
 */
export const where = (conditions: readonly string[], value: string): string =>
  conditions.length === 0 ? value : `select(0.0, ${value}, ${conditions.join(' & ')})`;

/** A statement under conditions, if there are any. */
export const guarded = (conditions: readonly string[], statement: string): string =>
  conditions.length === 0 ? statement : `if (${conditions.join(' & ')}) { ${statement} }`;
