// `--checkpoint` and `--resume`: a run in a folder.

import type { Checkpoint } from '../index.js';
import { checkpointFolder } from '../node.js';
import { asGiven, usageError } from './exit.js';
import type { RunMaterial } from './task.js';
import type { Screen } from './screen.js';

export interface RunFolder {
  readonly material: Pick<RunMaterial, 'resume' | 'save'>;
  /** The newest checkpoint that this run has written. */
  readonly saved: string | undefined;
}

/**
 * The run that is in a folder, or will be.
 * @throws EngineError 'usage' if there is one and it was not to be resumed, or if none of its checkpoints can be read
 */
export async function openRunFolder(
  path: string | undefined,
  { resume, screen }: { readonly resume: boolean; readonly screen: Screen },
): Promise<RunFolder> {
  if (path === undefined) return { material: {}, saved: undefined };
  const folder = checkpointFolder(path);
  const found = await asGiven('--checkpoint', () => folder.latest());
  if (found !== undefined && !resume) {
    throw usageError(
      '--checkpoint',
      `${path}, where a run is already`,
      'an empty folder',
      'Add --resume to go on with it.',
    );
  }
  for (const { message } of found?.skipped ?? []) screen.complain(`passed over ${message}`);
  if (found !== undefined) screen.note(`goes on from ${found.path}`);
  else if (resume) screen.note(`nothing to resume in ${path}: a run begins`);
  let saved: string | undefined;
  return {
    material: {
      ...(found && { resume: found.checkpoint }),
      save: async (checkpoint: Checkpoint) => {
        saved = await folder.save(checkpoint);
      },
    },
    get saved() {
      return saved;
    },
  };
}
