// Some training images as the op of a training step changes them.

import { augmentations, augmentedImages } from '../../src/index.js';
import { NORMALISATION, type AugmentRequest } from '../protocol.js';
import type { Desk, Handlers } from './desk.js';

export const augmentHandlers = (desk: Desk): Handlers<'augment'> => ({
  augment: (request) => desk.beside(augment(desk, request)),
});

async function augment({ device, sources, post }: Desk, asked: AugmentRequest): Promise<void> {
  const held = sources.held(asked.kind);
  if (device === undefined || held === undefined) return;
  const { train: set } = held.splits;
  const indices = Array.from({ length: Math.min(asked.images, set.count) }, (_, i) => i);
  const pixels = await augmentedImages({
    device,
    set,
    indices,
    augment: augmentations[asked.augment],
    seed: asked.seed,
    epoch: asked.epoch,
    ...NORMALISATION,
  });
  post({ type: 'augmented', augmented: { asked, version: held.version, pixels } }, [pixels.buffer]);
}
