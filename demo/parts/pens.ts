// The two pens: pointer (mouse, finger, stylus) and keys.

export interface PenMark {
  readonly x: number;
  readonly y: number;
  readonly down: boolean;
}

/** What may be drawn with: pointer and keys do the same things to it. */
export interface Sheet {
  begin(x: number, y: number): void;
  extend(x: number, y: number): void;
  clear(): void;
  /** Where the keys' pen is; undefined: not shown. */
  mark(at: PenMark | undefined): void;
}

/** Draws by mouse, finger or stylus. */
export function penByPointer(canvas: HTMLCanvasElement, sheet: Sheet): void {
  let pen: number | undefined;
  const place = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (pen !== undefined || event.button !== 0) return;
    pen = event.pointerId;
    canvas.setPointerCapture(pen);
    sheet.mark(undefined);
    sheet.begin(...place(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pen) return;
    // Between two frames a quick hand makes several points.
    const points = event.getCoalescedEvents();
    for (const point of points.length > 0 ? points : [event]) sheet.extend(...place(point));
  });
  const lift = (event: PointerEvent) => {
    if (event.pointerId === pen) pen = undefined;
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
export function penByKeys(canvas: HTMLCanvasElement, sheet: Sheet): void {
  let [x, y, down] = [0.5, 0.3, false];
  const clamp = (value: number) => Math.min(0.95, Math.max(0.05, value));

  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow !== undefined) {
      [x, y] = [clamp(x + arrow[0] * STRIDE), clamp(y + arrow[1] * STRIDE)];
      if (down) sheet.extend(x, y);
    } else if (event.key === ' ') {
      down = !down;
      if (down) sheet.begin(x, y);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      down = false;
      sheet.clear();
    } else if (event.key === 'Escape') {
      down = false;
      sheet.mark(undefined);
      return;
    } else {
      return;
    }
    event.preventDefault();
    sheet.mark({ x, y, down });
  });
  canvas.addEventListener('blur', () => {
    down = false;
    sheet.mark(undefined);
  });
}
