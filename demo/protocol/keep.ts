// The run that outlasts the page, and files of it.

import type { Settings } from './settings.js';

/** A run in the browser's storage. */
export interface SavedRun {
  readonly settings: Settings;
  readonly steps: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What of a run can be had as a file. */
export type ExportName = 'weights' | 'onnx' | 'run' | 'steps';

export type KeepRequest =
  /** Makes the run ready that was saved last, in the state in which it was. */
  | { readonly type: 'resume' }
  | { readonly type: 'forget' }
  /** Weights as safetensors, the net with them as an ONNX model, the whole run as JSON, its steps as CSV. */
  | { readonly type: 'export'; readonly what: ExportName };

export type KeepReply =
  /** What is saved now; undefined: nothing. */
  | { readonly type: 'saved'; readonly saved: SavedRun | undefined }
  /** The device was lost and there is another: the run goes on after `step`, to the bits of one without a loss or not. */
  | { readonly type: 'restored'; readonly step: number; readonly sameBits: boolean }
  /** For the person's own disk. */
  | { readonly type: 'file'; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };
