import { describe, expect, it } from 'vitest';
import { commands, readFlags, USAGE } from '../../bench/flags.js';
import { peerList } from '../../bench/peers/peerList.js';
import { EngineError } from '../../src/core/errors.js';

const codeOf = (...words: string[]): string | undefined => {
  try {
    readFlags(words);
    return undefined;
  } catch (error) {
    return error instanceof EngineError ? error.code : 'another error';
  }
};

describe('flags', () => {
  it('every command has defaults of its own', () => {
    expect(readFlags(['kernels']).batches).toEqual([64]);
    expect(readFlags(['step']).batches).toEqual([64, 256, 1024]);
    expect(readFlags(['kernels']).nets).toEqual(['tutorial', 'figure', 'wide']);
    expect(readFlags(['peers']).nets).toEqual(['tutorial', 'wide']);
    expect(readFlags(['gpu']).sizes).toContain(4096);
    expect(readFlags(['peers']).only).toEqual(peerList.map(({ word }) => word));
  });

  it('a list by commas is several values', () => {
    expect(readFlags(['step', '--batch', '8, 16']).batches).toEqual([8, 16]);
    expect(readFlags(['peers', '--only', 'weft,torch']).only).toEqual(['weft', 'torch']);
  });

  it('no cold start and no floor may be asked for, but no round must be', () => {
    expect(readFlags(['peers', '--cold', '0', '--floor', '0'])).toMatchObject({ cold: 0, floor: 0 });
    expect(codeOf('peers', '--repeat', '0')).toBe('usage');
  });

  it('several nets may be named; those that the peers know have layers there', () => {
    expect(readFlags(['step', '--net', 'wide,mlp'])).toMatchObject({ nets: ['wide', 'mlp'], allNets: false });
    expect(readFlags(['peers', '--net', 'figure']).nets).toEqual(['figure']);
    for (const words of [
      ['peers', '--net', 'mlp'],
      ['step', '--net', 'wide,other'],
      ['step', '--net', ''],
    ]) {
      expect([words, codeOf(...words)]).toEqual([words, 'usage']);
    }
  });

  it('a flag that a command would pass over is refused, and those it goes by are named', () => {
    for (const words of [
      ['shapes', '--net', 'wide'],
      ['step', '--cold', '2'],
      ['kernels', '--floor', '0'],
      ['page', '--batch', '8'],
      ['pretrain', '--json'],
      ['gpu', '--steps', '50'],
    ]) {
      expect([words, codeOf(...words)]).toEqual([words, 'usage']);
    }
    expect(() => readFlags(['step', '--in', 'node'])).toThrow(/--in: .* step .*--net, --batch/);
    expect(readFlags(['step', '--steps', '50,1000']).steps).toEqual([50, 1000]);
    for (const command of commands) expect(readFlags([command, '--software', '--out', 'x']).out).toBe('x');
  });

  it('a curve has several lengths, and every plan a start of its own', () => {
    const { steps, cold, nets, place } = readFlags(['curve']);
    expect(steps).toEqual([1, 50, 200, 1000, 5000, 20_000]);
    expect([cold, nets, place]).toEqual([1, ['tutorial'], 'chromium']);
    expect(readFlags(['kernels']).steps).toEqual([]);
    expect(readFlags(['kernels', '--steps', '20000']).steps).toEqual([20_000]);
    expect(codeOf('curve', '--in', 'here')).toBe('usage');
    expect(codeOf('curve', '--cold', '0')).toBe('usage');
    expect(codeOf('curve', '--in', 'firefox')).toBe('usage');
  });

  it('the page is visited three times, and at least once', () => {
    expect(readFlags(['page']).cold).toBe(3);
    expect(codeOf('page', '--cold', '0')).toBe('usage');
  });

  it('words that mean nothing are refused with a usage error', () => {
    for (const words of [
      [],
      ['steps'],
      ['kernels', 'step'],
      ['kernels', '--net', 'other'],
      ['step', '--batch', '64,'],
      ['step', '--batch', '1.5'],
      ['step', '--steps', ''],
      ['curve', '--steps', '50,'],
      ['peers', '--only', 'weft,keras'],
      ['kernels', '--unknown'],
    ]) {
      expect([words, codeOf(...words)]).toEqual([words, 'usage']);
    }
  });

  it('the usage names every command and every peer', () => {
    for (const word of [...commands, ...peerList.map((peer) => peer.word)]) expect(USAGE).toContain(word);
  });
});
