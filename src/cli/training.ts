// What the commands that train share: files, a screen, a host, and how a run is told.

import { join, resolve } from 'node:path';
import type { Checkpoint, Splits, Weights } from '../index.js';
import { openDataFlag } from './data.js';
import { EXIT, usageError } from './exit.js';
import { plural } from '../chart/figures.js';
import { heldOut } from './learning.js';
import { Narrator } from './narrator.js';
import { mustBeWritable, openMetrics } from './outputs.js';
import { JsonResults, savedText, TextResults } from './results.js';
import { openRunFolder } from './runFolder.js';
import { onHost, watched } from './session.js';
import type { AnyTrainFlags } from './settings.js';
import type { RunEvent, RunSettings, TransferEvent } from './task.js';
import { saveWeights } from './weightsFile.js';
import { errorOf } from './wire.js';

/** What is trained, on which images, from where. */
export interface Job {
  readonly settings: RunSettings;
  readonly data: Splits;
  /** Random ones of the seed if absent. */
  readonly weights?: Weights;
  /** What became of the weights that were given. */
  readonly transfer?: TransferEvent;
}

type RunFlags = Pick<
  AnyTrainFlags,
  'data' | 'weights-out' | 'metrics' | 'checkpoint' | 'resume' | 'backend' | 'json' | 'quiet'
>;

/** Flags and files around `runTask`. @param jobOn what to do with the images, and with the run to go on with */
export async function runTraining(
  flags: RunFlags,
  jobOn: (data: Splits, resume: Checkpoint | undefined) => Job,
): Promise<number> {
  const { json, quiet, 'weights-out': weightsOut, metrics } = flags;
  if (weightsOut !== undefined && metrics !== undefined && resolve(weightsOut) === resolve(metrics)) {
    throw usageError('--metrics', `${metrics}, which is --weights-out too`, 'a file of its own');
  }
  // All that will be written is tried first: no hour of training ends at a closed folder.
  if (weightsOut !== undefined) await mustBeWritable('--weights-out', weightsOut);
  if (metrics !== undefined) await mustBeWritable('--metrics', metrics);
  if (flags.checkpoint !== undefined) await mustBeWritable('--checkpoint', join(flags.checkpoint, 'run'));

  return watched(quiet, async (watch) => {
    const { screen, signal } = watch;
    const run = await openRunFolder(flags.checkpoint, { resume: flags.resume, screen });
    const { splits, line } = await openDataFlag(flags.data, screen, signal);
    const { settings, data, weights, transfer } = jobOn(splits, run.material.resume);
    const held = heldOut(settings.training?.validation, data.train.count);
    const told = held > 0 ? `${line}, ${plural(held, 'training image')} held out` : line;
    return onHost(flags.backend, watch, async (host) => {
      const narrator = new Narrator(screen, host.backend, told);
      const results = json ? new JsonResults(screen, host.backend, data, held) : new TextResults(screen, data, quiet);
      const lines = metrics === undefined ? undefined : await openMetrics(metrics);
      const tell = (event: RunEvent): void => {
        narrator.hear(event);
        results.hear(event);
      };
      try {
        const material = { data, signal, ...(weights && { weights }), ...run.material };
        let unwritten: unknown;
        const outcome = await host.run(settings, material, (event) => {
          // A disk that is full costs the metrics, not the training.
          try {
            if (unwritten === undefined) lines?.write(event);
          } catch (error) {
            unwritten = error;
          }
          tell(event);
          if (event.event === 'adapter' && transfer !== undefined) tell(transfer);
        });
        screen.progress(undefined);
        const written = outcome.steps > 0 || !outcome.interrupted ? weightsOut : undefined;
        if (written !== undefined && outcome.weights) await saveWeights(written, outcome.weights, settings);
        const saved = { weights: written, checkpoint: run.saved };
        if (outcome.diverged !== undefined) {
          screen.complain(savedText(saved) ?? 'nothing was saved: there is no --weights-out');
          throw errorOf({ code: 'diverged', ...outcome.diverged });
        }
        results.done(outcome, saved);
        if (unwritten !== undefined) throw unwritten;
        return outcome.interrupted ? EXIT.interrupted : EXIT.ok;
      } finally {
        lines?.close();
      }
    });
  });
}
