/**
 * Blanks what only people read (`doc`, `source`, `.describe('...')`), so that editing it leaves the digest as it is, and
 * marks the calls that merely define something as pure, so that a definition nobody uses falls out of the bundle.
 */
import {
  type AnyNode,
  type CallExpression,
  type Expression,
  type MemberExpression,
  type Node,
  type ObjectExpression,
  type Program,
  parse,
} from 'acorn';
import { ancestor } from 'acorn-walk';

/** Functions of core whose spec carries texts for people. */
const definers = new Set(['node', 'part', 'method', 'pipeline', 'protocol', 'study']);
/** Functions of core that only make a value of their arguments. */
const makers = new Set([...definers, 'table', 'json', 'tensors', 'optional', 'token']);
const texts = new Set(['doc', 'source']);

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * @param js JavaScript, types already stripped
 * @param isCore whether an import path leads to core
 */
export function withoutTexts(js: string, isCore: (path: string) => boolean): string {
  const program = parse(js, { ecmaVersion: 'latest', sourceType: 'module' });
  const { core, zod } = bindings(program, isCore);
  const edits: Edit[] = [];
  ancestor(program, {
    CallExpression(call, _state, ancestors) {
      const definer = call.callee.type === 'Identifier' ? core.get(call.callee.name) : undefined;
      if (definer !== undefined && definers.has(definer))
        for (const argument of call.arguments)
          if (argument.type === 'ObjectExpression') edits.push(...blankFields(argument));
      if (isDescribe(call)) edits.push(blank(call.arguments[0] as Expression));
      const root = rootOf(call);
      if (root !== undefined && isOutermost(call, ancestors) && (makers.has(core.get(root) ?? '') || zod.has(root)))
        edits.push({ start: call.start, end: call.start, text: '/* @__PURE__ */ ' });
    },
  });
  return apply(js, edits);
}

function bindings(program: Program, isCore: (path: string) => boolean) {
  const core = new Map<string, string>();
  const zod = new Set<string>();
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    const path = String(statement.source.value);
    for (const specifier of statement.specifiers) {
      if (path === 'zod' || path.startsWith('zod/')) zod.add(specifier.local.name);
      else if (specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier' && isCore(path))
        core.set(specifier.local.name, specifier.imported.name);
    }
  }
  return { core, zod };
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

/** The identifier at the bottom of `a.b().c()`. */
function rootOf(call: CallExpression): string | undefined {
  let at: AnyNode = call;
  for (;;) {
    if (at.type === 'CallExpression') at = at.callee;
    else if (at.type === 'MemberExpression') at = at.object;
    else return at.type === 'Identifier' ? at.name : undefined;
  }
}
/** Whether the call is the last of its chain: only there does the mark stand for the whole expression. */
function isOutermost(call: CallExpression, ancestors: readonly Node[]): boolean {
  const parent = ancestors[ancestors.length - 2];
  if (parent === undefined) return true;
  if (parent.type === 'MemberExpression') return (parent as MemberExpression).object !== call;
  return !(parent.type === 'CallExpression' && (parent as CallExpression).callee === call);
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
