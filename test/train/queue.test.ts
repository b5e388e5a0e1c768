import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { Queue } from '../../src/train/queue.js';

/** A session whose submits are done when the test says so, on a clock that the test moves. */
class InventedSession {
  readonly submits: number[] = [];
  readonly #waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];

  run(steps = 1): void {
    this.submits.push(steps);
  }
  idle(): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }
  get inFlight(): number {
    return this.#waiting.length;
  }
  async finish(ms: number): Promise<void> {
    now += ms;
    this.#waiting.shift()?.resolve();
    await settled();
  }
  async fail(error: unknown): Promise<void> {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    await settled();
  }
}

/** Lets everything run that a settled promise has set going. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

let now = 0;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

const limits = { submitMs: 20, mostInFlight: 3, mostSteps: 50 };

describe('a queue', () => {
  it('has at most three submits in flight', async () => {
    const session = new InventedSession();
    const queue = new Queue(session, limits);
    let ran = 0;
    const running = (async () => {
      for (let i = 0; i < 6; i++) {
        await queue.run(1);
        ran++;
      }
    })();
    const most: number[] = [];
    for (let i = 0; i < 6; i++) {
      await settled();
      most.push(session.inFlight);
      await session.finish(1);
    }
    await running;
    expect(most).toEqual([3, 3, 3, 3, 2, 1]);
    expect(ran).toBe(6);
  });
  it('does not wait for the first two', async () => {
    const session = new InventedSession();
    const queue = new Queue(session, limits);
    await queue.run(1);
    await queue.run(1);
    expect(session.inFlight).toBe(2);
  });
  it('measures a step from the end of the submit before, not from its own submission', async () => {
    const session = new InventedSession();
    const queue = new Queue(session, limits);
    await queue.run(1);
    await queue.run(1);
    await session.finish(4);
    expect(queue.next(100)).toBe(5);
    await session.finish(4); // 8 ms after its submission, 4 after the first was done
    expect(queue.next(100)).toBe(5);
  });
  it('does not count the time in which it had nothing to do', async () => {
    const session = new InventedSession();
    const queue = new Queue(session, limits);
    await queue.run(1);
    await session.finish(4);
    now += 10_000;
    await queue.run(5);
    await session.finish(20);
    expect(queue.next(100)).toBe(5);
  });
  it('never gives more steps than were asked for', async () => {
    const session = new InventedSession();
    const queue = new Queue(session, limits);
    await queue.run(1);
    await session.finish(1);
    expect([queue.next(100), queue.next(7), queue.next(1)]).toEqual([20, 7, 1]);
  });
  it('is drained when everything is done, and not before', async () => {
    const session = new InventedSession();
    const queue = new Queue(session, limits);
    await queue.run(1);
    await queue.run(1);
    let drained = false;
    const draining = queue.drain().then(() => (drained = true));
    await session.finish(1);
    expect(drained).toBe(false);
    await session.finish(1);
    await draining;
    expect(drained).toBe(true);
  });
  it('passes a failure on to whoever waits, and to nobody if nobody does', async () => {
    const lost = new EngineError('device-lost', { place: 'GPU', given: 'a loss', wanted: 'none' });
    const session = new InventedSession();
    const queue = new Queue(session, limits);
    await queue.run(1);
    await queue.run(1);
    const third = queue.run(1).catch((reason: unknown) => reason);
    await session.fail(lost);
    expect(await third).toBe(lost);
    await expect(queue.drain()).rejects.toBe(lost);

    const dropped = new InventedSession();
    await new Queue(dropped, limits).run(1);
    await dropped.fail(lost);
  });
});
