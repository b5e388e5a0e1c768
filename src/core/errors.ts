/** What went wrong, as a word that a program can act on. */
export type ErrorCode =
  | 'shape' // operands whose shapes or attributes do not fit each other
  | 'dtype' // an operand of the wrong element type
  | 'graph' // a graph that cannot be compiled, or a tensor of another graph
  | 'plan' // a plan that cannot be replayed as asked, or a tensor it does not keep
  | 'no-webgpu' // no implementation of WebGPU here
  | 'no-adapter' // WebGPU, but no adapter
  | 'limit' // the adapter's limits are too small
  | 'shader' // a shader that does not compile
  | 'gpu' // the GPU refused a call (validation, out of memory, internal)
  | 'device-lost' // the device went away
  | 'diverged' // a loss or a gradient is no finite number
  | 'data' // data that cannot be used: too few, mismatched, labels out of range
  | 'format' // a file that is not what it should be
  | 'checksum' // a file whose digest is not the expected one
  | 'network' // no mirror answered
  | 'file' // a file that cannot be read or written
  | 'weights' // weights that do not fit the net
  | 'usage' // a setting that makes no sense
  | 'missing'; // a program or package that this needs and did not find

export interface ErrorParts {
  /** Who complains: an op, a file, a flag. */
  readonly place: string;
  /** What was found. */
  readonly given: string;
  /** What would have been right. */
  readonly wanted: string;
  /** What a person can do about it. */
  readonly wayOut?: string;
  readonly cause?: unknown;
}

/**
 * The one error of the engine. Its message is a sentence: place, what was given, what was wanted, the way out.
 *
 *     conv2d: a 5×5 window on a 4×4 image with padding 0; wanted a window inside the padded image. Use padding ≥ 1.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: ErrorCode;
  readonly place: string;
  readonly given: string;
  readonly wanted: string;
  readonly wayOut: string | undefined;

  constructor(code: ErrorCode, parts: ErrorParts) {
    const wayOut = parts.wayOut === undefined ? '' : `. ${parts.wayOut}`;
    super(
      `${parts.place}: ${parts.given}; wanted ${parts.wanted}${wayOut}`,
      parts.cause === undefined ? undefined : { cause: parts.cause },
    );
    this.code = code;
    this.place = parts.place;
    this.given = parts.given;
    this.wanted = parts.wanted;
    this.wayOut = parts.wayOut;
  }
}
