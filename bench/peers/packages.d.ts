// The parts of the peers that the pages use. The packages are installed for the bench alone, not for the checks.

declare module '@tensorflow/tfjs-core' {
  export class Tensor {
    readonly shape: number[];
    readonly size: number;
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  export class Scalar extends Tensor {}
  export class Tensor2D extends Tensor {
    override readonly shape: [number, number];
  }
  export class Tensor4D extends Tensor {
    override readonly shape: [number, number, number, number];
  }
  export class Variable extends Tensor {}
  interface FusedConvolution {
    x: Tensor4D;
    filter: Tensor4D;
    bias: Tensor;
    strides: number;
    pad: number;
    activation: 'linear' | 'relu';
  }
  interface FusedProduct {
    a: Tensor2D;
    b: Tensor2D;
    bias: Tensor;
    activation: 'linear' | 'relu';
  }
  export const fused: { conv2d(parts: FusedConvolution): Tensor4D; matMul(parts: FusedProduct): Tensor2D };
  export const losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Scalar };
  export const train: {
    momentum(
      rate: number,
      momentum: number,
    ): { minimize(loss: () => Scalar, returnCost: boolean, variables: Variable[]): Scalar | null };
  };
  export function setBackend(name: string): Promise<boolean>;
  export function ready(): Promise<void>;
  export function tensor(values: Float32Array, shape: number[]): Tensor;
  export function tensor2d(values: Float32Array, shape: [number, number]): Tensor2D;
  export function tensor4d(values: Float32Array | number[], shape: [number, number, number, number]): Tensor4D;
  export function zeros(shape: number[]): Tensor;
  export function variable(value: Tensor, trainable: boolean, name: string): Variable;
  export function tidy<T extends Tensor>(action: () => T): T;
  export function slice(x: Tensor, begin: number[], size: number[]): Tensor;
  export function concat(parts: Tensor[], axis: number): Tensor;
  export function pad(x: Tensor, edges: [number, number][]): Tensor;
  export function reshape(x: Tensor, shape: number[]): Tensor;
  export function transpose(x: Tensor, axes?: number[]): Tensor;
  export function add(a: Tensor, b: Tensor): Tensor;
  export function relu(x: Tensor): Tensor;
  export function matMul(a: Tensor2D, b: Tensor2D): Tensor2D;
  export function maxPool(x: Tensor4D, window: number, strides: number, pad: 'valid'): Tensor4D;
  export function conv2d(x: Tensor4D, filter: Tensor4D, strides: number, pad: 'valid'): Tensor4D;
  export function conv2dTranspose(
    x: Tensor4D,
    filter: Tensor4D,
    outputShape: Tensor4D['shape'],
    strides: number,
    pad: 'valid',
  ): Tensor4D;
  type Saver = (tensors: Tensor[]) => void;
  type Gradient = (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[];
  export function customGrad(
    f: (x: Tensor, w: Tensor, save: Saver) => { value: Tensor; gradFunc: Gradient },
  ): (...operands: Tensor[]) => Tensor;
}

declare module '@tensorflow/tfjs-core/dist/register_all_gradients.js' {}

declare module '@tensorflow/tfjs-backend-webgpu' {}

declare module '@tensorflow/tfjs-backend-wasm' {
  export function setWasmPaths(prefix: string): void;
  export function setThreadsCount(count: number): void;
}

declare module '@jax-js/jax' {
  export type Device = 'cpu' | 'wasm' | 'webgpu' | 'webgl';
  export class Array {
    readonly shape: number[];
    get ref(): this;
    dispose(): void;
    add(other: Array | number): Array;
    sub(other: Array | number): Array;
    mul(other: Array | number): Array;
    sum(): Array;
    reshape(shape: number[]): Array;
    jsAsync(): Promise<unknown>;
  }
  export const numpy: {
    array(values: Float32Array, options: { shape: number[] }): Array;
    zeros(shape: number[]): Array;
    zerosLike(x: Array): Array;
    transpose(x: Array): Array;
    dot(a: Array, b: Array): Array;
    matmul(a: Array, b: Array): Array;
    max(x: Array): Array;
  };
  export const nn: { relu(x: Array): Array; logSoftmax(x: Array): Array };
  export const lax: {
    convGeneralDilated(x: Array, w: Array, strides: number[], padding: [number, number][]): Array;
    reduceWindow(x: Array, f: (x: Array) => Array, window: number[], strides: number[]): Array;
  };
  export const tree: {
    map<T>(f: (...leaves: Array[]) => Array, tree: T, ...more: T[]): T;
    ref<T>(tree: T): T;
  };
  export function init(device: Device): Promise<Device[]>;
  export function defaultDevice(device: Device): Device;
  export function jit<F>(f: F): F;
  export function valueAndGrad<P>(
    f: (parameters: P, x: Array, y: Array) => Array,
  ): (parameters: P, x: Array, y: Array) => [Array, P];
  export function blockUntilReady<T>(tree: T): Promise<T>;
}
