import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.js';
import { defaultProfile } from '../../src/core/profile.js';
import { inspectGraph } from '../../src/explain/inspectGraph.js';
import { tensorsIn } from '../../src/explain/inspection.js';
import { kernels } from '../../src/kernels/index.js';
import { nets } from '../../src/nn/nets.js';

const normalisation = { mean: 0.1307, std: 0.3081 };

describe('a look at one of the engine’s nets', () => {
  it.each(Object.keys(nets))('%s: every value and gradient can be read, whatever the adapter', (name) => {
    const net = nets[name]!();
    for (const withGradients of [false, true]) {
      const graph = inspectGraph(net, normalisation, withGradients);
      const all = tensorsIn(graph, () => true);
      for (const dialect of ['cpu', 'gpu'] as const) {
        const keep = all.filter(({ place }) => place === undefined);
        const plan = compile(graph.graph, { name: 'inspect', kernels, profile: defaultProfile(dialect), keep });
        expect(all.filter((tensor) => plan.where(tensor)?.kept !== true)).toEqual([]);
        // Whatever nobody assigns is as it was.
        expect(graph.graph.assignments).toEqual([]);
      }
      expect(graph.layers.every(({ gradient }) => (gradient !== undefined) === withGradients)).toBe(true);
      expect(graph.layers.map(({ label }) => label)).toEqual(net.layers.map(({ label }) => label));
    }
  });
});
