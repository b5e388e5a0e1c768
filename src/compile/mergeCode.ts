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
const MODULE_NAME = /^(?:@\S+\s+)*(?:fn|const|struct|alias|var<workgroup>)\s+(\w+)/gm;

/** Invocations of a workgroup of a kernel that can be merged; undefined for the others. */
export function mergeableLanes(code: string): number | undefined {
  const [, lanes, , args = ''] = ENTRY.exec(code) ?? [];
  const known = [...args.matchAll(ARGUMENT)].every(([, builtin = '']) => builtin in BUILTINS);
  return lanes !== undefined && known && !code.includes('var<workgroup>') ? Number(lanes) : undefined;
}

/** One step that does what all of these do, which read nothing that another of them writes. All have as many lanes. */
export function mergeSteps(steps: readonly Step[]): Step {
  const lanes = mergeableLanes(steps[0]?.code ?? '') ?? 64;
  const bind: Record<string, Slot> = {};
  const declared: string[] = [];
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
  for (const [name, own] of names) text = text.replace(new RegExp(`(?<![.\\w])${name}\\b`, 'g'), own);
  return text.replace(/\{(\d+)\}/g, (_, at: string) => members[Number(at)] ?? '');
}

/** The names of the kernels, each once. */
const entryName = (steps: readonly Step[]): string =>
  [...new Set(steps.map(({ code }) => entryOf(code)))].join('_and_');
