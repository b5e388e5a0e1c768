// The two pens: pointer (mouse, finger, stylus) and keys.

export interface PenMark {
  readonly x: number;
  readonly y: number;
  readonly down: boolean;
}

/** What pointer and keys do alike; places in parts of the sheet, widths in parts of the usual one. */
export interface Pen {
  begin(x: number, y: number, width: number): void;
  extend(x: number, y: number, width: number): void;
  clear(): void;
  /** Where the keys' pen is; undefined: not shown. */
  mark(at: PenMark | undefined): void;
}

/** How wide a stylus writes that is pressed from 0 to 1: as usual in the middle. Mouse and finger know no pressure. */
export const widthOf = ({ pointerType, pressure }: Pick<PointerEvent, 'pointerType' | 'pressure'>): number =>
  pointerType === 'pen' ? 0.5 + pressure : 1;

/** Draws by mouse, finger or stylus. */
export function penByPointer(canvas: HTMLCanvasElement, pen: Pen): void {
  let pointer: number | undefined;
  const place = (event: PointerEvent): [number, number, number] => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, widthOf(event)];
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (pointer !== undefined || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    pen.mark(undefined);
    pen.begin(...place(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pointer) return;
    // Between two frames a quick hand makes several points.
    const points = event.getCoalescedEvents();
    for (const point of points.length > 0 ? points : [event]) pen.extend(...place(point));
  });
  const lift = (event: PointerEvent) => {
    if (event.pointerId === pointer) pointer = undefined;
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
}

/** How far one press of an arrow key goes, in parts of the pad. */
const STRIDE = 1 / 24;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Draws by keyboard: arrows move the pen, space lowers and lifts it, Delete or Backspace clears, Escape hides it. */
export function penByKeys(canvas: HTMLCanvasElement, pen: Pen): void {
  let [x, y, down] = [0.5, 0.3, false];
  const clamp = (value: number) => Math.min(0.95, Math.max(0.05, value));

  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow !== undefined) {
      [x, y] = [clamp(x + arrow[0] * STRIDE), clamp(y + arrow[1] * STRIDE)];
      if (down) pen.extend(x, y, 1);
    } else if (event.key === ' ') {
      down = !down;
      if (down) pen.begin(x, y, 1);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      down = false;
      pen.clear();
    } else if (event.key === 'Escape') {
      down = false;
      pen.mark(undefined);
      return;
    } else {
      return;
    }
    event.preventDefault();
    pen.mark({ x, y, down });
  });
  canvas.addEventListener('blur', () => {
    down = false;
    pen.mark(undefined);
  });
}
