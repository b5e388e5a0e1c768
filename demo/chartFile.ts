// Loss and accuracy of a run as a picture of its own: SVG, and PNG painted from it.

import { percent } from './format.js';
import { smoothed, type Curve } from './history.js';
import type { EpochRow } from './protocol.js';

export interface ChartWords {
  readonly loss: string;
  readonly accuracy: string;
  readonly train: string;
  readonly test: string;
}

export interface ChartRun {
  readonly curve: Curve;
  readonly epochs: readonly EpochRow[];
  /** 0 to 1. */
  readonly smoothing: number;
}

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT] = [520, 320, 56, 44, 34, 16];
const COLOURS = { ink: '#1b2226', soft: '#566069', grid: '#ebe8e1', train: '#0b6e69', test: '#b9480e' };
const TICKS = [0, 0.25, 0.5, 0.75, 1];

interface Panel {
  readonly title: string;
  readonly raw: readonly number[];
  readonly tests: readonly number[];
  readonly top: number;
  readonly tick: (value: number) => string;
}

/** Both panels beside each other, in light colours, whatever the page shows. */
export function chartSvg({ curve, epochs, smoothing }: ChartRun, words: ChartWords): string {
  const finite = curve.losses.filter(Number.isFinite);
  const loss: Panel = {
    title: words.loss,
    raw: curve.losses,
    tests: epochs.map(({ testLoss }) => testLoss),
    top: Math.max(0.1, ...finite),
    tick: (value) => value.toFixed(1),
  };
  const accuracy: Panel = {
    title: words.accuracy,
    raw: curve.accuracies,
    tests: epochs.map(({ testAccuracy }) => testAccuracy),
    top: 1,
    tick: percent,
  };
  const panels = [loss, accuracy].map((panel, i) => panelOf(panel, i * WIDTH, curve, epochs, smoothing, words));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * WIDTH}" height="${HEIGHT}" viewBox="0 0 ${2 * WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fffefb"/>`,
    ...panels,
    '</svg>',
  ].join('\n');
}

function panelOf(
  { title, raw, tests, top, tick }: Panel,
  left: number,
  { steps, stride }: Curve,
  epochs: readonly EpochRow[],
  smoothing: number,
  words: ChartWords,
): string {
  const end = Math.max(1, steps.at(-1) ?? 1, epochs.at(-1)?.step ?? 1);
  const x = (step: number) => (left + LEFT + ((WIDTH - LEFT - RIGHT) * step) / end).toFixed(1);
  const y = (value: number) => (HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.min(1, value / top)).toFixed(1);
  const line = (values: readonly number[], style: string) => {
    const points = values.flatMap((value, i) => (Number.isFinite(value) ? [`${x(steps[i] ?? 0)},${y(value)}`] : []));
    return `<polyline points="${points.join(' ')}" fill="none" ${style}/>`;
  };
  const grid = TICKS.flatMap((part) => [
    `<line x1="${x(0)}" x2="${x(end)}" y1="${y(part * top)}" y2="${y(part * top)}" stroke="${COLOURS.grid}"/>`,
    `<text x="${left + LEFT - 6}" y="${Number(y(part * top)) + 4}" text-anchor="end" fill="${COLOURS.soft}">${tick(part * top)}</text>`,
    `<text x="${x(part * end)}" y="${HEIGHT - 12}" text-anchor="middle" fill="${COLOURS.soft}">${Math.round(part * end)}</text>`,
  ]);
  const dots = tests.flatMap((value, i) =>
    Number.isFinite(value)
      ? [`<circle cx="${x(epochs[i]?.step ?? 0)}" cy="${y(value)}" r="3.5" fill="${COLOURS.test}"/>`]
      : [],
  );
  return [
    `<text x="${left + LEFT}" y="24" font-weight="650" font-size="14" fill="${COLOURS.ink}">${title}</text>`,
    `<text x="${left + WIDTH - RIGHT}" y="24" text-anchor="end"><tspan fill="${COLOURS.train}">━ ${words.train}</tspan>  <tspan fill="${COLOURS.test}">● ${words.test}</tspan></text>`,
    ...grid,
    line(raw, `stroke="${COLOURS.train}" stroke-opacity="0.33"`),
    line(smoothed(raw, stride, smoothing), `stroke="${COLOURS.train}" stroke-width="2"`),
    ...dots,
  ].join('\n');
}

/** The picture as pixels, two to each of its own. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [4 * WIDTH, 2 * HEIGHT];
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => {
      if (blob === null) failed(new Error('The browser could not paint the chart.'));
      else done(blob);
    }, 'image/png');
  });
}
