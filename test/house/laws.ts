// The laws of the house. Each takes the files and returns the sentences of what breaks it.
import { floorOf, floors, mayImport } from './floors.js';
import { targetOf, type Import, type SourceFile } from './tree.js';

export type Law = (tree: readonly SourceFile[]) => string[];

export const maxLines = 300;

/** Floors of the tree; `test`, `scripts` and the root may import anything. */
const onAFloor = ({ path }: SourceFile): boolean => /^(src|shaders|demo|bench|examples)\//.test(path);

const eachImport = (tree: readonly SourceFile[], judge: (file: SourceFile, found: Import) => string | undefined) =>
  tree
    .filter(onAFloor)
    .flatMap((file) => file.imports.map((found) => judge(file, found)).filter((s) => s !== undefined));

export const importsKeepToTheirFloors: Law = (tree) =>
  eachImport(tree, ({ path }, { specifier, typeOnly }) => {
    const target = targetOf(path, specifier);
    if (target === undefined || !tree.some((file) => file.path === target)) return undefined;
    const [from, to] = [floorOf(path), floorOf(target)];
    if (mayImport(from, to, typeOnly)) return undefined;
    const allowed = floors[from] === undefined ? 'which is not a floor' : `which may import ${floors[from].join(', ')}`;
    return `${path} imports ${target}: ${to} is not for ${from}, ${allowed}`;
  });

/** Circles of types count as well: two files that need each other's types are one file, or three. */
export const noCircularImports: Law = (tree) => {
  const known = new Set(tree.map(({ path }) => path));
  const next = new Map(
    tree.map(({ path, imports }) => {
      const targets = imports.map(({ specifier }) => targetOf(path, specifier));
      return [path, targets.filter((target) => target !== undefined && known.has(target)) as string[]];
    }),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) circles.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const target of next.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of tree) walk(path, []);
  return circles;
};

export const filesAreShort: Law = (tree) =>
  tree.flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, '').split('\n').length;
    return lines > maxLines ? [`${path} has ${lines} lines, ${maxLines} at most`] : [];
  });

/** A file is named after what it does. */
export const noAttics: Law = (tree) =>
  tree
    .filter(({ path }) => path.split(/[/.]/).some((word) => /^(utils?|helpers?|common|misc|managers?)$/i.test(word)))
    .map(({ path }) => `${path} is named after nothing in particular`);

export const nodeStaysInNode: Law = (tree) =>
  eachImport(tree, ({ path }, { specifier }) => {
    const free = !/^(src|shaders|demo)\//.test(path) || /^src\/(node|cli)\//.test(path) || path === 'src/node.ts';
    return free || !specifier.startsWith('node:') ? undefined : `${path} imports ${specifier}: that is for src/node`;
  });

/** What runs at a user's must be what a user gets: a shipped file imports no package that is only there for building. */
export const shippedPackagesAreDeclared =
  (declared: readonly string[]): Law =>
  (tree) =>
    eachImport(tree, ({ path }, { specifier }) => {
      if (!/^(src|shaders)\//.test(path) || /^(\.|node:)/.test(specifier)) return undefined;
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      return declared.includes(name) ? undefined : `${path} imports ${name}, which package.json does not promise`;
    });

/** The engine trains any net on any data; these know one data set by name. */
const knowMnist = /^(src\/(nn\/(nets|tutorial)|data\/(mnist|digits|source)|cli\/|[^/]+$)|demo\/|bench\/|examples\/)/;

export const mnistIsAGuest: Law = (tree) =>
  tree
    .filter((file) => onAFloor(file) && !knowMnist.test(file.path))
    .filter(({ path, words }) => /mnist/i.test(path) || words.some((word) => /mnist/i.test(word)))
    .map(({ path }) => `${path} knows the word MNIST`);
