import { SHEET_IMAGES } from '../chart/mistakeSheet.js';
import { openDataFlag } from './data.js';
import { EXIT, Interrupted } from './exit.js';
import { parseFlags } from './flags.js';
import { drawMistakes } from './mistakes.js';
import { Narrator } from './narrator.js';
import { mustBeWritable } from './outputs.js';
import { JsonResults, TextResults } from './results.js';
import { onHost, watched } from './session.js';
import { evalFlags } from './tables.js';
import { readTrained } from './weightsFile.js';

/** `weft eval`: the test images through a trained net. */
export async function evaluate(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft eval', evalFlags, words);
  const { weights, ...trained } = await readTrained('weft eval', flags);
  const sheet = flags.mistakes;
  if (sheet !== undefined) await mustBeWritable('--mistakes', sheet);

  return watched(flags.quiet, async (watch) => {
    const { screen, signal } = watch;
    const { splits, line } = await openDataFlag(flags.data, screen, signal);
    return onHost(flags.backend, watch, async (host) => {
      const narrator = new Narrator(screen, host.backend, line);
      const results = flags.json
        ? new JsonResults(screen, host.backend, splits)
        : new TextResults(screen, splits, flags.quiet);
      // Nothing is trained, so the training images stay off the GPU.
      const data = { ...splits, train: splits.test };
      const wanted = { task: 'evaluate', ...trained, ...(sheet !== undefined && { mistakes: SHEET_IMAGES }) } as const;
      const outcome = await host.run(wanted, { data, weights, signal }, (event) => {
        narrator.hear(event);
        results.hear(event);
      });
      screen.progress(undefined);
      if (outcome.interrupted) throw new Interrupted();
      results.done(outcome, undefined);
      if (sheet !== undefined) {
        const { mistakes = [], evaluation } = outcome;
        const { test } = splits;
        await drawMistakes(sheet, mistakes, test, Math.round(test.count * (1 - (evaluation?.accuracy ?? 1))));
        screen.note(`drew ${sheet}`);
      }
      return EXIT.ok;
    });
  });
}
