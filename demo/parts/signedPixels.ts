/** Numbers as an image, row by row. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array | Uint8Array;
}

/** The largest amount among these values, to see the others beside it. */
export const mostOf = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);

/**
 * Puts a plane on a canvas of as many pixels: in one colour for each sign, as strong as the value beside the largest.
 * @param colours names of the page's colours, for what is negative and for the rest
 */
export function paintSigned(
  canvas: HTMLCanvasElement,
  { rows, columns, values }: Plane,
  most: number,
  colours: readonly [string, string] = ['--train', '--test'],
): void {
  const context = canvas.getContext('2d');
  if (context === null || rows === 0 || columns === 0) return;
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  const style = getComputedStyle(canvas);
  const [negative = [], positive = []] = colours.map((name) => colourOf(style, name));
  const image = context.createImageData(columns, rows);
  // Number by number: there may be a hundred thousand of them, twice a second.
  const { data } = image;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const colour = value < 0 ? negative : positive;
    data[4 * i] = colour[0] ?? 0;
    data[4 * i + 1] = colour[1] ?? 0;
    data[4 * i + 2] = colour[2] ?? 0;
    data[4 * i + 3] = (255 * Math.abs(value)) / most;
  }
  context.putImageData(image, 0, 0);
}

/** A colour of the page as red, green and blue; they are written as six digits. */
function colourOf(style: CSSStyleDeclaration, name: string): readonly number[] {
  const digits = style.getPropertyValue(name).trim().slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
}
