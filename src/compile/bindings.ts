import { EngineError } from '../core/errors.js';
import type { Step } from '../kernels/kernel.js';

/** A binding as WGSL declares it: the only place where its number and its access are written. */
export interface Binding {
  readonly number: number;
  readonly name: string;
  readonly access: 'read' | 'read_write';
}

const DECLARATION = /@group\(0\)\s*@binding\((\d+)\)\s*var<storage(?:,\s*(read|read_write))?>\s*(\w+)\s*:/g;
const WHOLE_DECLARATION =
  /@group\(0\)\s*@binding\(\d+\)\s*var<storage(?:,\s*(read|read_write))?>\s*(\w+)\s*:\s*([^;]+);/g;
const ENTRY_POINT = /@compute\s+@workgroup_size\(([^)]*)\)\s*fn\s+(\w+)/;

/** The storage bindings of a shader, by their numbers. */
export const bindingsOf = (code: string): readonly Binding[] =>
  [...code.matchAll(DECLARATION)]
    .map(([, number = '0', access = 'read', name = '']) => ({
      number: Number(number),
      name,
      access: access === 'read_write' ? ('read_write' as const) : ('read' as const),
    }))
    .sort((a, b) => a.number - b.number);

/** A binding and the type of what it holds, in the order of the text. */
export interface Declaration {
  readonly name: string;
  readonly access: 'read' | 'read_write';
  readonly type: string;
}

export const declarationsOf = (code: string): readonly Declaration[] =>
  [...code.matchAll(WHOLE_DECLARATION)].map(([, access, name = '', type = '']) => ({
    name,
    access: access === 'read_write' ? 'read_write' : 'read',
    type: type.trim(),
  }));

/** The text of a shader without its bindings. */
export const withoutDeclarations = (code: string): string => code.replace(WHOLE_DECLARATION, '');

/** The name of a shader's entry point. */
export function entryOf(code: string): string {
  const name = ENTRY_POINT.exec(code)?.[2];
  if (name !== undefined) return name;
  throw new EngineError('shader', {
    place: 'entry point',
    given: `WGSL that begins ${JSON.stringify(code.trim().slice(0, 60))}`,
    wanted: 'one function with @compute @workgroup_size(x, y, z)',
  });
}

/** Throws unless a step binds exactly what its WGSL declares. */
export function mustBindAll(entry: string, bindings: readonly Binding[], step: Step): void {
  const declared = bindings.map(({ name }) => name);
  const bound = Object.keys(step.bind);
  const missing = declared.filter((name) => !bound.includes(name));
  const unknown = bound.filter((name) => !declared.includes(name));
  if (missing.length === 0 && unknown.length === 0) return;
  throw new EngineError('shader', {
    place: entry,
    given: `bindings ${bound.join(', ')}`,
    wanted: `those that the shader declares: ${declared.join(', ')}`,
  });
}

/** Throws if a kernel binds more storage buffers than an adapter has. */
export function mustBindFew(entry: string, count: number, most: number): void {
  if (count <= most) return;
  throw new EngineError('limit', { place: entry, given: `${count} storage buffers`, wanted: `at most ${most}` });
}
