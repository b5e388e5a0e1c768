// How often a net is wrong, by how many images it was trained on: both axes in powers.

import { escaped, px, svgText, textAt } from '../../src/chart/svg.js';
import { kinds, type Row } from './compare.js';
import { meanOf, percent } from './report.js';

const [WIDTH, HEIGHT] = [760, 420];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 130, 58, 52];
/** Errors that are written at the axis, if they are in its range. */
const TICKS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** A line for each kind through the means of its seeds, a whisker from the least to the most; the start as a level. */
export function errorChart(rows: readonly Row[], startAccuracy: number): string {
  const title = 'Errors on the test images of MNIST, by training images';
  const errors = [1 - startAccuracy, ...rows.flatMap(({ accuracies }) => accuracies.map((one) => 1 - one))];
  const sizes = [...new Set(rows.map(({ images }) => images))].sort((a, b) => a - b);
  const x = powers(sizes, [LEFT + 40, WIDTH - RIGHT - 20]);
  const y = powers(errors, [HEIGHT - BOTTOM - 12, TOP + 8]);
  const body = [textAt(12, 24, title, 'title'), textAt(12, TOP - 12, 'errors', 'soft')];
  for (const tick of TICKS.filter((one) => one >= Math.min(...errors) / 1.5 && one <= 1.5 * Math.max(...errors))) {
    const at = y(tick);
    if (at > HEIGHT - BOTTOM || at < TOP) continue;
    body.push(`<path class="grid" d="M${LEFT} ${px(at)}H${WIDTH - RIGHT}"/>`);
    body.push(textAt(LEFT - 8, at + 4.5, `${Number((100 * tick).toPrecision(3))} %`, 'soft end'));
  }
  for (const images of sizes) {
    body.push(textAt(x(images), HEIGHT - BOTTOM + 18, images.toLocaleString('en-US'), 'soft middle'));
  }
  body.push(textAt((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, 'training images, class-balanced', 'soft middle'));
  const level = y(1 - startAccuracy);
  body.push(`<path class="spread" stroke-dasharray="4 4" d="M${LEFT} ${px(level)}H${WIDTH - RIGHT}"/>`);
  const names = [{ label: 'the start as it is', at: level }];
  for (const kind of kinds) {
    const points = rows.filter((row) => row.kind === kind).sort((a, b) => a.images - b.images);
    const at = (accuracy: number): number => y(1 - accuracy);
    const middle = points.map(({ images, accuracies }) => [x(images), at(meanOf(accuracies).mean)] as const);
    if (middle.length === 0) continue;
    body.push(`<path class="roof" d="M${middle.map(([h, v]) => `${px(h)} ${px(v)}`).join('L')}"/>`);
    points.forEach(({ images, accuracies }, i) => {
      const [h, v] = middle[i] ?? [0, 0];
      const tip = `${kind}, ${images} images: ${percent(1 - meanOf(accuracies).mean)} wrong`;
      const [most, least] = [at(Math.max(...accuracies)), at(Math.min(...accuracies))];
      body.push(`<g><title>${escaped(tip)}</title><path class="spread" d="M${px(h)} ${px(most)}V${px(least)}"/>`);
      body.push(mark(kind === 'fine-tuned', h, v), '</g>');
    });
    names.push({ label: kind, at: middle.at(-1)?.[1] ?? 0 });
  }
  for (const { label, at } of apart(names)) body.push(textAt(WIDTH - RIGHT + 8, at + 4.5, label));
  return svgText(WIDTH, HEIGHT, title, body);
}

const mark = (strong: boolean, h: number, v: number): string =>
  strong
    ? `<circle class="strong" cx="${px(h)}" cy="${px(v)}" r="5.5"/>`
    : `<rect class="bar" x="${px(h - 5)}" y="${px(v - 5)}" width="10" height="10"/>`;

/** From the least to the greatest number, by their logarithms. */
function powers(values: readonly number[], [from, to]: readonly [number, number]): (value: number) => number {
  const logs = values.map((value) => Math.log(Math.max(value, 1e-4)));
  const [least, most] = [Math.min(...logs), Math.max(...logs)];
  return (value) => from + ((to - from) * (Math.log(Math.max(value, 1e-4)) - least)) / Math.max(most - least, 1e-9);
}

/** Names at the right, moved down where they would lie over each other. */
function apart(names: readonly { readonly label: string; readonly at: number }[]) {
  let free = 0;
  return [...names]
    .sort((a, b) => a.at - b.at)
    .map(({ label, at }) => {
      const place = Math.max(at, free);
      free = place + 16;
      return { label, at: place };
    });
}
