import { describe, expect, it } from 'vitest';
import type { Reply } from '../../demo/protocol.js';
import { USUAL } from '../../demo/state.js';
import type { Desk, Run } from '../../demo/work/desk.js';
import { Pad } from '../../demo/work/pad.js';

/** A pad on which test images are put; its net answers by hand. */
function open() {
  const test = { count: 2, images: new Uint8Array(2 * 784), labels: Uint8Array.of(3, 4) };
  const questions: { resolve: (probabilities: Float32Array) => void; reject: (error: Error) => void }[] = [];
  const use = () =>
    new Promise<Float32Array>((resolve, reject) => {
      questions.push({ resolve, reject });
    });
  const posted: Reply[] = [];
  const failed: unknown[] = [];
  const desk = {
    post: (reply: Reply) => posted.push(reply),
    run: { data: { test }, use } as unknown as Run,
    beside: (task: Promise<void>) => void task.catch((error: unknown) => failed.push(error)),
  } as unknown as Desk;
  const pad = new Pad(desk, () => Promise.resolve());
  return {
    pad,
    posted,
    failed,
    put: (index: number) => pad.handlers.sample({ type: 'sample', settings: USUAL, index }),
    answer: () => questions.shift()?.resolve(new Float32Array(10)),
    fail: () => questions.shift()?.reject(new Error('no answer')),
  };
}

/** Whether a promise has come to an end by now. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  void promise.then(() => (over = true));
  await new Promise((done) => setImmediate(done));
  return over;
}

describe('what comes after the pad', () => {
  it('waits for the answer to what is on it now, and for nothing while there is none', async () => {
    const { pad, put, answer, posted } = open();
    expect(await isOver(pad.settled())).toBe(true);
    put(0);
    const settled = pad.settled();
    expect(await isOver(settled)).toBe(false);
    // Another image meanwhile: the answer to the first is none to it.
    put(1);
    answer();
    expect(await isOver(settled)).toBe(false);
    answer();
    expect(await isOver(settled)).toBe(true);
    expect(posted.map((reply) => reply.type === 'answer' && reply.answer?.label)).toEqual([3, 4]);
  });

  it('does not wait while a net that learns answers the same image again and again', async () => {
    const { pad, put, answer } = open();
    put(0);
    answer();
    await isOver(pad.settled());
    void pad.answer();
    expect(await isOver(pad.settled())).toBe(true);
  });

  it('waits no longer where there will be no answer', async () => {
    const { pad, put, fail, failed } = open();
    put(0);
    const settled = pad.settled();
    fail();
    expect(await isOver(settled)).toBe(true);
    expect(failed).toHaveLength(1);
  });
});
