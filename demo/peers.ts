// What other libraries reached, as docs/measurements.md has it: a test holds the two equal.

export interface PeerRate {
  /** As the document calls it. */
  readonly name: string;
  readonly version: string;
  readonly on: 'WebGPU' | 'wasm' | 'cpu';
  /** Training steps a second: the median of five rounds, the least and the most. */
  readonly stepsPerSecond: number;
  readonly least: number;
  readonly most: number;
}

/** The tutorial's net, batch 64, SGD with momentum: equal weights and batches for all, in turns on one machine. */
export const PEERS = {
  date: '2026-11-25',
  commit: '56a9c92',
  adapter: 'SwiftShader',
  browser: 'Chromium 156',
  net: 'tutorial',
  batch: 64,
  rates: [
    { name: 'PyTorch', version: '1.13', on: 'cpu', stepsPerSecond: 120, least: 106, most: 126 },
    { name: 'Weft', version: '0.1.0', on: 'WebGPU', stepsPerSecond: 102, least: 88.2, most: 103 },
    { name: 'TensorFlow.js', version: '4.22.0', on: 'wasm', stepsPerSecond: 15.9, least: 15, most: 16.4 },
    { name: 'jax-js', version: '0.1.25', on: 'wasm', stepsPerSecond: 8.35, least: 7.19, most: 8.41 },
    { name: 'jax-js', version: '0.1.25', on: 'WebGPU', stepsPerSecond: 6.01, least: 5.82, most: 6.13 },
    { name: 'TensorFlow.js', version: '4.22.0', on: 'WebGPU', stepsPerSecond: 0.513, least: 0.485, most: 0.574 },
  ],
} as const satisfies {
  readonly rates: readonly PeerRate[];
  readonly [what: string]: string | number | readonly PeerRate[];
};
