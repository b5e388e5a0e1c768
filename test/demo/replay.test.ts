import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coded, decoded } from '../../demo/replay/coded.js';
import { Player, type Recording } from '../../demo/replay/player.js';
import type { Reply, Settings } from '../../demo/protocol.js';
import { USUAL } from '../../demo/state.js';

describe('a reply as JSON', () => {
  it('comes back as it was: arrays of numbers by their kind, views of them, numbers without a word', () => {
    const whole = new Float32Array([1, -0.1, NaN, Infinity]);
    const reply = {
      type: 'steps',
      losses: whole.subarray(1, 3),
      pixels: Uint8Array.of(0, 7, 255),
      counts: Uint32Array.of(2 ** 32 - 1),
      row: { testLoss: NaN, most: -Infinity, rate: 0.001, none: null },
    };
    expect(decoded(coded(reply))).toEqual(reply);
  });

  it('is refused where it is none', () => {
    expect(() => decoded('{')).toThrow(SyntaxError);
    expect(() => decoded('{"$":"f64","text":"AAAA"}')).toThrow('f64');
    expect(() => decoded('{"$":"u8"}')).toThrow('no text');
    expect(() => decoded('{"$":"toString","text":"AAAA"}')).toThrow(SyntaxError);
  });
});

describe('a recorded run', () => {
  const run: Reply = { type: 'run', run: { settings: {} as Settings, stepsPerEpoch: 3 } };
  const phase = (phase: 'ready' | 'training' | 'paused' | 'done'): Reply => ({ type: 'phase', phase });
  const recording: Recording = {
    date: '2026-11-30T00:00:00Z',
    replies: [
      [-900, run],
      [-800, phase('ready')],
      [10, phase('training')],
      [30, { type: 'compiling', done: 1, total: 1 }],
      [9000, phase('done')],
    ],
  };

  function play() {
    const told: string[] = [];
    const waits: number[] = [];
    let due: (() => void) | undefined;
    const player = new Player(
      recording,
      (reply) => told.push(reply.type === 'phase' ? reply.phase : reply.type),
      (ms, call) => {
        waits.push(ms);
        due = call;
        return () => (due = undefined);
      },
    );
    const tick = () => {
      const call = due;
      due = undefined;
      call?.();
    };
    const start = () => player.send({ type: 'start', settings: {} as Settings });
    return { player, told, waits, tick, start };
  }

  it('tells at once what was before it, and the rest at its own pace, long silences cut', () => {
    const { told, waits, tick, start } = play();
    expect(told).toEqual(['run', 'ready']);
    start();
    for (let i = 0; i < 5; i++) tick();
    expect(told).toEqual(['run', 'ready', 'training', 'compiling', 'done']);
    expect(waits).toEqual([10, 20, 1500]);
  });

  it('pauses, goes on where it was, and begins again after its end or a reset', () => {
    const { player, told, tick, start } = play();
    start();
    tick();
    player.send({ type: 'pause' });
    tick();
    expect(told.slice(2)).toEqual(['training', 'paused']);
    start();
    tick();
    tick();
    expect(told.slice(4)).toEqual(['training', 'compiling', 'done']);
    start();
    expect(told.slice(7)).toEqual(['run', 'ready']);
    tick();
    player.send({ type: 'reset' });
    tick();
    expect(told.slice(9)).toEqual(['training', 'run', 'ready']);
  });
});

describe('the recording that ships', () => {
  it('has every setting that the page has now: else `npm run record`', () => {
    const path = new URL('../../demo/replay/recorded.json', import.meta.url);
    const { replies } = decoded(readFileSync(path, 'utf8')) as Recording;
    const runs = replies.flatMap(([, reply]) => (reply.type === 'run' && reply.run ? [reply.run.settings] : []));
    expect(runs.length).toBeGreaterThan(0);
    for (const settings of runs) expect(Object.keys(settings).toSorted()).toEqual(Object.keys(USUAL).toSorted());
  });
});
