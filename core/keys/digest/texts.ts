/**
 * Blanks what only people read (`doc`, `source`, `.describe('...')`), so that editing it leaves the digest as it is, and
 * marks what merely defines something, so that a definition nobody uses falls out of the bundle.
 */
import { type CallExpression, type Expression, type ObjectExpression, type Program, parse } from 'acorn';
import { simple } from 'acorn-walk';
import { droppable, makers, type Roots } from './definitions.ts';

/** Functions of core whose spec carries texts for people. */
const definers = new Set(['node', 'part', 'method', 'pipeline', 'protocol', 'study']);
const texts = new Set(['doc', 'source']);

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Where an import comes from: core, a package whose exports only define things (zod, our catalogues to a plugin), elsewhere. */
export type Origin = 'core' | 'definitions' | 'elsewhere';

/**
 * @param js JavaScript, types already stripped
 * @param origin what an import path leads to
 */
export function withoutTexts(js: string, origin: (path: string) => Origin): string {
  const program = parse(js, { ecmaVersion: 'latest', sourceType: 'module' });
  const bound = bindings(program, origin);
  const edits: Edit[] = droppable(program, bound.roots).flatMap(({ start, end }) => [
    { start, end: start, text: '/* @__PURE__ */ (() => (' },
    { start: end, end, text: '))()' },
  ]);
  simple(program, {
    CallExpression(call) {
      const definer = call.callee.type === 'Identifier' ? bound.core.get(call.callee.name) : undefined;
      if (definer !== undefined && definers.has(definer))
        for (const argument of call.arguments)
          if (argument.type === 'ObjectExpression') edits.push(...blankFields(argument));
      if (isDescribe(call)) edits.push(blank(call.arguments[0] as Expression));
    },
  });
  return apply(js, edits);
}

interface Bindings {
  /** The name in core by the local name. */
  readonly core: ReadonlyMap<string, string>;
  readonly roots: Roots;
}
function bindings(program: Program, origin: (path: string) => Origin): Bindings {
  const core = new Map<string, string>();
  const roots = new Set<string>();
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    const from = origin(String(statement.source.value));
    for (const specifier of statement.specifiers) {
      const { name } = specifier.local;
      if (from === 'definitions') roots.add(name);
      else if (from === 'core' && specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier') {
        core.set(name, specifier.imported.name);
        if (makers.has(specifier.imported.name)) roots.add(name);
      }
    }
  }
  return { core, roots };
}

const blankFields = (spec: ObjectExpression): Edit[] =>
  spec.properties.flatMap((property) =>
    property.type === 'Property' && !property.computed && texts.has(keyOf(property.key)) && isLiteral(property.value)
      ? [blank(property.value)]
      : [],
  );
const keyOf = (key: Expression | { type: 'PrivateIdentifier' }) =>
  key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '';
const blank = ({ start, end }: { start: number; end: number }): Edit => ({ start, end, text: '""' });

const isDescribe = (call: CallExpression) =>
  call.callee.type === 'MemberExpression' &&
  !call.callee.computed &&
  call.callee.property.type === 'Identifier' &&
  call.callee.property.name === 'describe' &&
  call.arguments.length === 1 &&
  isLiteral(call.arguments[0] as Expression);

/** A text that is known without running anything: a literal, a template without expressions, or a sum of those. */
function isLiteral(value: Expression | { type: 'SpreadElement' }): boolean {
  if (value.type === 'Literal') return typeof value.value === 'string';
  if (value.type === 'TemplateLiteral') return value.expressions.length === 0;
  return (
    value.type === 'BinaryExpression' &&
    value.operator === '+' &&
    value.left.type !== 'PrivateIdentifier' &&
    isLiteral(value.left) &&
    isLiteral(value.right)
  );
}

function apply(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const pieces: string[] = [];
  let at = 0;
  for (const edit of sorted) {
    if (edit.start < at) continue; // inside a text that is already blank
    pieces.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}
