/**
 * Which names are meant: a regular expression that is found in the name (`/bias$/`), or a pattern for the whole name in
 * which `*` stands for any characters, dots too, and `?` for one (`conv*.weight`).
 */
export type Pattern = string | RegExp;

/** Whether a pattern means this name. */
export function matches(name: string, match: Pattern): boolean {
  // `search` begins at the start, whatever a global expression has found before.
  if (typeof match !== 'string') return name.search(match) >= 0;
  const source = match.replace(/[.*+?^${}()|[\]\\]/g, (letter) => ({ '*': '.*', '?': '.' })[letter] ?? `\\${letter}`);
  return new RegExp(`^${source}$`, 's').test(name);
}
