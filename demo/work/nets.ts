// The nets that the page knows, and those that a person says with its layers.

import { EngineError, figure, layers, sequential, tutorial, wide, type Layer, type Net } from '../../src/index.js';
import { isPreset, layersOfNet, type LayerChoice } from '../protocol/netText.js';
import type { LayerFacts, NetName, NetSummaries, NetSummary } from '../protocol.js';
import { modulesOf } from './modules.js';

const NETS: Readonly<Record<NetName, () => Net>> = { tutorial, figure, wide };
const IMAGE = [1, 28, 28];
const CLASSES = 10;

/** @throws EngineError 'usage' for a text that says no net, 'shape' for layers that do not fit each other */
export function netOf(net: string): Net {
  if (isPreset(net)) return NETS[net]();
  const choices = layersOfNet(net);
  if (choices !== undefined) return netOfChoices([...choices, { kind: 'dense', units: CLASSES }]);
  throw new EngineError('usage', {
    place: 'net',
    given: net,
    wanted: 'a net by its name, or layers as in own-conv6x3-relu-pool2-dense84-relu',
  });
}

/** A net of exactly these layers; what comes from images is flattened for the first dense layer. */
export function netOfChoices(choices: readonly LayerChoice[]): Net {
  const first = choices.findIndex(({ kind }) => kind === 'dense');
  const said = choices.flatMap((choice, i) => (i === first ? [layers.flatten(), layerOf(choice)] : [layerOf(choice)]));
  return sequential('own', IMAGE, ...said);
}

function layerOf(choice: LayerChoice): Layer {
  if (choice.kind === 'conv') {
    return layers.conv2d(choice.filters, choice.window, { stride: choice.stride, padding: choice.padding });
  }
  if (choice.kind === 'pool') return layers.maxPool2d(choice.window, { stride: choice.stride });
  if (choice.kind === 'dropout') return layers.dropout(choice.chance);
  if (choice.kind === 'dense') return layers.dense(choice.units);
  return choice.kind === 'norm' ? layers.batchNorm() : layers.relu();
}

export const netSummaries = (): NetSummaries => ({
  tutorial: summaryOf(tutorial()),
  figure: summaryOf(figure()),
  wide: summaryOf(wide()),
});

export function summaryOf(net: Net): NetSummary {
  const { input, output, layers, macs } = net;
  const facts = layers.map((layer): LayerFacts => {
    // Flattened values stay where they are.
    const values = isFlattening(layer) ? 0 : layer.output.reduce((product, size) => product * size, 1);
    return { ...layer, bytes: layer.bytes + 4 * values };
  });
  const sum = (of: 'parameters' | 'bytes') => facts.reduce((total, layer) => total + layer[of], 0);
  const [parameters, bytes] = [sum('parameters'), sum('bytes')];
  return { input, output, layers: facts, modules: modulesOf(net), parameters, bytes, macs };
}

/** Not a layer that anyone chose. */
export const isFlattening = ({ label }: { readonly label: string }): boolean => label === layers.flatten().label;
