import type { Plan, PlannedDispatch } from './plan.js';

/** A plan as text, whole: every dispatch with its kernel, workgroups and memory, then the memory itself. */
export function describe(plan: Plan): string {
  const rows = plan.dispatches.map((dispatch, position) => [
    String(position + 1),
    dispatch.entry,
    dispatch.variant,
    dispatch.covers,
    dispatch.groups.join('×'),
    withUnit(dispatch.flops, 'FLOP'),
    withUnit(dispatch.bytes, 'B'),
    memoryOf(dispatch),
  ]);
  const table = [['#', 'kernel', 'variant', 'covers', 'groups', 'work', 'memory', 'bindings'], ...rows];
  const arenas = [...plan.arenas].map(([name, bytes]) => `  ${name}  ${withUnit(bytes, 'B')}`);
  const scratch = plan.scratch.map(({ name, bytes }) => `  ${name}  ${withUnit(bytes, 'B')}`);
  const flops = plan.dispatches.reduce((sum, dispatch) => sum + dispatch.flops, 0);
  return [
    `plan ${plan.name}: ${plan.dispatches.length} dispatches, ${withUnit(flops, 'FLOP')} a step`,
    columns(table),
    'arenas of the Store',
    ...arenas,
    'scratch',
    ...(scratch.length === 0 ? ['  none'] : scratch),
  ].join('\n');
}

const memoryOf = ({ bindings }: PlannedDispatch): string =>
  bindings
    .map(({ name, access, buffer, offsetBytes }) => `${name}${access === 'read' ? '←' : '→'}${buffer}+${offsetBytes}`)
    .join(' ');

/** `12.3 MFLOP`: three significant digits at most, in steps of a thousand. */
export function withUnit(value: number, unit: string): string {
  const steps = ['', 'k', 'M', 'G', 'T'];
  // Rounded first: 999,999 is 1 M and not 1000 k.
  const rounded = Number(value.toPrecision(3));
  const step = rounded === 0 ? 0 : Math.min(steps.length - 1, Math.floor(Math.log10(rounded) / 3));
  return `${Number((rounded / 1000 ** step).toPrecision(3))} ${steps[step] ?? ''}${unit}`;
}

/** Rows of cells under each other, two spaces apart; the last column is not filled up. */
export function columns(table: readonly (readonly string[])[]): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
    )
    .join('\n');
}
