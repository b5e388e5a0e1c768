import { describe, expect, it } from 'vitest';
import { asGiven, exitCodeOf, Interrupted } from '../../src/cli/exit.js';
import { EngineError, type ErrorCode } from '../../src/core/errors.js';

const error = (code: ErrorCode) => new EngineError(code, { place: 'f', given: 'a', wanted: 'b', wayOut: 'Do c.' });

describe('exitCodeOf', () => {
  it('tells a shell what went wrong', () => {
    const codes: Partial<Record<ErrorCode, number>> = {
      usage: 2,
      weights: 2,
      data: 2,
      'no-adapter': 3,
      'no-webgpu': 3,
      missing: 3,
      diverged: 4,
      checksum: 5,
      network: 1,
      'device-lost': 1,
      file: 1,
    };
    for (const [code, exit] of Object.entries(codes)) expect(exitCodeOf(error(code as ErrorCode))).toBe(exit);
    expect(exitCodeOf(new Interrupted())).toBe(130);
    expect(exitCodeOf(new TypeError('ours'))).toBe(1);
  });
});

describe('asGiven', () => {
  it('lays what is wrong with a file at the door of the flag that named it', async () => {
    for (const code of ['file', 'format', 'data', 'weights'] as const) {
      const work = () => Promise.reject(error(code));
      await expect(asGiven('--data', work)).rejects.toMatchObject({
        code: 'usage',
        message: '--data f: a; wanted b. Do c.',
      });
    }
  });

  it('leaves other errors, and what works, alone', async () => {
    const wrong = error('checksum');
    await expect(asGiven('--data', () => Promise.reject(wrong))).rejects.toBe(wrong);
    expect(await asGiven('--data', () => 7)).toBe(7);
  });
});
