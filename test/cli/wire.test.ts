import { expect, it } from 'vitest';
import { errorOf, packWeights, plainError, toBase64, unpackWeights } from '../../src/cli/wire.js';
import { EngineError } from '../../src/core/errors.js';
import { nets } from '../../src/nn/nets.js';
import { initialWeights } from '../../src/nn/weights.js';

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

it('weights come out of base64 as they went in', () => {
  const weights = initialWeights(nets['tutorial']!(), 5);
  const back = unpackWeights(Buffer.from(toBase64(packWeights(weights)), 'base64'));
  expect([...back].map(([name, { shape }]) => [name, shape])).toEqual(
    [...weights].map(([name, { shape }]) => [name, shape]),
  );
  expect(Buffer.compare(packWeights(back), packWeights(weights))).toBe(0);
});

it('an engine’s error keeps its code and its sentence, another its message', () => {
  const parts = { place: 'step 3', given: 'the loss is not finite', wanted: 'finite numbers' };
  for (const error of [new EngineError('diverged', parts), new EngineError('gpu', { ...parts, wayOut: 'Do less.' })]) {
    const back = errorOf(throughJson(plainError(error)));
    expect(back).toBeInstanceOf(EngineError);
    expect(back).toMatchObject({ code: error.code, message: error.message, wayOut: error.wayOut });
  }
  expect(errorOf(throughJson(plainError(new TypeError('oops')))).message).toContain('oops');
});
