import { describe, expect, it } from 'vitest';
import { otherBits } from '../../src/train/otherBits.js';

const now = { engine: '0.1.0', plan: 'abc', adapter: 'SwiftShader' };

describe('a run that goes on', () => {
  it('says nothing where engine, plan and adapter are the same, or the file does not say', () => {
    expect(otherBits(now, now)).toBeUndefined();
    expect(otherBits({ engine: '0.1.0', plan: 'abc' }, now)).toBeUndefined();
  });

  it.each([
    [{ ...now, engine: '0.0.9' }, ['engine'], 'engine 0.1.0 in place of 0.0.9'],
    [{ ...now, plan: 'def' }, ['plan'], 'a plan of other kernels'],
    [{ ...now, adapter: 'NVIDIA' }, ['adapter'], 'SwiftShader in place of NVIDIA'],
    [
      { engine: '0.0.9', plan: 'def', adapter: '' },
      ['engine', 'adapter', 'plan'],
      'engine 0.1.0 in place of 0.0.9, SwiftShader in place of another adapter, a plan of other kernels',
    ],
  ])('says of %j that it was otherwise', (was, changed, what) => {
    const sentence = `The run goes on, but not to the bits of a run without a break: ${what}.`;
    expect(otherBits(was, now)).toEqual({ changed, sentence });
  });
});
