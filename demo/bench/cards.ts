// The results as cards: a chart where lengths say more, a table where numbers do.

import { html, type TemplateResult } from 'lit-html';
import { barChart } from '../../bench/chart.js';
import { roofOf, type Peaks } from '../../bench/peaks.js';
import type { StepRate } from '../../bench/rates.js';
import { rooflineChart } from '../../bench/roofline.js';
import type { StepBench } from '../../bench/steps.js';
import { digits } from '../../bench/table.js';
import type { Part, ProductRow } from './sequence.js';

export function cardsOf(parts: readonly Part[]): readonly TemplateResult[] {
  const rates = parts.flatMap((part) => (part.kind === 'rate' ? [part.rate] : []));
  return [
    ...(rates.length > 0 ? [ratesCard(rates)] : []),
    ...parts.flatMap((part) => {
      if (part.kind === 'products') return [productsCard(part.peaks, part.rows)];
      return part.kind === 'kernels' ? [kernelsCard(part.bench)] : [];
    }),
  ];
}

const ratesCard = (rates: readonly StepRate[]): TemplateResult => {
  const groups = rates.map(({ net, batch, imagesPerSecond }) => ({
    label: `${net}, batch ${batch}`,
    bars: [{ label: '', ...imagesPerSecond, strong: true }],
  }));
  const heads = ['net, batch', 'steps/s', 'images/s', 'GFLOP/s', 'dispatches', 'encoding', 'first step', 'memory'];
  const rows = rates.map((rate) => [
    `${rate.net}, ${rate.batch}`,
    digits(rate.stepsPerSecond.median),
    digits(rate.imagesPerSecond.median),
    digits(rate.gflopsPerSecond),
    `${rate.dispatches}`,
    `${(100 * rate.encodeShare).toFixed(1)} % of a step`,
    `${digits(rate.firstStepMs / 1000)} s`,
    `${digits(rate.peakBytes / 1e6)} MB`,
  ]);
  return card(
    'Training',
    'Whole steps, through the Trainer; the line over a bar goes from the slowest to the fastest block.',
    [
      picture(barChart({ title: 'images a second', unit: 'images/s', groups }), 'images a second, by net and batch'),
      table(heads, rows),
    ],
  );
};

const productsCard = (peaks: Peaks, products: readonly ProductRow[]): TemplateResult => {
  const groups = products.map(({ size, gflops }) => ({
    label: `${size} × ${size} × ${size}`,
    bars: [{ label: '', ...gflops, strong: true }],
  }));
  const chart = barChart({ title: 'matmul', unit: 'GFLOP/s', groups });
  const about = `Multiply-adds in registers reach ${digits(peaks.gflops)} GFLOP/s here, a copy ${digits(peaks.gbytes)} GB/s.`;
  const heads = ['size', 'GFLOP/s', 'least', 'most'];
  const rows = products.map(({ size, gflops }) => [`${size}`, ...[gflops.median, gflops.min, gflops.max].map(digits)]);
  return card('Products of matrices', about, [picture(chart, 'operations a second, by size'), table(heads, rows)]);
};

const kernelsCard = ({ net, batch, rows, peaks }: StepBench): TemplateResult => {
  const timed = [...rows]
    .flatMap((row) => (row.time === undefined ? [] : [{ ...row, ms: row.time.wall.min }]))
    .sort((a, b) => b.ms * b.count - a.ms * a.count);
  const wrong = rows.filter(({ passed }) => !passed).map(({ kernel }) => kernel);
  const about =
    wrong.length === 0
      ? 'Each was first held against its formula.'
      : `Wrong on this device, and so not timed: ${wrong.join(', ')}.`;
  const points = timed.filter(({ flops }) => flops > 0);
  const chart = rooflineChart({
    title: 'Roofline',
    peaks: peaks.wall,
    points: points.map((row) => ({ label: row.kernel, ...row })),
  });
  const heads = ['kernel', 'way', 'operands', 'ms', 'GFLOP/s', 'GB/s', 'of roof'];
  const cells = timed.map(({ kernel, variant, shape, ms, flops, bytes }) => [
    kernel,
    variant,
    shape,
    digits(ms),
    flops > 0 ? digits(flops / ms / 1e6) : '–',
    digits(bytes / ms / 1e6),
    flops > 0 ? `${((100 * flops) / ms / 1e6 / roofOf(peaks.wall, flops, bytes)).toFixed(0)} %` : '–',
  ]);
  return card(`Kernels of ${net}, batch ${batch}`, about, [
    picture(chart, 'roofline of the kernels'),
    table(heads, cells),
  ]);
};

const card = (title: string, about: string, body: readonly TemplateResult[]): TemplateResult =>
  html`<section class="card">
    <h2>${title}</h2>
    <p>${about}</p>
    ${body}
  </section>`;

/** As a picture of its own: its colours follow the system, and its styles stay in it. */
const picture = (svg: string, alt: string): TemplateResult =>
  html`<div class="wide" tabindex="0" role="group" aria-label=${alt}>
    <img src=${`data:image/svg+xml,${encodeURIComponent(svg)}`} alt=${alt} />
  </div>`;

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): TemplateResult =>
  html`<div class="wide" tabindex="0" role="group" aria-label="numbers">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...others]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${others.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
