// The nets that the page knows.

import { figure, tutorial, wide, type Net } from '../../src/index.js';
import type { NetName, NetSummary } from '../protocol.js';

const NETS: Readonly<Record<NetName, () => Net>> = { tutorial, figure, wide };

export const netOf = (name: NetName): Net => NETS[name]();

export function netSummaries(): Record<NetName, NetSummary> {
  const summary = (name: NetName): NetSummary => {
    const { input, output, layers, macs, bytes } = netOf(name);
    return { input, output, layers, macs, bytes };
  };
  return { tutorial: summary('tutorial'), figure: summary('figure'), wide: summary('wide') };
}
