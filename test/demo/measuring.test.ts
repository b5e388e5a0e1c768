import { describe, expect, it } from 'vitest';
import { primaryOf } from '../../demo/actions.js';
import { createMeasuring, reasonAgainstMeasuring } from '../../demo/measuring.js';
import type { Phase, Request, RunSummary } from '../../demo/protocol.js';
import { createState, receive, type State } from '../../demo/state.js';
import { loadWords } from '../../demo/text/words.js';

const words = await loadWords('en');

/** A page with a run, and what it asks of the Worker. */
function page(phase: Phase) {
  const state = createState(words);
  const asked: string[] = [];
  const run: RunSummary = { settings: state.settings.peek(), stepsPerEpoch: 10 };
  receive(state, { type: 'run', run });
  receive(state, { type: 'plans', plans: { plan: 0, net: 'tutorial', batch: 64, plans: [] } });
  receive(state, { type: 'phase', phase });
  const ask = (request: Request) => void asked.push(request.type);
  const measuring = createMeasuring(state, { ask, primary: () => void asked.push('primary') });
  return { state, asked, measuring };
}

const begin = (state: State) =>
  receive(state, { type: 'kernelJob', job: { does: 'time', stage: 'waiting', done: 0, total: 0 } });
const end = (state: State) => receive(state, { type: 'kernelJob', job: undefined });

describe('what has the GPU for itself', () => {
  it('pauses a run that trains, and has it go on when it is done', () => {
    const { state, asked, measuring } = page('training');
    measuring.begin('time');
    expect(asked).toEqual(['pause', 'kernels']);
    begin(state);
    receive(state, { type: 'phase', phase: 'paused' });
    expect(asked).toHaveLength(2);
    end(state);
    expect(asked).toEqual(['pause', 'kernels', 'primary']);
    // Once only.
    begin(state);
    end(state);
    expect(asked).toHaveLength(3);
  });

  it('leaves a run alone that was paused before, has ended, or was replaced', () => {
    for (const [phase, after] of [
      ['paused', 'paused'],
      ['training', 'done'],
      ['training', 'lost'],
    ] as const) {
      const { state, asked, measuring } = page(phase);
      measuring.begin('check');
      begin(state);
      receive(state, { type: 'phase', phase: after });
      end(state);
      expect(asked).not.toContain('primary');
    }
    const { state, asked, measuring } = page('training');
    measuring.begin('check');
    begin(state);
    receive(state, { type: 'phase', phase: 'paused' });
    receive(state, { type: 'run', run: { settings: state.settings.peek(), stepsPerEpoch: 10 } });
    end(state);
    expect(asked).not.toContain('primary');
  });

  it('does not begin anew a run whose settings were changed meanwhile', () => {
    const { state, asked, measuring } = page('training');
    receive(state, {
      type: 'steps',
      first: 1,
      losses: Float32Array.of(1),
      accuracies: Float32Array.of(0),
      seconds: 1,
      epoch: 1,
      imagesPerSecond: 1,
    });
    measuring.begin('tune');
    begin(state);
    receive(state, { type: 'phase', phase: 'paused' });
    state.settings.value = { ...state.settings.peek(), batch: 128 };
    end(state);
    expect(asked).not.toContain('primary');
  });

  it('is one at a time, and meanwhile training says why it cannot begin', () => {
    const { state, asked, measuring } = page('paused');
    begin(state);
    expect(reasonAgainstMeasuring(state)).toBe('busy');
    measuring.begin('check');
    expect(asked).toEqual([]);
    expect(primaryOf(state).unless).toBe(words.against.kernels);
    end(state);
    expect(primaryOf(state).unless).toBeUndefined();
  });

  it('needs a run and its plan', () => {
    const { state, asked, measuring } = page('ready');
    receive(state, { type: 'run', run: undefined });
    measuring.begin('check');
    expect(asked).toEqual([]);
    expect(reasonAgainstMeasuring(state)).toBe('none');
  });
});
