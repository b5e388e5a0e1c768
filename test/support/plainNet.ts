// A net by hand, in f64: loops and nothing else, so that it shares no thought with the engine that is held against it.
// Letters: N images; C channels in, K out; H W input, R window, P Q output.

/** A batch of values [N, C, H, W], row-major; after a dense layer H = W = 1. */
export interface PlainBatch {
  readonly N: number;
  readonly C: number;
  readonly H: number;
  readonly W: number;
  readonly data: Float64Array;
}

/** Values by the names of the parameters. */
export type PlainWeights = Map<string, Float64Array>;

/** A layer keeps what its backward pass needs from the forward pass before it. */
export interface PlainLayer {
  forward(x: PlainBatch, weights: PlainWeights): PlainBatch;
  /** Takes dy to dx, and sets the gradients of the layer's own parameters. */
  backward(dy: PlainBatch, weights: PlainWeights, slopes: PlainWeights): PlainBatch;
}

const batchOf = (N: number, C: number, H: number, W: number): PlainBatch => ({
  N,
  C,
  H,
  W,
  data: new Float64Array(N * C * H * W),
});

const valuesOf = (weights: PlainWeights, name: string): Float64Array => {
  const values = weights.get(name);
  if (values === undefined) throw new Error(`no weights ${name}`);
  return values;
};

/** y[n,k,p,q] = b[k] + Σ x[n,c,p+r,q+s]·w[k,c,r,s]: stride 1, no padding. */
export function plainConv(name: string, K: number, R: number): PlainLayer {
  let x = batchOf(0, 0, 0, 0);
  const visit = (P: number, Q: number, each: (y: number, k: number, xi: number, wi: number) => void): void => {
    const { N, C, H, W } = x;
    for (let n = 0; n < N; n++)
      for (let k = 0; k < K; k++)
        for (let p = 0; p < P; p++)
          for (let q = 0; q < Q; q++)
            for (let c = 0; c < C; c++)
              for (let r = 0; r < R; r++)
                for (let s = 0; s < R; s++)
                  each(
                    ((n * K + k) * P + p) * Q + q,
                    k,
                    ((n * C + c) * H + p + r) * W + q + s,
                    ((k * C + c) * R + r) * R + s,
                  );
  };
  return {
    forward(input, weights) {
      x = input;
      const [w, b] = [valuesOf(weights, `${name}.weight`), valuesOf(weights, `${name}.bias`)];
      const y = batchOf(x.N, K, x.H - R + 1, x.W - R + 1);
      for (let i = 0; i < y.data.length; i++) y.data[i] = b[Math.floor(i / (y.H * y.W)) % K]!;
      visit(y.H, y.W, (yi, _, xi, wi) => (y.data[yi]! += x.data[xi]! * w[wi]!));
      return y;
    },
    backward(dy, weights, slopes) {
      const w = valuesOf(weights, `${name}.weight`);
      const [dw, db] = [new Float64Array(w.length), new Float64Array(K)];
      const dx = batchOf(x.N, x.C, x.H, x.W);
      for (let i = 0; i < dy.data.length; i++) db[Math.floor(i / (dy.H * dy.W)) % K]! += dy.data[i]!;
      visit(dy.H, dy.W, (yi, _, xi, wi) => {
        dw[wi]! += dy.data[yi]! * x.data[xi]!;
        dx.data[xi]! += dy.data[yi]! * w[wi]!;
      });
      slopes.set(`${name}.weight`, dw);
      slopes.set(`${name}.bias`, db);
      return dx;
    },
  };
}

/** y[n,k] = b[k] + Σ x[n,c]·w[k,c], over all values of an image. */
export function plainDense(name: string, K: number): PlainLayer {
  let x = batchOf(0, 0, 0, 0);
  return {
    forward(input, weights) {
      x = input;
      const [w, b] = [valuesOf(weights, `${name}.weight`), valuesOf(weights, `${name}.bias`)];
      const size = x.C * x.H * x.W;
      const y = batchOf(x.N, K, 1, 1);
      for (let n = 0; n < x.N; n++)
        for (let k = 0; k < K; k++) {
          let sum = b[k]!;
          for (let c = 0; c < size; c++) sum += x.data[n * size + c]! * w[k * size + c]!;
          y.data[n * K + k] = sum;
        }
      return y;
    },
    backward(dy, weights, slopes) {
      const w = valuesOf(weights, `${name}.weight`);
      const size = x.C * x.H * x.W;
      const [dw, db] = [new Float64Array(w.length), new Float64Array(K)];
      const dx = batchOf(x.N, x.C, x.H, x.W);
      for (let n = 0; n < x.N; n++)
        for (let k = 0; k < K; k++) {
          const slope = dy.data[n * K + k]!;
          db[k]! += slope;
          for (let c = 0; c < size; c++) {
            dw[k * size + c]! += slope * x.data[n * size + c]!;
            dx.data[n * size + c]! += slope * w[k * size + c]!;
          }
        }
      slopes.set(`${name}.weight`, dw);
      slopes.set(`${name}.bias`, db);
      return dx;
    },
  };
}

/** max(x, 0), with slope 0 at 0. */
export function plainRelu(): PlainLayer {
  let open: boolean[] = [];
  return {
    forward(x) {
      open = Array.from(x.data, (value) => value > 0);
      return { ...x, data: x.data.map((value, i) => (open[i] ? value : 0)) };
    },
    backward: (dy) => ({ ...dy, data: dy.data.map((slope, i) => (open[i] ? slope : 0)) }),
  };
}

/** The largest of each 2×2 window, the first of equals; a last odd row or column falls off. */
export function plainPool(): PlainLayer {
  let x = batchOf(0, 0, 0, 0);
  let winners = new Int32Array(0);
  return {
    forward(input) {
      x = input;
      const y = batchOf(x.N, x.C, Math.floor(x.H / 2), Math.floor(x.W / 2));
      winners = new Int32Array(y.data.length);
      for (let image = 0; image < x.N * x.C; image++)
        for (let p = 0; p < y.H; p++)
          for (let q = 0; q < y.W; q++) {
            const first = (image * x.H + 2 * p) * x.W + 2 * q;
            const window = [first, first + 1, first + x.W, first + x.W + 1];
            const at = (image * y.H + p) * y.W + q;
            const winner = window.reduce((best, next) => (x.data[next]! > x.data[best]! ? next : best));
            winners[at] = winner;
            y.data[at] = x.data[winner]!;
          }
      return y;
    },
    backward(dy) {
      const dx = batchOf(x.N, x.C, x.H, x.W);
      winners.forEach((winner, at) => (dx.data[winner]! += dy.data[at]!));
      return dx;
    },
  };
}

/** Losses and answers of a batch, and the gradient of the mean loss. */
export function plainCrossEntropy(logits: PlainBatch, labels: readonly number[]) {
  const { N, C, data } = logits;
  const dlogits = batchOf(N, C, 1, 1);
  const losses: number[] = [];
  const answers: number[] = [];
  for (let n = 0; n < N; n++) {
    const row = Array.from(data.subarray(n * C, (n + 1) * C));
    const most = Math.max(...row);
    const total = row.reduce((sum, value) => sum + Math.exp(value - most), 0);
    const label = labels[n] ?? 0;
    losses.push(Math.log(total) - (row[label]! - most));
    answers.push(row.indexOf(most));
    row.forEach((value, c) => (dlogits.data[n * C + c] = (Math.exp(value - most) / total - (c === label ? 1 : 0)) / N));
  }
  return { losses, answers, dlogits };
}
