import { EngineError } from '../core/errors.js';
import type { Dataset, Splits } from './dataset.js';
import { type IdxRank, pairIdx, parseIdx, unpackIdx } from './idx.js';

const PARTS = [
  ['train', 'images', 3],
  ['train', 'labels', 1],
  ['t10k', 'images', 3],
  ['t10k', 'labels', 1],
] as const;
type Split = (typeof PARTS)[number][0];

export interface IdxFilesOptions {
  /** What to call the data; `folder` if not given. */
  readonly name?: string | undefined;
  /** How many classes there are; 10 if not given. */
  readonly classes?: number | undefined;
}

/**
 * A training and a test set from the four IDX files that a folder or a drop of files holds: `train-images-idx3-ubyte`,
 * `train-labels-idx1-ubyte` and the same with `t10k`, also spelled with a dot (`train-images.idx3-ubyte`) and gzipped
 * with or without `.gz`. Any data of that form is taken: up to 1024 pixels an image, any number of images.
 *
 * @param files names (paths are cut to their last part) and bytes; what has another name is left alone
 * @throws EngineError 'data' if a file is missing, or the files do not belong together; 'format' if one is no such file
 */
export async function fromIdxFiles(
  files: Iterable<readonly [string, Uint8Array<ArrayBuffer>]>,
  { name = 'folder', classes = 10 }: IdxFilesOptions = {},
): Promise<Splits> {
  const byName = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [path, bytes] of files) byName.set(path.split(/[/\\]/).at(-1) ?? path, bytes);
  const find = (part: string, rank: IdxRank) =>
    [`${part}-idx${rank}-ubyte`, `${part}.idx${rank}-ubyte`]
      .flatMap((plain) => [plain, `${plain}.gz`])
      .find((spelling) => byName.has(spelling));

  const missing = PARTS.filter(([split, kind, rank]) => find(`${split}-${kind}`, rank) === undefined);
  if (missing.length > 0) {
    throw new EngineError('data', {
      place: name,
      given: byName.size === 0 ? 'no files' : `only ${[...byName.keys()].slice(0, 8).join(', ')}`,
      wanted: `also ${missing.map(([split, kind, rank]) => `${split}-${kind}-idx${rank}-ubyte`).join(', ')} (or .gz)`,
    });
  }
  const read = async (part: string, rank: IdxRank) => {
    const spelling = find(part, rank) ?? part;
    const place = `${name}/${spelling}`;
    return parseIdx(await unpackIdx(byName.get(spelling) ?? new Uint8Array(0), place, rank), place, rank);
  };
  const pair = async (split: Split): Promise<Dataset> =>
    pairIdx(await read(`${split}-images`, 3), await read(`${split}-labels`, 1), classes, `${name}, ${split}`);

  const train = await pair('train');
  const test = await pair('t10k');
  if (train.rows !== test.rows || train.columns !== test.columns) {
    throw new EngineError('data', {
      place: name,
      given: `training images of ${train.rows}×${train.columns}, test images of ${test.rows}×${test.columns}`,
      wanted: 'one size',
    });
  }
  const size = `${train.rows}×${train.columns}`;
  return { name, source: `${name}: ${train.count} + ${test.count} images of ${size} from IDX files`, train, test };
}
