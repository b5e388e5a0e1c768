// A square product of matrices as a plan, checked before anybody times it. For a page and for Node alike.

import { EngineError, type Device } from '../src/index.js';
import { Graph, matmul, Session, Store } from '../src/lab.js';
import type { Subject } from './timing.js';
import { waves } from './waves.js';

export interface Product extends Subject, Disposable {
  readonly size: number;
  /** The largest error found, in units of its bound: up to 1 is right. */
  readonly error: number;
}

/** Rows whose every element is checked, spread over the result. */
const CHECKED_ROWS = 3;
/** Half the distance of 1 to the next f32. */
const UNIT_ROUNDOFF = 2 ** -24;

/**
 * y = a·b, all [size, size].
 * @throws EngineError 'gpu' if an element is further off than size + 1 roundings allow
 */
export async function openProduct(device: Device, size: number): Promise<Product> {
  const graph = new Graph();
  const y = matmul(graph.state('a', [size, size]), graph.state('b', [size, size]), 'nn');
  const store = new Store(device);
  let session: Session | undefined;
  try {
    session = await Session.compile(store, graph, { name: `matmul ${size}`, keep: [y] });
    const operands = [waves(size * size, 0), waves(size * size, 1)] as const;
    store.write('a', operands[0]);
    store.write('b', operands[1]);
    session.run();
    const error = errorOf(size, operands, (await session.read(y)) as Float32Array);
    if (!(error <= 1)) {
      throw new EngineError('gpu', {
        place: `matmul ${size}³`,
        given: `an element ${error.toPrecision(3)} times its bound off`,
        wanted: 'sums within their bounds',
        wayOut: 'Do not time it; `npm run bench -- shapes` names the kernel',
      });
    }
    const open = session;
    return {
      size,
      error,
      run: (times) => open.run(times),
      idle: () => open.idle(),
      [Symbol.dispose]: () => {
        open[Symbol.dispose]();
        store[Symbol.dispose]();
      },
    };
  } catch (error) {
    session?.[Symbol.dispose]();
    store[Symbol.dispose]();
    throw error;
  }
}

/** The bound of y[m,n] is (size + 1) · 2⁻²⁴ · Σ|a·b|, whatever the order of the sum (Higham 2002, §3.1). */
function errorOf(size: number, [a, b]: readonly [Float32Array, Float32Array], y: Float32Array): number {
  let worst = 0;
  for (let i = 0; i < CHECKED_ROWS; i++) {
    const row = Math.round((i * (size - 1)) / (CHECKED_ROWS - 1));
    const [sums, sizes] = [new Float64Array(size), new Float64Array(size)];
    for (let k = 0; k < size; k++) {
      const left = a[row * size + k] ?? NaN;
      for (let n = 0; n < size; n++) {
        const term = left * (b[k * size + n] ?? NaN);
        sums[n] = (sums[n] ?? 0) + term;
        sizes[n] = (sizes[n] ?? 0) + Math.abs(term);
      }
    }
    for (let n = 0; n < size; n++) {
      const off = Math.abs((y[row * size + n] ?? NaN) - (sums[n] ?? NaN));
      const ratio = off / ((size + 1) * UNIT_ROUNDOFF * (sizes[n] ?? NaN));
      worst = Number.isNaN(ratio) ? Infinity : Math.max(worst, ratio);
    }
  }
  return worst;
}
