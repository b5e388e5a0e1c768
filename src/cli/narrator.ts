// What a person at a terminal is told while a command runs: stderr alone.

import { transferText } from '../index.js';
import { bytes, count, duration, plural } from '../chart/figures.js';
import { Follower, progressLine } from '../chart/progress.js';
import type { AdapterEvent, Host, RunEvent } from './task.js';
import type { Screen } from './screen.js';
import { wrapped } from './wrapped.js';

/** Columns of a label. */
const LABEL = 7;

/** Hears a run's events and puts them into notes, and into the line that changes. */
export class Narrator {
  readonly #screen: Screen;
  readonly #backend: Host['backend'];
  readonly #dataLine: string | undefined;
  readonly #start = performance.now();
  #follower: Follower | undefined;

  /** @param dataLine which data and why; absent where it does not matter */
  constructor(screen: Screen, backend: Host['backend'], dataLine?: string) {
    this.#screen = screen;
    this.#backend = backend;
    this.#dataLine = dataLine;
  }

  hear(event: RunEvent): void {
    switch (event.event) {
      case 'adapter':
        this.#label('adapter', adapterText(event, this.#backend));
        if (this.#dataLine !== undefined) this.#label('data', this.#dataLine);
        break;
      case 'compile':
        this.#screen.progress(() => `compiling, ${event.done} of ${event.total} pipelines`);
        break;
      case 'self-test':
        if (event.type !== 'passed') this.#label('kernels', event.sentence);
        break;
      case 'other-bits':
        this.#screen.complain(event.sentence);
        break;
      case 'transfer':
        this.#label('start', event.from);
        for (const line of transferText(event).split('\n')) this.#label('', line);
        break;
      case 'before':
        this.#screen.progress(undefined);
        break;
      case 'model': {
        const { net, parameters, macs, bytes: size, stepsPerEpoch, steps } = event;
        const ready = duration((performance.now() - this.#start) / 1000);
        const facts = [
          plural(parameters, 'parameter'),
          `${count(macs)} MACs an image`,
          bytes(size),
          `ready in ${ready}`,
        ];
        this.#screen.progress(undefined);
        this.#label('net', [net, ...facts].join(' · '));
        if (steps > 0) this.#follower = new Follower(steps, stepsPerEpoch);
        break;
      }
      case 'steps':
        this.#follower?.follow(event.steps, event.imagesPerSecond);
        this.#show();
        break;
      case 'epoch':
        this.#show();
        break;
      case 'restored':
        this.#label('gpu', `lost (${event.reason}: ${event.message.trim()}); goes on from step ${event.step}`);
        this.#show();
        break;
      case 'evaluate':
        this.#screen.progress(() => 'evaluating on the test images');
        break;
      default:
        event satisfies never;
    }
  }

  #show(): void {
    const { state } = this.#follower ?? {};
    if (state !== undefined) this.#screen.progress((columns) => progressLine(state, columns));
  }

  #label(label: string, text: string): void {
    const lines = wrapped(text, this.#screen.noteColumns - LABEL - 1);
    this.#screen.note(`${this.#screen.paint('dim', label.padEnd(LABEL))} ${lines.join(`\n${' '.repeat(LABEL + 1)}`)}`);
  }
}

/** `NVIDIA L4 · node` */
function adapterText({ description, software }: AdapterEvent, backend: Host['backend']): string {
  return [description, ...(software ? ['software: no GPU found, see `weft doctor`'] : []), backend].join(' · ');
}
