import type { Slot, Step } from '../kernels/kernel.js';
import { declarationsOf, entryOf, withoutDeclarations } from './bindings.js';

// Several kernels in one dispatch, told apart by the number of the workgroup: a dispatch less to wait for.

/** Builtins that an entry point may ask for, and what a role gets for them. */
const BUILTINS: Readonly<Record<string, string>> = {
  global_invocation_id: 'vec3u(own.x * LANESu + lane, own.y, own.z)',
  workgroup_id: 'own',
  local_invocation_index: 'lane',
  subgroup_invocation_id: 'invocation',
};

const ENTRY = /@compute\s+@workgroup_size\((\d+), 1, 1\)\s*fn\s+(\w+)\(((?:[^()]|\([^()]*\))*)\)/;
const ARGUMENT = /@builtin\((\w+)\)\s*(\w+)\s*:\s*(\w+)/g;
/** Names that a text declares outside its functions; its structures' members keep theirs. */
const MODULE_NAME = /^(?:@\S+\s+)*(?:fn|const|struct|alias)\s+(\w+)/gm;
/** An array that the invocations of a workgroup share. */
const SHARED_ARRAY = /^var<workgroup>\s+(\w+)\s*:\s*([^;]+);\n?/gm;
/** Bytes of its elements. */
const ELEMENTS: Readonly<Record<string, number>> = { f32: 4, u32: 4, i32: 4, vec4f: 16 };
/** Of workgroup memory, on any adapter. */
const MOST_BYTES = 16_384;

/** Invocations of a workgroup of a kernel that can be merged; undefined for the others. */
export function mergeableLanes(code: string): number | undefined {
  const [, lanes, , args = ''] = ENTRY.exec(code) ?? [];
  const known = [...args.matchAll(ARGUMENT)].every(([, builtin = '']) => builtin in BUILTINS);
  return lanes !== undefined && known ? Number(lanes) : undefined;
}

/** Whether kernels that become one need no more workgroup memory than every adapter has. */
export function fitTogether(codes: readonly string[]): boolean {
  const arrays: SharedArray[] = [];
  codes.forEach((code, role) => takeArrays(code, role, arrays));
  const bytes = arrays.map(({ type }) => {
    const [, element = '', count = ''] = /^array<(\w+), (\d+)>$/.exec(type) ?? [];
    return (ELEMENTS[element] ?? Infinity) * Number(count);
  });
  return bytes.reduce((sum, one) => sum + one, 0) <= MOST_BYTES;
}

interface SharedArray {
  readonly name: string;
  readonly type: string;
}

/**
 * The names under which a role has its arrays of workgroup memory: a workgroup has one role, so all roles share those of
 * one type. What is not there yet is added to `arrays`.
 */
function takeArrays(code: string, role: number, arrays: SharedArray[]): ReadonlyMap<string, string> {
  const free = [...arrays];
  const names = new Map<string, string>();
  for (const [, name = '', type = ''] of code.matchAll(SHARED_ARRAY)) {
    const at = free.findIndex((one) => one.type === type);
    const [array = { name: arrays.some((one) => one.name === name) ? `${name}_${role}` : name, type }] =
      at < 0 ? [] : free.splice(at, 1);
    if (at < 0) arrays.push(array);
    names.set(name, array.name);
  }
  return names;
}

/** One step that does what all of these do, which read nothing that another of them writes. All have as many lanes. */
export function mergeSteps(steps: readonly Step[]): Step {
  const lanes = mergeableLanes(steps[0]?.code ?? '') ?? 64;
  const bind: Record<string, Slot> = {};
  const declared: string[] = [];
  const arrays: SharedArray[] = [];
  const features = new Set<string>();
  const texts: string[] = [];
  const roles: string[] = [];
  let first = 0;
  steps.forEach((step, role) => {
    let code = step.code;
    for (const [line, feature = ''] of code.matchAll(/^enable (\w+);$/gm)) {
      features.add(feature);
      code = code.replace(line, '');
    }
    const names = new Map<string, string>();
    for (const { name, access, type } of declarationsOf(code)) {
      const slot = step.bind[name] as Slot;
      const text = (own: string): string => `var<storage, ${access}> ${own}: ${type};`;
      const shared = Object.keys(bind).find((own) => bind[own] === slot && declared.includes(text(own)));
      const own = shared ?? `${name}_${role}`;
      names.set(name, own);
      if (shared !== undefined) continue;
      bind[own] = slot;
      declared.push(text(own));
    }
    code = withoutDeclarations(code);
    for (const [own, shared] of takeArrays(code, role, arrays)) names.set(own, shared);
    code = code.replace(SHARED_ARRAY, '');
    for (const [, name = ''] of code.matchAll(MODULE_NAME)) names.set(name, `${name}_${role}`);
    code = renamed(code, names);
    const [entry, , name = '', args = ''] = ENTRY.exec(code) ?? [];
    const given = [...args.matchAll(ARGUMENT)];
    const plain = given.map(([, , argument = '', type = '']) => `${argument}: ${type}`).join(', ');
    texts.push(code.replace(entry ?? '', `fn ${name}(${plain})`).trim());
    const values = given.map(([, builtin = '']) => (BUILTINS[builtin] ?? '').replace('LANES', String(lanes)));
    const [x, y, z] = step.groups;
    const place = `let at = group - ${first}u; let own = vec3u(at % ${x}u, at / ${x}u % ${y}u, at / ${x * y}u);`;
    roles.push(`if (group >= ${first}u && group < ${first + x * y * z}u) { ${place} ${name}(${values.join(', ')}); }`);
    first += x * y * z;
  });
  const asked = features.has('subgroups') ? ', @builtin(subgroup_invocation_id) invocation: u32' : '';
  const width = Math.min(first, 65_535);
  const code = `${[...features].map((feature) => `enable ${feature};\n`).join('')}
${declared.map((text, number) => `@group(0) @binding(${number}) ${text}`).join('\n')}
${arrays.map(({ name, type }) => `var<workgroup> ${name}: ${type};`).join('\n')}

${texts.join('\n\n')}

@compute @workgroup_size(${lanes}, 1, 1)
fn ${entryName(steps)}(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32${asked}) {
  let group = id.y * ${width}u + id.x;
  ${roles.join('\n  ')}
}`;
  const flops = steps.reduce((sum, step) => sum + step.flops, 0);
  return { code, bind, groups: [width, Math.ceil(first / width), 1], flops };
}

/** A text under other names; after a dot, and within a structure, a name is that of a member and stays. */
function renamed(code: string, names: ReadonlyMap<string, string>): string {
  const structures = /struct (\w+) (\{[^}]*\})/g;
  const members: string[] = [];
  let text = code.replace(structures, (_, name: string, body: string) => `struct ${name} {${members.push(body) - 1}}`);
  // At once, since the new name of one may be the old name of another.
  const any = new RegExp(`(?<![.\\w])(?:${[...names.keys()].join('|')})\\b`, 'g');
  if (names.size > 0) text = text.replace(any, (name) => names.get(name) ?? name);
  return text.replace(/\{(\d+)\}/g, (_, at: string) => members[Number(at)] ?? '');
}

/** The names of the kernels, each once. */
const entryName = (steps: readonly Step[]): string =>
  [...new Set(steps.map(({ code }) => entryOf(code)))].join('_and_');
