/** The project's own sources as syntax trees, for tests that hold rules about them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

export const root = join(import.meta.dirname, '..');

export interface Import {
  /** Path below the root for own files, the specifier for packages. */
  readonly to: string;
  readonly own: boolean;
  readonly line: number;
  /** `type` leaves nothing at run time; `lazy` is loaded when it is called for. */
  readonly how: 'value' | 'type' | 'lazy';
}
export interface Source {
  /** Below the root, with `/`. */
  readonly path: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** TypeScript files below a folder, and those directly in the root for `.`; assembly is another language. */
export function sourcesIn(folder: string): readonly Source[] {
  const paths =
    folder === '.'
      ? readdirSync(root).filter((name) => name.endsWith('.ts'))
      : readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
          .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.includes('/assembly/'));
  return paths.sort().map(sourceOf);
}

function sourceOf(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);
  const imports: Import[] = [];
  const add = (name: ts.Expression | undefined, how: Import['how']) => {
    if (name === undefined || !ts.isStringLiteralLike(name)) return;
    const own = name.text.startsWith('.');
    imports.push({
      to: own ? posix.normalize(posix.join(posix.dirname(path), name.text)) : name.text,
      own,
      line: lineOf(tree, name),
      how,
    });
  };
  walk(tree, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, typeOnly(node.importClause) ? 'type' : 'value');
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly ? 'type' : 'value');
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], 'lazy');
  });
  return { path, tree, imports };
}

const typeOnly = (clause: ts.ImportClause | undefined): boolean =>
  clause !== undefined && clause.phaseModifier === ts.SyntaxKind.TypeKeyword;

export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Counts from 1. */
export const lineOf = (tree: ts.SourceFile, node: ts.Node): number =>
  tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
