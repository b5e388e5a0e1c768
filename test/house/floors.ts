// The floors of the house: who may import whom. The same table stands in ARCHITECTURE.md.

/** Imports of types alone are marked so: `gpu` may name the plan that it replays, and run none of the compiler. */
const typesOf = (floor: string): string => `types of ${floor}`;

const engine = ['core', 'graph', 'ops', 'shaders', 'kernels', 'compile', 'gpu'];
const library = [...engine, 'engine', 'nn', 'optim', 'data', 'io', 'explain', 'train', 'node'];

export const floors: Readonly<Record<string, readonly string[]>> = {
  core: [],
  graph: ['core'],
  ops: ['core', 'graph'],
  shaders: ['core'],
  kernels: ['core', 'graph', 'ops', 'shaders'],
  compile: ['core', 'graph', 'ops', 'kernels'],
  gpu: ['core', typesOf('compile')],
  engine,
  nn: ['core', 'graph', 'ops'],
  optim: ['core', 'graph', 'ops'],
  data: ['core'],
  io: ['core', 'graph', 'ops', 'nn'],
  explain: ['core', 'graph', 'ops', 'nn', 'engine'],
  train: ['core', 'graph', 'ops', 'nn', 'optim', 'data', 'io', 'engine', 'explain'].concat(
    ['compile', 'gpu', 'kernels'].map(typesOf),
  ),
  node: ['core', 'data', 'io', 'engine'],
  doors: library,
  chart: ['doors'],
  cli: ['doors', 'chart'],
  demo: ['doors', 'chart', 'bench'],
  bench: ['doors', 'chart'],
  examples: ['doors'],
};

/** `src/graph/tape.ts` → graph, `src/lab.ts` → doors, `demo/page.ts` → demo. */
export function floorOf(path: string): string {
  const [top = '', next = '', ...deeper] = path.split('/');
  if (top !== 'src') return top;
  return deeper.length > 0 ? next : 'doors';
}

export function mayImport(from: string, to: string, typeOnly: boolean): boolean {
  const allowed = floors[from];
  if (allowed === undefined) return false;
  return from === to || allowed.includes(to) || (typeOnly && allowed.includes(typesOf(to)));
}

/** The lines that ARCHITECTURE.md must hold. */
export function floorsAsMarkdown(): string {
  const rows = Object.entries(floors).map(([floor, allowed]) => `| ${floor} | ${allowed.join(', ') || 'nothing'} |`);
  return ['| floor | may import |', '|---|---|', ...rows].join('\n');
}
