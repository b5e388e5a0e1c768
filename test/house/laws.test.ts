import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { floorOf, floors, floorsAsMarkdown, mayImport } from './floors.js';
import * as laws from './laws.js';
import { parse, readTree } from './tree.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const tree = readTree(root, ['src', 'shaders', 'demo', 'bench', 'examples', 'test', 'scripts']);
const { dependencies, peerDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
const shipped = laws.shippedPackagesAreDeclared(Object.keys({ ...dependencies, ...peerDependencies }));

const plant = (files: Record<string, string>) => Object.entries(files).map(([path, text]) => parse(path, text));

describe('this tree', () => {
  it('is read whole', () => {
    const paths = tree.map(({ path }) => path);
    expect(paths).toContain('src/core/errors.ts');
    expect(paths).toContain('test/house/laws.test.ts');
    expect(paths).toContain('vite.config.ts');
    expect(tree.flatMap(({ imports }) => imports).length).toBeGreaterThan(50);
  });
  it('imports keep to their floors', () => expect(laws.importsKeepToTheirFloors(tree)).toEqual([]));
  it('no circular imports', () => expect(laws.noCircularImports(tree)).toEqual([]));
  it('no file is longer than 300 lines', () => expect(laws.filesAreShort(tree)).toEqual([]));
  it('every file is named after what it does', () => expect(laws.noAttics(tree)).toEqual([]));
  it('only src/node and src/cli import node:*', () => expect(laws.nodeStaysInNode(tree)).toEqual([]));
  it('shipped files import promised packages', () => expect(shipped(tree)).toEqual([]));
  it('the engine does not know MNIST', () => expect(laws.mnistIsAGuest(tree)).toEqual([]));
  it('ARCHITECTURE.md shows the same floors', () => {
    const shown = existsSync(`${root}/ARCHITECTURE.md`) ? read('ARCHITECTURE.md') : floorsAsMarkdown();
    expect(shown).toContain(floorsAsMarkdown());
  });
});

describe('the table of floors', () => {
  it('has no circles, types apart', () => {
    const height = (floor: string): number => 1 + Math.max(0, ...(floors[floor] ?? []).map(height));
    expect(height('doors')).toBeGreaterThan(height('engine'));
  });
  it('names floors that are floors', () => {
    const named = Object.values(floors).flat();
    for (const name of named) expect(Object.keys(floors)).toContain(name.replace('types of ', ''));
  });
  it('puts each file on its floor', () => {
    const paths = ['src/lab.ts', 'src/graph/tape.ts', 'shaders/lib/rng.ts', 'demo/a/b.ts'];
    expect(paths.map(floorOf)).toEqual(['doors', 'graph', 'shaders', 'demo']);
  });
  it('gives gpu the types of compile and no more', () => {
    expect([mayImport('gpu', 'compile', true), mayImport('gpu', 'compile', false)]).toEqual([true, false]);
  });
});

describe('planted violations are found', () => {
  const core = { 'src/core/a.ts': 'export const a = 1; export type A = 1;' };

  it.each([
    ['src/core/b.ts', `import { x } from '../graph/x.js';`],
    ['src/core/b.ts', `export * from '../graph/x.js';`],
    ['src/core/b.ts', `export type { X } from '../graph/x.js';`],
    ['src/core/b.ts', `type X = import('../graph/x.js').X;`],
    ['src/core/b.ts', `const late = () => import('../graph/x.js');`],
    ['src/core/b.ts', `import\n  x\nfrom "../graph/x.js"`],
    ['src/gpu/b.ts', `import { type X } from '../graph/x.js';`],
    ['src/attic/b.ts', `import { a } from '../core/a.js';`],
    ['shaders/b.wgsl.ts', `import { x } from '../src/graph/x.js';`],
    ['demo/b.ts', `new Worker(new URL('../src/graph/x.ts', import.meta.url));`],
    ['src/cli/b.ts', `import { x } from '../graph/x.js';`],
  ])('a floor overstepped: %s, %s', (path, text) => {
    const planted = plant({ ...core, 'src/graph/x.ts': '', [path]: text });
    expect(laws.importsKeepToTheirFloors(planted)).toHaveLength(1);
  });

  it('lawful imports are left in peace', () => {
    const lawful = {
      ...core,
      'src/graph/x.ts': `import { a } from '../core/a.js'; // from '../compile/plan.js'`,
      'src/compile/plan.ts': `import { x } from '../graph/x.js'; const s = "import '../gpu/y.js'";`,
      'src/gpu/y.ts': `import type { Plan } from '../compile/plan.js';`,
      'src/index.ts': `export * from './gpu/y.js';`,
      'src/cli/main.ts': `import { y } from '../index.js'; import 'node:fs';`,
      'test/gpu/y.test.ts': `import '../../src/core/a.js'; import 'node:fs';`,
    };
    const planted = plant(lawful);
    const all = [laws.importsKeepToTheirFloors, laws.noCircularImports, laws.nodeStaysInNode, laws.mnistIsAGuest];
    expect(all.flatMap((law) => law(planted))).toEqual([]);
  });

  it('a circle, of values or of types', () => {
    const circle = { 'src/core/b.ts': `import './c.js'`, 'src/core/c.ts': `import type { D } from './d.js'` };
    const closed = plant({ ...circle, 'src/core/d.ts': `export { b } from './b.js'` });
    expect(laws.noCircularImports(closed)).toEqual(['src/core/b.ts → src/core/c.ts → src/core/d.ts → src/core/b.ts']);
    expect(laws.noCircularImports(plant(circle))).toEqual([]);
  });

  it('a line too many', () => {
    const lines = (count: number) => plant({ 'demo/a.css': 'x\n'.repeat(count) });
    expect([300, 301].map((count) => laws.filesAreShort(lines(count)).length)).toEqual([0, 1]);
  });

  it('an attic', () => {
    const paths = ['src/core/utils.ts', 'demo/helpers/a.ts', 'test/support/common.test.ts', 'src/core/utility.ts'];
    expect(laws.noAttics(plant(Object.fromEntries(paths.map((path) => [path, '']))))).toHaveLength(3);
  });

  it('Node in a page', () => {
    const paths = ['src/data/a.ts', 'src/index.ts', 'demo/a.ts', 'shaders/a.ts', 'src/node/a.ts', 'src/node.ts'];
    const planted = plant(
      Object.fromEntries(paths.map((path) => [path, `import { readFile } from 'node:fs/promises'`])),
    );
    expect(laws.nodeStaysInNode(planted)).toHaveLength(4);
  });

  it('a package that is not promised', () => {
    const text = `import 'citty'; import '@scope/kept/x.js'; import '@scope/lost/x.js'; await import('pngjs');`;
    const law = laws.shippedPackagesAreDeclared(['citty', '@scope/kept']);
    expect(law(plant({ 'src/cli/a.ts': text, 'demo/a.ts': text }))).toHaveLength(2);
  });

  it('MNIST in the engine: a name, a string, a shader, a file, though not a comment', () => {
    const planted = plant({
      'src/gpu/a.ts': 'const mnistRows = 1;',
      'src/train/b.ts': `const name = 'mnist';`,
      'shaders/c.wgsl.ts': 'const text = wgsl`${1} // MNIST ${2}`;',
      'src/engine/mnist.ts': '',
      'src/core/d.ts': '/* MNIST */',
      'src/data/mnist.ts': 'const mnist = 1;',
    });
    expect(laws.mnistIsAGuest(planted)).toHaveLength(4);
  });
});
