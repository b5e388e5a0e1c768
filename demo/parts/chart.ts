// One chart: lines over one x axis, and marks that stand across it.

import uPlot from 'uplot';
import type { ChartData } from '../lines.js';
import { onTheme } from '../theme.js';

/** How a line looks; its colour is a token. */
export interface LineLook {
  readonly ink: string;
  readonly width: number;
  readonly dash?: number[];
  /** Diameter of its points; none if absent. */
  readonly points?: number;
  /** Rings instead of discs. */
  readonly hollow?: boolean;
}

/** A line across the chart: level at a y, or upright at an x. */
export interface Mark {
  readonly at: { readonly x: number } | { readonly y: number };
  readonly ink: string;
  readonly label: string;
  /** Said where a pointer rests on it. */
  readonly about?: string;
}

export interface Axis {
  /** Its ends. */
  readonly from: number;
  readonly to: number;
  /** Where its marks stand, at most so many. */
  readonly ticks: (from: number, to: number, most: number) => number[];
  readonly text: (value: number) => string;
}

export interface View {
  readonly data: ChartData;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Mark[];
}

export interface Chart {
  draw(view: View): void;
}

const FONT = '12px system-ui, sans-serif';
/** Pixels between two marks of an axis, along and across the text. */
const [LETTERS, LINES] = [56, 34];
/** How near a pointer must be to a mark. */
const REACH = 10;

/** @param onPoint told which point the pointer is over, or that it is over none */
export function mountChart(
  host: HTMLElement,
  looks: readonly LineLook[],
  onPoint: (index: number | undefined) => void,
): Chart {
  const style = getComputedStyle(host);
  // Read at each drawing, so that a change between dark and light needs no new chart.
  const inkOf = (name: string): string => style.getPropertyValue(name).trim();
  const ink = (name: string) => () => inkOf(name);
  let view: View | undefined;

  const axis = { stroke: ink('--soft'), font: FONT, grid: { stroke: ink('--grid'), width: 1 }, ticks: { show: false } };
  const range = (name: 'x' | 'y') => (): [number, number] => [view?.[name].from ?? 0, view?.[name].to ?? 1];
  const parts = (name: 'x' | 'y') => ({
    splits: (): number[] => {
      if (view === undefined) return [];
      const { from, to, ticks } = view[name];
      const { width, height } = sizeOf(host);
      return ticks(from, to, Math.max(2, Math.floor(name === 'x' ? width / LETTERS : height / LINES)));
    },
    values: (_: uPlot, splits: number[]): string[] => splits.map((split) => view?.[name].text(split) ?? ''),
  });
  const plot = new uPlot(
    {
      ...sizeOf(host),
      padding: [10, 14, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: { x: { time: false, range: range('x') }, y: { range: range('y') } },
      axes: [
        { ...axis, ...parts('x'), size: 28, gap: 4 },
        { ...axis, ...parts('y'), size: 50, gap: 4 },
      ],
      series: [{}, ...looks.map(seriesOf)],
      hooks: {
        setCursor: [
          (self) => {
            onPoint(self.cursor.idx ?? undefined);
            const about = aboutAt(self, view?.marks ?? []);
            if (host.title !== about) host.title = about;
          },
        ],
        draw: [(self) => view?.marks.forEach((mark) => drawMark(self, mark, inkOf))],
      },
    },
    [[], ...looks.map(() => [])],
    host,
  );
  function seriesOf({ ink: name, width, dash, points, hollow = false }: LineLook): uPlot.Series {
    const dots = {
      show: points !== undefined,
      size: points ?? 0,
      width: 2,
      stroke: ink(name),
      fill: hollow ? '#0000' : ink(name),
    };
    return { stroke: ink(name), width, spanGaps: true, points: dots, ...(dash && { dash }) };
  }

  new ResizeObserver(() => {
    const { width, height } = sizeOf(host);
    if (width !== plot.width || height !== plot.height) plot.setSize({ width, height });
  }).observe(host);
  onTheme(() => plot.redraw(false));

  return {
    draw(next) {
      view = next;
      plot.setData(next.data);
    },
  };
}

/** What the level mark under the pointer says, if there is one. */
function aboutAt({ cursor, valToPos }: uPlot, marks: readonly Mark[]): string {
  const { top = -1 } = cursor;
  const under = marks.find(({ at }) => top >= 0 && 'y' in at && Math.abs(valToPos(at.y, 'y') - top) < REACH);
  return under?.about ?? '';
}

/** The canvas counts in the display's own pixels. */
function drawMark({ ctx, bbox, valToPos }: uPlot, { at, ink, label }: Mark, inkOf: (name: string) => string): void {
  const unit = devicePixelRatio;
  const level = 'y' in at;
  const place = Math.round(level ? valToPos(at.y, 'y', true) : valToPos(at.x, 'x', true));
  const [start, end] = level ? [bbox.left, bbox.left + bbox.width] : [bbox.top, bbox.top + bbox.height];
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = inkOf(ink);
  ctx.lineWidth = (level ? 1 : 2) * unit;
  ctx.setLineDash(level ? [2 * unit, 4 * unit] : []);
  ctx.beginPath();
  ctx.moveTo(...(level ? ([start, place] as const) : ([place, start] as const)));
  ctx.lineTo(...(level ? ([end, place] as const) : ([place, end] as const)));
  ctx.stroke();
  ctx.font = `${11 * unit}px system-ui, sans-serif`;
  if (level) {
    ctx.textAlign = 'right';
    ctx.textBaseline = 'bottom';
    ctx.fillText(label, end, place - 2 * unit);
  } else {
    // On the side where there is room.
    const isLeft = place < bbox.left + bbox.width / 2;
    ctx.textAlign = isLeft ? 'left' : 'right';
    ctx.textBaseline = 'top';
    ctx.fillText(label, place + (isLeft ? 4 : -4) * unit, start);
  }
  ctx.restore();
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement) => ({
  width: Math.max(200, clientWidth),
  height: Math.max(160, clientHeight),
});
