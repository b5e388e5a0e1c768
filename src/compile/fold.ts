import { ELEMENT_BYTES, type StoredType } from '../core/shape.js';
import { declarationsOf, withoutDeclarations } from './bindings.js';

import type { PlannedBinding } from './plan.js';

/**
 * The same kernel with fewer bindings: those that lie in one buffer, hold numbers of one type and are used alike become
 * one, over all of their words. An adapter binds few buffers to a kernel, and a plan has few.
 */
export function fold(
  code: string,
  bindings: readonly PlannedBinding[],
): { readonly code: string; readonly bindings: readonly PlannedBinding[] } {
  const declared = declarationsOf(code).map((declaration) => ({
    ...declaration,
    planned: bindings.find(({ name }) => name === declaration.name),
  }));
  const groups = new Map<string, typeof declared>();
  const runs = new Map<string, { like: string; number: number }>();
  // By place, because what is written may not be bound twice: others of the same buffer end a run of bindings.
  for (const one of [...declared].sort((a, b) => startOf(a.planned) - startOf(b.planned))) {
    const element = elementOf(one.type);
    const alone = element === undefined || new RegExp(`(?<![.\\w])${one.name}\\b(?!\\[)`).test(bodyOf(code));
    const like = alone ? one.name : `${one.planned?.buffer ?? ''} ${one.access} ${element}`;
    const buffer = one.planned?.buffer ?? '';
    const run = runs.get(buffer);
    if (one.access === 'read_write' && run?.like !== like) runs.set(buffer, { like, number: (run?.number ?? 0) + 1 });
    const key = one.access === 'read_write' ? `${like} ${runs.get(buffer)?.number ?? 0}` : like;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }

  let body = bodyOf(code);
  const folded: PlannedBinding[] = [];
  const texts: string[] = [];
  for (const members of groups.values()) {
    const number = folded.length;
    const planned = members.flatMap((member) => member.planned ?? []);
    const [first] = planned;
    const [member] = members;
    if (first === undefined || member === undefined) continue;
    if (members.length === 1) {
      folded.push({ ...first, number });
      texts.push(`@group(0) @binding(${number}) var<storage, ${member.access}> ${first.name}: ${member.type};`);
      continue;
    }
    const start = Math.min(...planned.map(({ offsetBytes }) => offsetBytes));
    const end = Math.max(...planned.map(({ offsetBytes, bytes }) => offsetBytes + bytes));
    const name = `words${number}`;
    const element = elementOf(member.type) ?? 'f32';
    const size = ELEMENT_BYTES[element];
    for (const { name: own, offsetBytes } of planned) body = shifted(body, own, name, (offsetBytes - start) / size);
    folded.push({ ...first, number, name, offsetBytes: start, bytes: end - start });
    texts.push(
      `@group(0) @binding(${number}) var<storage, ${member.access}> ${name}: array<${element}, ${(end - start) / size}>;`,
    );
  }
  const features = body.match(/^enable \w+;$/gm) ?? [];
  const rest = body.replace(/^enable \w+;$/gm, '').trim();
  return { code: `${[...features, '', ...texts].join('\n')}\n\n${rest}`, bindings: folded };
}

/** The type of an array's elements, where it is one of numbers. */
const elementOf = (type: string): StoredType | undefined =>
  /^array<(f32|u32|f16), \d+>$/.exec(type)?.[1] as StoredType | undefined;

const startOf = (planned: PlannedBinding | undefined): number => planned?.offsetBytes ?? 0;

const bodyOf = (code: string): string => withoutDeclarations(code);

/** `own[i]` as `name[offset + (i)]`, brackets within brackets too. */
function shifted(text: string, own: string, name: string, offset: number): string {
  const pattern = new RegExp(`(?<![.\\w])${own}\\[`, 'g');
  let result = '';
  let from = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const inside = match.index + match[0].length;
    let depth = 1;
    let at = inside;
    while (depth > 0 && at < text.length) {
      if (text[at] === '[') depth++;
      if (text[at] === ']') depth--;
      at++;
    }
    const index = shifted(text.slice(inside, at - 1), own, name, offset);
    result += `${text.slice(from, match.index)}${name}[${offset === 0 ? index : `${offset}u + (${index})`}]`;
    from = at;
    pattern.lastIndex = at;
  }
  return result + text.slice(from);
}
