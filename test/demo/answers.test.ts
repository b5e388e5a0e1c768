import { describe, expect, it } from 'vitest';
import { isSameCell } from '../../demo/state/answers.js';
import { en } from '../../demo/text/en.js';
import { createState, receive } from '../../demo/state.js';
import { chosen, confusionOf, countsOf } from '../../demo/work/answers.js';

const labels = [3, 3, 5, 3, 5, 3];
const found = {
  answers: Uint32Array.of(3, 5, 5, 5, 3, 3),
  confidences: Float32Array.of(0.5, 0.75, 0.875, 0.9375, 0.625, 0.25),
};
const indices = (at: Parameters<typeof chosen>[0]) => chosen(at, labels, found).map(({ index }) => index);

describe('the test images that are looked at', () => {
  it('are the wrong answers, the surest first', () => expect(indices('mistakes')).toEqual([3, 1, 4]));

  it('are those of a cell: mistakes the surest first, right answers the least sure first', () => {
    expect(indices({ label: 3, answer: 5 })).toEqual([3, 1]);
    expect(indices({ label: 3, answer: 3 })).toEqual([5, 0]);
    expect(indices({ label: 0, answer: 0 })).toEqual([]);
  });

  it('of equally sure ones the first of the set comes first', () => {
    const equal = { ...found, confidences: new Float32Array(6).fill(0.5) };
    expect(chosen('mistakes', labels, equal).map(({ index }) => index)).toEqual([1, 3, 4]);
  });

  it('come with what they are, what they got, and how sure the net was', () => {
    expect(chosen('mistakes', labels, found)[2]).toEqual({ index: 4, label: 5, answer: 3, confidence: 0.625 });
  });
});

it('the confusion matrix counts each image once, by its label and its answer', () => {
  const counts = countsOf(labels, found.answers, 10);
  expect([counts[3]?.[3], counts[3]?.[5], counts[5]?.[5], counts[5]?.[3]]).toEqual([2, 2, 1, 1]);
  expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(labels.length);
});

describe('the page', () => {
  const cell = { label: 3, answer: 5 };
  const sight = { step: 9, total: 0, images: [], pixels: new Uint8Array(0) };

  it('shows the images of the chosen cell alone', () => {
    const state = createState(en);
    state.cell.value = cell;
    receive(state, { type: 'sight', at: { label: 5, answer: 3 }, sight });
    expect(state.cellSight.value).toBeUndefined();
    receive(state, { type: 'sight', at: { ...cell }, sight });
    expect(state.cellSight.value).toBe(sight);
    state.cell.value = { label: 0, answer: 0 };
    expect(state.cellSight.value).toBeUndefined();
  });

  it('forgets matrix, cell and mistakes with the run', () => {
    const state = createState(en);
    state.cell.value = cell;
    receive(state, { type: 'confusion', confusion: confusionOf([[1]], 9) });
    receive(state, { type: 'sight', at: 'mistakes', sight });
    receive(state, { type: 'sight', at: cell, sight });
    receive(state, { type: 'run', run: undefined });
    const { confusion, mistakes, cellSight } = state;
    expect([confusion.value, mistakes.value, cellSight.value, state.cell.value]).toEqual(Array(4).fill(undefined));
  });

  it('knows a cell by its label and its answer', () => {
    expect(isSameCell(cell, { ...cell })).toBe(true);
    expect([isSameCell(cell, { label: 5, answer: 3 }), isSameCell(cell, undefined)]).toEqual([false, false]);
  });
});
