import { onFrames } from '../frames.js';
import type { Strokes } from '../protocol.js';
import { onTheme } from '../theme.js';
import { penByKeys, penByPointer, type Pen, type PenMark } from './pens.js';

/** The usual width of the pen, in parts of the sheet. */
const PEN = 0.075;
/** Points nearer to each other than this, in parts of the sheet, are one. */
const STEP = 0.006;

/** Paper on a canvas, and the pens that write on it. */
export interface Sheet {
  /** The lines so far. */
  readonly strokes: Strokes;
  clear(): void;
  /** Shows an image of 28×28 bytes under the lines; undefined: none. */
  show(image: Uint8Array | undefined): void;
}

/** @param changed hears of each change of the lines by a pen or by `clear` */
export function openSheet(canvas: HTMLCanvasElement, changed: (strokes: Strokes) => void): Sheet {
  let strokes: number[][] = [];
  let marked: PenMark | undefined;
  let shown: Uint8Array | undefined;
  const paint = onFrames(() => paintSheet(canvas, strokes, marked, shown));
  const change = () => {
    paint();
    changed(strokes);
  };
  const pen: Pen = {
    begin(x, y, width) {
      strokes.push([x, y, width]);
      change();
    },
    extend(x, y, width) {
      const stroke = strokes.at(-1);
      if (stroke === undefined) return;
      const [lastX = 0, lastY = 0] = stroke.slice(-3);
      if (Math.hypot(x - lastX, y - lastY) < STEP) return;
      stroke.push(x, y, width);
      change();
    },
    clear() {
      strokes = [];
      change();
    },
    mark(at) {
      marked = at;
      paint();
    },
  };
  penByPointer(canvas, pen);
  penByKeys(canvas, pen);
  new ResizeObserver(paint).observe(canvas);
  onTheme(paint);
  return {
    get strokes() {
      return strokes;
    },
    clear: pen.clear,
    show(image) {
      shown = image;
      paint();
    },
  };
}

function paintSheet(
  canvas: HTMLCanvasElement,
  strokes: Strokes,
  marked: PenMark | undefined,
  shown: Uint8Array | undefined,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const side = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  if (canvas.width !== side || canvas.height !== side) [canvas.width, canvas.height] = [side, side];
  const style = getComputedStyle(canvas);
  context.clearRect(0, 0, side, side);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = style.getPropertyValue('--ink');
  if (shown !== undefined) paintImage(context, side, shown);
  for (const stroke of strokes) paintStroke(context, side, stroke);
  if (marked === undefined) return;
  context.beginPath();
  context.arc(marked.x * side, marked.y * side, (PEN / 2) * side, 0, 2 * Math.PI);
  context.lineWidth = 2 * devicePixelRatio;
  context.strokeStyle = style.getPropertyValue(marked.down ? '--test' : '--soft');
  context.stroke();
}

/** Each piece of a line as wide as the pen was pressed at its end. */
function paintStroke(context: CanvasRenderingContext2D, side: number, stroke: readonly number[]): void {
  let [fromX = 0, fromY = 0] = stroke;
  // A dot is a line to itself.
  for (let i = stroke.length > 3 ? 3 : 0; i + 2 < stroke.length; i += 3) {
    const [x = 0, y = 0, width = 1] = stroke.slice(i, i + 3);
    context.lineWidth = PEN * width * side;
    context.beginPath();
    context.moveTo(fromX * side, fromY * side);
    context.lineTo(x * side, y * side);
    context.stroke();
    [fromX, fromY] = [x, y];
  }
}

/** A 28×28 image in ink on the sheet's own paper. */
function paintImage(context: CanvasRenderingContext2D, side: number, image: Uint8Array): void {
  const small = new OffscreenCanvas(28, 28);
  const stencil = new ImageData(28, 28);
  image.forEach((value, i) => (stencil.data[4 * i + 3] = value));
  small.getContext('2d')?.putImageData(stencil, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, side, side);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = context.strokeStyle;
  context.fillRect(0, 0, side, side);
  context.globalCompositeOperation = 'source-over';
}
