import { openDataFlag } from './data.js';
import { EXIT, Interrupted } from './exit.js';
import { parseFlags } from './flags.js';
import { Narrator } from './narrator.js';
import { JsonResults, TextResults } from './results.js';
import { onHost, watched } from './session.js';
import { evalFlags } from './tables.js';
import { readTrained } from './weightsFile.js';

/** `weft eval`: the test images through a trained net. */
export async function evaluate(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft eval', evalFlags, words);
  const { weights, ...trained } = await readTrained('weft eval', flags);

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
      const outcome = await host.run({ task: 'evaluate', ...trained }, { data, weights, signal }, (event) => {
        narrator.hear(event);
        results.hear(event);
      });
      screen.progress(undefined);
      if (outcome.interrupted) throw new Interrupted();
      results.done(outcome, undefined);
      return EXIT.ok;
    });
  });
}
