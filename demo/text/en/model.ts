// Chapter Model.

import type { NetName } from '../../protocol.js';
import type { Translated } from '../translated.js';

export const model = {
  net: 'Net',
  nets: { tutorial: 'Tutorial', figure: 'Figure', wide: 'Wide' } satisfies Record<NetName, string>,
  netKinds: {
    tutorial: '2 convolutions, 3 dense layers',
    figure: '3 convolutions, 1 dense layer',
    wide: '2 broad convolutions, 2 dense layers',
  } satisfies Record<NetName, string>,
  layers: {
    caption: 'Layers of the net',
    layer: 'layer',
    output: 'output',
    parameters: 'parameters',
    bytes: 'bytes',
    macs: 'multiply-adds',
    input: 'input',
    total: 'total',
    waiting: 'The layers appear when the GPU is open.',
  },
};

export type ModelWords = Translated<typeof model>;
