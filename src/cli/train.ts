import { join, resolve } from 'node:path';
import { continued } from './continued.js';
import { openDataFlag } from './data.js';
import { EXIT, usageError } from './exit.js';
import { givenFlags, parseFlags } from './flags.js';
import { Narrator } from './narrator.js';
import { mustBeWritable, openMetrics } from './outputs.js';
import { JsonResults, savedText, TextResults } from './results.js';
import type { RunSettings } from './task.js';
import { openRunFolder } from './runFolder.js';
import { onHost, watched } from './session.js';
import { trainingSettings } from './settings.js';
import { trainFlags } from './tables.js';
import { readWeights, saveWeights } from './weightsFile.js';
import { errorOf } from './wire.js';

/** `weft train`: flags and files around `runTask`. */
export async function train(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft train', trainFlags, words);
  const { net, mean, std, json, quiet, 'weights-in': weightsIn, 'weights-out': weightsOut, metrics } = flags;
  const asked: RunSettings = { task: 'train', net, mean, std, training: trainingSettings(flags) };
  if (weightsOut !== undefined && metrics !== undefined && resolve(weightsOut) === resolve(metrics)) {
    throw usageError('--metrics', `${metrics}, which is --weights-out too`, 'a file of its own');
  }
  const start = weightsIn === undefined ? undefined : await readWeights('--weights-in', weightsIn);
  // All that will be written is tried first: no hour of training ends at a closed folder.
  if (weightsOut !== undefined) await mustBeWritable('--weights-out', weightsOut);
  if (metrics !== undefined) await mustBeWritable('--metrics', metrics);
  if (flags.checkpoint !== undefined) await mustBeWritable('--checkpoint', join(flags.checkpoint, 'run'));

  return watched(quiet, async (watch) => {
    const { screen, signal } = watch;
    const run = await openRunFolder(flags.checkpoint, { resume: flags.resume, screen });
    const begun = run.material.resume?.facts.run;
    const settings = begun === undefined ? asked : continued(flags, givenFlags(trainFlags, words), begun);
    const { splits, line } = await openDataFlag(flags.data, screen, signal);
    return onHost(flags.backend, watch, async (host) => {
      const narrator = new Narrator(screen, host.backend, line);
      const results = json ? new JsonResults(screen, host.backend, splits) : new TextResults(screen, splits, quiet);
      const lines = metrics === undefined ? undefined : await openMetrics(metrics);
      try {
        const material = { data: splits, signal, ...(start && { weights: start.weights }), ...run.material };
        let unwritten: unknown;
        const outcome = await host.run(settings, material, (event) => {
          // A disk that is full costs the metrics, not the training.
          try {
            if (unwritten === undefined) lines?.write(event);
          } catch (error) {
            unwritten = error;
          }
          narrator.hear(event);
          results.hear(event);
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
