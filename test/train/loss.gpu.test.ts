import { afterAll, beforeAll, expect, it } from 'vitest';
import { lossLaws } from '../laws/loss.js';
import { lawsInNode } from '../support/node.js';

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

lawsInNode('a device that goes away', lossLaws);

it('all that without a rejection that nobody handles', async () => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => void setImmediate(resolve));
  expect(unhandled).toEqual([]);
});
