// What the parts of the Worker share: one device, at most one run, one line of tasks, one way back to the page.

import type { Device, Net, Splits, Trainer, TrainerOptions } from '../../src/index.js';
import type { Reply, Request, Settings } from '../protocol.js';
import type { Sources } from './sources.js';

export type Post = (reply: Reply, transfer?: Transferable[]) => void;

/** A run that has its data, weights and shaders. */
export interface Run {
  readonly settings: Settings;
  readonly net: Net;
  readonly data: Splits;
  /** Another one after a loss of the device: for what needs no GPU, such as its plan and its steps. */
  readonly trainer: Trainer;
  /** Does something with the trainer; again with the next one where the device is lost on the way. */
  use<T>(work: (trainer: Trainer) => Promise<T>): Promise<T>;
  /** What its first trainer was opened with, which may be the state of an earlier visit. */
  readonly options: TrainerOptions;
}

export interface Desk {
  readonly post: Post;
  readonly sources: Sources;
  /** Undefined before the GPU is open, and after it is lost. */
  readonly device: Device | undefined;
  /** Undefined while there is none; another object when another run is at hand. */
  readonly run: Run | undefined;
  /** Begins a task when all that was lined up before is done, well or not. For what cannot go on beside training. */
  inLine(task: () => Promise<void>): void;
  /** Tells of what went wrong and changes nothing else. */
  tellFault(error: unknown): void;
  /** Tells of what goes wrong in a task that goes on beside the line. */
  beside(task: Promise<void>): void;
}

/** What a part of the Worker does with the messages that are for it. */
export type Handlers<T extends Request['type']> = {
  readonly [K in T]: (request: Extract<Request, { readonly type: K }>) => void;
};
