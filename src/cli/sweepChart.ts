// A sweep as a chart: one setting against what runs are ranked by, or several beside each other.

import { readable, scaleOf, type Scale } from '../chart/scale.js';
import { escaped, px, svgText, textAt, textWidth } from '../chart/svg.js';
import { ranked, type SweepRank, type SweepRun } from '../index.js';
import { loss, percent, plural } from '../chart/figures.js';
import { asFlags, settingText } from './sweepReport.js';

const [WIDTH, HEIGHT] = [760, 420];
const [LEFT, RIGHT, TOP, BOTTOM] = [72, 40, 64, 56];
/** Of the parallel coordinates, whose outer axes have words beside them. */
const SIDE = 84;
/** Where runs without a result stand, below the axis. */
const LOST = 16;
/** Losses beyond so many times the least stand at the axis' end: they would leave no room for the others. */
const FAR = 30;
/** Pixels of a line of text, and of a number beside others. */
const [LINE, WORD] = [16, 56];

const NAMES = { loss: 'validation loss', accuracy: 'validation accuracy, %' } as const;

/** @param names of the settings that the runs differ in */
export function sweepChart(
  title: string,
  runs: readonly SweepRun[],
  names: readonly string[],
  rank: SweepRank,
): string {
  const [best] = ranked(runs, rank);
  const found =
    best === undefined || best.failed !== undefined ? '' : `, best validation ${rank} ${scoreText(best, rank)}`;
  const body = [textAt(12, 24, `${title}: ${plural(runs.length, 'run')}${found}`, 'title')];
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) body.push(...points(runs, only, rank));
  else body.push(...parallel(runs, names, rank));
  return svgText(WIDTH, HEIGHT, title, body);
}

const scoreText = (run: SweepRun, rank: SweepRank): string =>
  rank === 'loss' ? loss(run.loss ?? NaN) : percent(run.accuracy ?? NaN);

/** Accuracies in percent. */
const valueOf = (run: SweepRun, rank: SweepRank): number =>
  rank === 'loss' ? (run.loss ?? NaN) : 100 * (run.accuracy ?? NaN);

const told = (run: SweepRun): string =>
  `run ${run.index + 1}, ${asFlags(run.settings)}: ${
    run.failed === undefined
      ? `loss ${loss(run.loss ?? NaN)}, accuracy ${percent(run.accuracy ?? NaN)}`
      : run.failed.code === 'diverged'
        ? 'diverged'
        : 'too large'
  }`;

/** Up is better: of losses the least, of accuracies the greatest. */
function scoreScale(
  runs: readonly SweepRun[],
  rank: SweepRank,
): { readonly y: (run: SweepRun) => number; readonly scale: Scale } {
  const ended = runs.filter(({ failed }) => failed === undefined).map((run) => valueOf(run, rank));
  const end = rank === 'loss' ? FAR * Math.min(...ended) : Infinity;
  const shown = (value: number): number => Math.min(value, end);
  const { at, ticks } = scaleOf(ended.length > 0 ? ended.map(shown) : [0, 1], 1);
  const up = (share: number): number => (rank === 'loss' ? 1 - share : share);
  const y = (share: number): number => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * up(share);
  return {
    y: (run) => (run.failed === undefined ? y(at(shown(valueOf(run, rank)))) : HEIGHT - BOTTOM + LOST),
    scale: { at: (value) => y(at(value)), ticks: ticks.map((tick) => ({ ...tick, at: y(tick.at) })) },
  };
}

/** A run as a dot, or as a cross where it has no result. */
function mark(x: number, y: number, run: SweepRun, best: boolean): string {
  const shape =
    run.failed === undefined
      ? `<circle class="${best ? 'strong' : 'point'}" cx="${px(x)}" cy="${px(y)}" r="${best ? 6 : 4}"/>`
      : `<path class="lost" d="M${px(x - 4)} ${px(y - 4)}l8 8m0 -8l-8 8"/>`;
  return `<g><title>${escaped(told(run))}</title>${shape}</g>`;
}

function points(runs: readonly SweepRun[], name: string, rank: SweepRank): string[] {
  const x = scaleOf(runs.map(({ settings }) => settings[name] ?? ''));
  const across = (share: number): number => LEFT + (WIDTH - LEFT - RIGHT) * share;
  const { y, scale } = scoreScale(runs, rank);
  const body = [textAt(12, TOP - 14, NAMES[rank], 'soft'), textAt(across(0.5), HEIGHT - 8, name, 'soft middle')];
  for (const { at, text } of scale.ticks) {
    body.push(`<path class="grid" d="M${LEFT} ${px(at)}H${WIDTH - RIGHT}"/>`);
    body.push(textAt(LEFT - 8, at + 4.5, text, 'soft end'));
  }
  if (runs.some(({ failed }) => failed !== undefined))
    body.push(textAt(LEFT - 8, HEIGHT - BOTTOM + LOST + 4.5, 'failed', 'soft end'));
  for (const { at, text } of readable(x.ticks, WORD / (WIDTH - LEFT - RIGHT)))
    body.push(textAt(across(at), HEIGHT - BOTTOM + 34, text, 'soft middle'));
  const placed = runs
    .map((run) => ({ run, x: across(x.at(run.settings[name] ?? '')), y: y(run) }))
    .toSorted((a, b) => a.x - b.x);
  const way = placed.filter(({ run }) => run.failed === undefined);
  // Words have no order that a line could follow.
  if (way.length > 1 && way.every(({ run }) => typeof run.settings[name] === 'number')) {
    body.push(`<path class="way" d="M${way.map((point) => `${px(point.x)} ${px(point.y)}`).join('L')}"/>`);
  }
  const [best] = ranked(runs, rank);
  for (const point of placed) body.push(mark(point.x, point.y, point.run, point.run === best));
  const at = placed.find(({ run }) => run === best && run.failed === undefined);
  if (at !== undefined && best !== undefined) {
    const text = `${settingText(best.settings[name] ?? '')}: ${scoreText(best, rank)}`;
    const left = at.x + 10 + textWidth(text) > WIDTH - RIGHT;
    body.push(textAt(left ? at.x - 10 : at.x + 10, at.y - 10, text, left ? 'end' : ''));
  }
  return body;
}

function parallel(runs: readonly SweepRun[], names: readonly string[], rank: SweepRank): string[] {
  const { y, scale } = scoreScale(runs, rank);
  const scales = names.map((name) => scaleOf(runs.map(({ settings }) => settings[name] ?? '')));
  const across = (i: number): number => SIDE + ((WIDTH - 2 * SIDE) * i) / names.length;
  const down = (share: number): number => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
  const body: string[] = [];
  const order = ranked(runs, rank);
  const [best] = order;
  // The best is drawn last, over the others; those next to it are stronger than those far from it.
  for (const [place, run] of [...order.entries()].toReversed()) {
    const corners = scales.map(({ at }, i) => [across(i), down(at(run.settings[names[i] ?? ''] ?? ''))] as const);
    const way = [...corners, [across(names.length), y(run)] as const];
    const line = way.map(([left, top]) => `${px(left)} ${px(top)}`).join('L');
    const kind = run === best && run.failed === undefined ? 'best' : run.failed === undefined ? 'way' : 'way lost-way';
    const opacity = run === best ? 1 : 0.25 + 0.6 * (1 - place / order.length);
    const path = `<path class="${kind}" style="opacity:${px(opacity)}" d="M${line}"/>`;
    body.push(`<g><title>${escaped(told(run))}</title>${path}</g>`);
  }
  const axis = (i: number, name: string, ticks: Scale['ticks'], last: boolean): void => {
    body.push(`<path class="axis" d="M${px(across(i))} ${TOP}V${HEIGHT - BOTTOM}"/>`);
    body.push(textAt(across(i), HEIGHT - 10, name, 'soft middle'));
    for (const { at, text } of ticks) {
      body.push(textAt(across(i) + (last ? 10 : -8), at + 4.5, text, last ? 'halo' : 'end halo'));
    }
  };
  for (const [i, name] of names.entries()) {
    const ticks = readable(scales[i]?.ticks ?? [], LINE / (HEIGHT - TOP - BOTTOM)).map((tick) => ({
      ...tick,
      at: down(tick.at),
    }));
    axis(i, name, ticks, false);
  }
  axis(names.length, NAMES[rank], scale.ticks, true);
  if (runs.some(({ failed }) => failed !== undefined))
    body.push(textAt(across(names.length) + 10, HEIGHT - BOTTOM + LOST + 4.5, 'failed', 'soft'));
  for (const run of runs) {
    if (run.failed !== undefined || run === best) body.push(mark(across(names.length), y(run), run, run === best));
  }
  return body;
}
