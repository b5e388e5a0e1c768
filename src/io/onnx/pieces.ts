// The parts of an ONNX model as data: what the rules say, and what `encode` writes down.

/** A size of an axis: a number, the name of one that grows with the batch (`N`, `6N`), or undefined for any other. */
export type Size = number | string | undefined;
export type Sizes = readonly Size[];

/** An attribute of a node; ONNX tells whole numbers from others. */
export type Attribute = { readonly int: number } | { readonly ints: readonly number[] } | { readonly float: number };

export type Attributes = Readonly<Record<string, Attribute>>;

/** Element types: numbers, places and sizes, bytes of images. */
export type ElementType = 'float' | 'int64' | 'uint8';

/** An operator with its inputs by name; '' is an optional input that is left out. */
export interface Call {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes?: Attributes;
}

export interface OnnxNode extends Call {
  /** Also the name of what it makes, but for the model's output. */
  readonly name: string;
  readonly output: string;
  readonly doc?: string | undefined;
}

/** A named value with its shape: an input, an output, or what a node makes. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly sizes: Sizes;
  readonly doc?: string | undefined;
}

/** A tensor in the file: weights under PyTorch's names, and the constants that nodes take as inputs. */
export interface Initializer {
  readonly name: string;
  readonly type: Exclude<ElementType, 'uint8'>;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

export interface OnnxGraph {
  readonly name: string;
  readonly doc: string;
  readonly input: ValueInfo;
  readonly output: ValueInfo;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly Initializer[];
  readonly values: readonly ValueInfo[];
  readonly metadata: Readonly<Record<string, string>>;
}
