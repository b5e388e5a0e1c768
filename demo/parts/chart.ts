// One chart over the steps of a run: what each step measured (faint), its smoothed line, and the test set's points.

import uPlot from 'uplot';
import type { ChartData } from '../lines.js';
import { onTheme } from '../theme.js';

export interface ChartOptions {
  /** The top of the y axis; undefined: as the data need. */
  readonly top: number | undefined;
  readonly format: (value: number) => string;
  /** Told which point the pointer is over, or that it is over none. */
  readonly onPoint: (index: number | undefined) => void;
}

export interface Chart {
  /** Draws these lines on an x axis that reaches to `lastStep`, or to the last point. */
  set(data: ChartData, lastStep: number): void;
}

const FONT = '12px system-ui, sans-serif';
const compact = new Intl.NumberFormat('en', { notation: 'compact' });

export function mountChart(host: HTMLElement, { top, format, onPoint }: ChartOptions): Chart {
  const style = getComputedStyle(host);
  // Read at each drawing, so that a change between dark and light needs no new chart.
  const ink = (name: string) => () => style.getPropertyValue(name).trim();
  let reach = 100;

  const axis = { stroke: ink('--soft'), font: FONT, grid: { stroke: ink('--grid'), width: 1 }, ticks: { show: false } };
  const plot = new uPlot(
    {
      ...sizeOf(host),
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { time: false, range: (_, _low, high) => [0, Math.max(reach, high ?? 0)] },
        y: { range: (_, _low, high) => [0, top ?? Math.max(0.1, (high ?? 1) * 1.05)] },
      },
      axes: [
        { ...axis, size: 28, gap: 4, values: (_, splits) => splits.map((step) => compact.format(step)) },
        { ...axis, size: 48, gap: 4, values: (_, splits) => splits.map(format) },
      ],
      series: [
        {},
        { stroke: ink('--train-faint'), width: 1, points: { show: false }, spanGaps: true },
        { stroke: ink('--train'), width: 2, points: { show: false }, spanGaps: true },
        {
          stroke: ink('--test'),
          width: 2,
          dash: [6, 4],
          spanGaps: true,
          points: { show: true, size: 7, width: 2, stroke: ink('--test'), fill: ink('--test') },
        },
      ],
      hooks: { setCursor: [(self) => onPoint(self.cursor.idx ?? undefined)] },
    },
    [[], [], [], []],
    host,
  );

  new ResizeObserver(() => {
    const { width, height } = sizeOf(host);
    if (width !== plot.width || height !== plot.height) plot.setSize({ width, height });
  }).observe(host);
  onTheme(() => plot.redraw(false));

  return {
    set(data, lastStep) {
      reach = Math.max(1, lastStep);
      plot.setData(data);
    },
  };
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement) => ({
  width: Math.max(200, clientWidth),
  height: Math.max(160, clientHeight),
});
