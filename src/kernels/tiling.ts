import type { Variant } from './kernel.js';

// How a grid of tiles is cut into workgroups.

/** Workgroups of 64 where there are plenty, smaller ones where some core would be left without. */
export const lanesFor = (invocations: number): number => (invocations >= 4096 ? 64 : invocations >= 1024 ? 16 : 4);

/** The size of blocks of at most `most` that cover `count` as evenly as can be. */
export const evenly = (count: number, most: number): number => Math.ceil(count / Math.ceil(count / most));

/** Workgroups over so many invocations along x, blocks along y; what x cannot hold goes on along z. */
export function tileGroups(invocations: number, lanes: number, blocks: number): [number, number, number] {
  const groups = Math.ceil(invocations / lanes);
  return [Math.min(groups, 65_535), blocks, Math.ceil(groups / 65_535)];
}

/** A variant for software adapters whose invocations exchange what they load in quads. */
export const quadVariant = (steps: Variant['steps'], rest: Partial<Pick<Variant, 'name' | 'cost'>> = {}): Variant => ({
  name: 'quad',
  dialect: 'cpu',
  fits: ({ features }) => features.includes('subgroups'),
  steps,
  ...rest,
});
