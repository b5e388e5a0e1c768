import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

export interface Import {
  readonly specifier: string;
  /** `import type`, `export type … from` or `import('…').T`: gone when the program runs. */
  readonly typeOnly: boolean;
}

export interface SourceFile {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** Names, strings and template text, without comments and without the addresses of imports. */
  readonly words: readonly string[];
}

const written = /\.(ts|mts|js|mjs|css|html|wgsl)$/;
const parsed = /\.(ts|mts|js|mjs)$/;

/** Every file a person writes in these folders, and those of the root itself. */
export function readTree(root: string, folders: readonly string[]): SourceFile[] {
  const entries = folders.flatMap((folder) => {
    try {
      return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
    } catch {
      return [];
    }
  });
  const paths = [...entries, ...readdirSync(root)].map((path) => path.replaceAll('\\', '/'));
  return paths.filter((path) => written.test(path)).map((path) => parse(path, readFileSync(join(root, path), 'utf8')));
}

export function parse(path: string, text: string): SourceFile {
  const imports: Import[] = [];
  const words: string[] = [];
  if (!parsed.test(path)) return { path, text, imports, words: [text] };
  const add = (at: ts.Node | undefined, typeOnly: boolean): void => {
    if (at !== undefined && ts.isStringLiteralLike(at)) imports.push({ specifier: at.text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
      if (node.importClause) visit(node.importClause);
      return;
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(node.moduleSpecifier, node.isTypeOnly);
      if (node.exportClause) visit(node.exportClause);
      return;
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    if (isModuleUrl(node)) add(node.arguments?.[0], false);
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) words.push(node.text);
    if (ts.isStringLiteralLike(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isTemplateHead(node)) {
      words.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ESNext));
  return { path, text, imports, words };
}

/** `new URL('./worker.ts', import.meta.url)`: how a page names its Worker. */
function isModuleUrl(node: ts.Node): node is ts.NewExpression {
  if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'URL') return false;
  const base = node.arguments?.[1];
  return base !== undefined && ts.isPropertyAccessExpression(base) && ts.isMetaProperty(base.expression);
}

/** The path of the file that a relative import means: '../core/shape.js' is written in src/core/shape.ts. */
export function targetOf(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ''));
  return path.replace(/\.js$/, '.ts');
}
