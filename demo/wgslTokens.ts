// WGSL in pieces of one colour each.

export interface Token {
  readonly text: string;
  /** Undefined: as all the rest. */
  readonly kind?: 'comment' | 'word' | 'number' | 'attribute';
}

const WORDS =
  'alias|array|atomic|bitcast|bool|break|case|const|continue|continuing|default|diagnostic|else|enable|f16|f32|false|fn|for|if|i32|let|loop|override|requires|return|storage|struct|switch|true|u32|uniform|var|vec[234][fhiu]?|while|workgroup';
const PIECES = new RegExp(
  `(?<comment>//.*)|(?<attribute>@\\w+)|(?<word>\\b(?:${WORDS})\\b)|(?<number>\\b(?:0x[\\da-f]+|\\d+\\.?\\d*(?:e[+-]?\\d+)?)[iufh]?\\b)`,
  'gi',
);

/** A line's pieces; together they are the line. */
export function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of line.matchAll(PIECES)) {
    if (match.index > at) tokens.push({ text: line.slice(at, match.index) });
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? [];
    tokens.push({ text: match[0], kind: kind as NonNullable<Token['kind']> });
    at = match.index + match[0].length;
  }
  if (at < line.length) tokens.push({ text: line.slice(at) });
  return tokens;
}
