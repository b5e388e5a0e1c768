// Layers that have parameters, by the names that those share: `conv1.weight` and `conv1.bias` are of `conv1`.

import type { Net, ParameterGroup } from '../../src/index.js';
import type { Module } from '../protocol/net.js';

const moduleOf = (parameter: string): string => parameter.slice(0, parameter.lastIndexOf('.'));

/** The layers of these parameters, each once, in their order. */
export const modulesIn = (parameters: readonly string[]): string[] => [...new Set(parameters.map(moduleOf))];

/** A net's layers with how many parameters each has. */
export function modulesOf({ parameters }: Pick<Net, 'parameters'>): Module[] {
  const count = (module: string): number =>
    parameters
      .filter(({ name }) => moduleOf(name) === module)
      .reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0);
  return modulesIn(parameters.map(({ name }) => name)).map((name) => ({ name, parameters: count(name) }));
}

/** Layers that stay as they are, as groups of a trainer; names of other nets mean nothing here. */
export const frozenGroups = (net: Pick<Net, 'parameters'>, frozen: string): ParameterGroup[] => {
  const names = frozen.split(' ');
  return modulesOf(net)
    .filter(({ name }) => names.includes(name))
    .map(({ name }) => ({ match: `${name}.*`, frozen: true }));
};
