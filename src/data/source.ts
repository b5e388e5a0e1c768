// `--data auto|digits|mnist|<folder>`: which data a run uses, and the line that says so.

import { EngineError } from '../core/errors.js';
import type { Splits } from './dataset.js';

/** What a place (a page, a terminal) can do about data. Nothing is asked that the decision does not need. */
export interface DataSources {
  /** Whether MNIST is in the cache. */
  readonly mnistCached: () => Promise<boolean>;
  /** Whether a mirror answers, within 3 seconds. */
  readonly mirrorAnswers: () => Promise<boolean>;
  readonly loadMnist: () => Promise<Splits>;
  readonly loadFolder: (folder: string) => Promise<Splits>;
  readonly digits: () => Splits | Promise<Splits>;
  /** A folder of IDX files that the person has given already (a flag, a drop of files). */
  readonly given?: string | undefined;
}

export type DataChoice =
  | { readonly kind: 'digits' | 'mnist'; readonly why: string }
  | { readonly kind: 'folder'; readonly folder: string; readonly why: string };

/**
 * Which data `wanted` means here and now.
 *
 * @param wanted `auto`, `digits`, `mnist`, or else the path of a folder. `auto` is the folder given, MNIST if it is in
 *   the cache or a mirror answers, and the generated digits otherwise.
 */
export async function chooseData(wanted: string, sources: DataSources): Promise<DataChoice> {
  if (wanted === 'digits') return { kind: 'digits', why: 'as asked' };
  if (wanted === 'mnist') return { kind: 'mnist', why: 'as asked' };
  if (wanted !== 'auto') return { kind: 'folder', folder: wanted, why: 'as asked' };
  if (sources.given !== undefined) return { kind: 'folder', folder: sources.given, why: 'given' };
  if (await sources.mnistCached()) return { kind: 'mnist', why: 'in the cache' };
  if (await sources.mirrorAnswers()) return { kind: 'mnist', why: 'a mirror answers' };
  return { kind: 'digits', why: 'MNIST is not in the cache and no mirror answered' };
}

/**
 * The data that `wanted` means, and one line on which it is and why.
 *
 * If `auto` settles for a mirror that then fails, the generated digits take its place; what was asked for by name is
 * never replaced.
 *
 * @throws EngineError of the loader
 */
export async function openData(wanted: string, sources: DataSources): Promise<{ splits: Splits; line: string }> {
  const choice = await chooseData(wanted, sources);
  const tell = (splits: Splits, why: string) => ({ splits, line: `${splits.source} (${why})` });
  if (choice.kind === 'digits') return tell(await sources.digits(), choice.why);
  if (choice.kind === 'folder') return tell(await sources.loadFolder(choice.folder), choice.why);
  try {
    return tell(await sources.loadMnist(), choice.why);
  } catch (error) {
    const failed = error instanceof EngineError && (error.code === 'network' || error.code === 'checksum');
    if (wanted !== 'auto' || !failed) throw error;
    return tell(await sources.digits(), `MNIST could not be loaded: ${error.given}`);
  }
}
