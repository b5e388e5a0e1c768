// The command that measures the demo page, on the page as it is built.

import { expect, it } from 'vitest';
import { runBench } from '../../bench/command.js';

interface Row {
  readonly type: string;
  readonly readyS: number;
  readonly firstCurveS: number;
  readonly tasks: number;
  readonly busy: number;
  readonly framesPerSecond: number;
}

it('the bench of the page tells how long it takes to a curve, and draws at most 30 frames a second meanwhile', async () => {
  const lines: string[] = [];
  const output = { line: (text: string) => lines.push(text), error: (text: string) => expect.fail(text) };
  expect(await runBench(['page', '--cold', '1', '--block', '2000', '--json'], output)).toBe(0);
  const [row, machine] = lines.map((line) => JSON.parse(line) as Row);
  expect([row?.type, machine?.type]).toEqual(['page', 'machine']);
  expect(row?.readyS).toBeGreaterThan(0);
  expect(row?.firstCurveS).toBeGreaterThan(0);
  expect(row?.tasks).toBeGreaterThan(10);
  expect(row?.busy).toBeGreaterThan(0);
  // One frame may begin at either end.
  expect(row?.framesPerSecond).toBeLessThanOrEqual(31);
});
