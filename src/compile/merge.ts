import { bytesOf } from '../core/shape.js';
import type { Slot, Step } from '../kernels/kernel.js';
import { bindingsOf } from './bindings.js';
import { fitTogether, mergeableLanes, mergeSteps } from './mergeCode.js';
import type { Unit } from './order.js';
import type { Storage } from './storage.js';

/**
 * Puts steps of one merge name into one dispatch. Such a step can wait: it goes as far down as nobody reads what it
 * writes, or writes what it reads; those that meet there, and have workgroups of one size, become one.
 */
export function merge(units: readonly Unit[], storage: Storage): readonly Unit[] {
  const queue = units.flatMap(({ steps, ...unit }): Unit[] => steps.map((step) => ({ ...unit, steps: [step] })));
  const placed: Unit[] = [];
  // From the last to the first, so that what is sunk meets what has been sunk before it.
  for (const unit of [...queue].reverse()) {
    const [step] = unit.steps;
    if (step?.merge === undefined) {
      placed.unshift(unit);
      continue;
    }
    const stop = placed.findIndex((other) => clash(unit, other, storage));
    const reach = stop < 0 ? placed.length : stop;
    const partner = placed.slice(0, reach).findLastIndex((other) => isLike(step, other.steps));
    const met = placed[partner];
    if (met === undefined) placed.splice(reach, 0, unit);
    else placed[partner] = { ...withoutKey(met), label: labelOf(unit.label, met.label), steps: [step, ...met.steps] };
  }
  return placed.map((unit) => (unit.steps.length === 1 ? unit : { ...unit, steps: [mergeSteps(unit.steps)] }));
}

function withoutKey(unit: Unit): Unit {
  const { key, ...rest } = unit;
  return key === undefined ? unit : rest;
}

const labelOf = (first: string, second: string): string => (first === second ? first : `${first} | ${second}`);

const isLike = (step: Step, others: readonly Step[]): boolean =>
  others.every(({ merge: name }) => name === step.merge) &&
  fitTogether([step, ...others].map(({ code }) => code)) &&
  mergeableLanes(step.code) !== undefined &&
  others.every(({ code }) => mergeableLanes(code) === mergeableLanes(step.code));

/** Whether one writes words that the other reads or writes. */
function clash(a: Unit, b: Unit, storage: Storage): boolean {
  const touched = ({ steps }: Unit) =>
    steps.flatMap(({ code, bind }) =>
      bindingsOf(code).map(({ name, access }) => ({ ...wordsOf(bind[name] as Slot, storage), access })),
    );
  return touched(a).some((one) =>
    touched(b).some(
      (other) =>
        (one.access === 'read_write' || other.access === 'read_write') &&
        one.memory === other.memory &&
        one.first < other.end &&
        other.first < one.end,
    ),
  );
}

/** Bytes of a block or an arena. */
function wordsOf(
  slot: Slot,
  storage: Storage,
): { readonly memory: unknown; readonly first: number; readonly end: number } {
  const home = storage.homeOf(slot);
  const bytes = bytesOf(slot.shape, slot.dtype);
  if (home.kind === 'scratch') return { memory: home.block, first: home.offsetBytes, end: home.offsetBytes + bytes };
  const { arena, offset } = home.state.place ?? { arena: home.state.name, offset: 0 };
  return { memory: arena, first: offset * 4, end: offset * 4 + bytes };
}
