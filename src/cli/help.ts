import { spellings, type Flag, type Flags } from './flags.js';
import type { Paint } from './screen.js';

/** A command as its help shows it. */
export interface Helped {
  readonly name: string;
  readonly about: string;
  /** Heading → flags. */
  readonly groups: Readonly<Record<string, Flags>>;
  readonly examples: readonly string[];
}

export function commandHelp({ name, about, groups, examples }: Helped, paint: Paint): string {
  const rows = Object.entries(groups).flatMap(([heading, flags]) => [
    ['', ''] as const,
    [paint('bold', heading), undefined] as const,
    ...Object.entries(flags).map(([flag, described]) => [usageOf(flag, described), aboutOf(described)] as const),
  ]);
  const width = Math.max(...rows.map(([left, right]) => (right === undefined ? 0 : left.length)));
  const lines = rows.map(([left, right]) =>
    right === undefined ? left : `  ${left.padEnd(width)}  ${right}`.trimEnd(),
  );
  return [
    `${paint('bold', `weft ${name}`)} [flags]   ${about}`,
    ...lines,
    '',
    paint('bold', 'Examples'),
    ...examples.map((example) => `  ${example}`),
  ].join('\n');
}

export function overview(commands: readonly Helped[], version: string, paint: Paint): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    `${paint('bold', 'weft')} ${version}   trains neural nets on the GPU, through WebGPU`,
    '',
    ...commands.map(({ name, about }) => `  weft ${name.padEnd(width)}   ${about}`),
    '',
    '`weft <command> --help` lists its flags.',
    'Exit codes: 0 done, 1 failed, 2 usage, 3 no adapter, 4 diverged, 5 wrong checksum, 130 interrupted.',
  ].join('\n');
}

function usageOf(name: string, flag: Flag): string {
  const [spelled = ''] = spellings(name, flag);
  switch (flag.kind) {
    case 'switch':
      return spelled;
    case 'choice':
      return `${spelled} ${flag.of.join('|')}`;
    case 'text':
    case 'list':
      return `${spelled} ${flag.hint}`;
    default:
      return `${spelled} <${flag.kind === 'whole' ? 'n' : 'x'}>`;
  }
}

function aboutOf(flag: Flag): string {
  const otherwise = flag.otherwise ?? (flag.kind === 'switch' ? undefined : flag.default);
  return otherwise === undefined || otherwise === 0 || typeof otherwise === 'object'
    ? flag.about
    : `${flag.about} (${otherwise})`;
}
