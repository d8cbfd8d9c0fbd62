/**
 * Which top-level constants merely define something. Tree shaking keeps every call, spread and property access that could
 * do more than make a value; what is known to do no more is marked, so that a definition nobody uses falls out of a bundle.
 */
import type { CallExpression, Expression, MemberExpression, Program, SpreadElement, Super } from 'acorn';

/** Functions of core that only make a value of their arguments. */
export const makers: ReadonlySet<string> = new Set([
  'node',
  'part',
  'method',
  'pipeline',
  'protocol',
  'study',
  'table',
  'json',
  'tensors',
  'optional',
  'token',
  'z',
]);
/** Names of a module with which a chain of calls may start that only makes a value: `z`, `table`, what our packages export. */
export type Roots = ReadonlySet<string>;
const harmless: Readonly<Record<string, ReadonlySet<string>>> = {
  Object: new Set(['freeze', 'keys', 'values', 'entries', 'fromEntries']),
};

/** Initialisers of top-level constants that can be left out when nobody uses the constant. */
export function droppable(program: Program, imported: Roots): readonly Expression[] {
  const roots = new Set(imported);
  const found: Expression[] = [];
  for (const statement of program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declared?.type !== 'VariableDeclaration' || declared.kind !== 'const') continue;
    for (const { id, init } of declared.declarations) {
      if (!init || id.type !== 'Identifier' || !definesOnly(init, roots)) continue;
      found.push(init);
      // `const p = z.number()` makes `p.default(1)` harmless too
      if (init.type === 'CallExpression' && roots.has(rootOf(init) ?? '')) roots.add(id.name);
    }
  }
  return found;
}

/** Whether evaluating the expression can do nothing but make a value. Bodies of functions do not run by being defined. */
function definesOnly(of: Expression | SpreadElement | Super | null, known: Roots): boolean {
  const all = (parts: readonly (Expression | SpreadElement | null)[]) =>
    parts.every((part) => definesOnly(part, known));
  switch (of?.type) {
    case undefined:
    case 'Literal':
    case 'Identifier':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return true;
    case 'ObjectExpression':
      return of.properties.every((property) =>
        property.type === 'SpreadElement'
          ? definesOnly(property, known)
          : (!property.computed || definesOnly(property.key as Expression, known)) &&
            definesOnly(property.value, known),
      );
    case 'ArrayExpression':
      return all(of.elements);
    case 'TemplateLiteral':
      return all(of.expressions);
    case 'SpreadElement':
      return definesOnly(of.argument, known);
    case 'UnaryExpression':
      return of.operator !== 'delete' && definesOnly(of.argument, known);
    case 'BinaryExpression':
      return of.left.type !== 'PrivateIdentifier' && all([of.left, of.right]);
    case 'LogicalExpression':
      return all([of.left, of.right]);
    case 'ConditionalExpression':
      return all([of.test, of.consequent, of.alternate]);
    case 'ChainExpression':
      return definesOnly(of.expression, known);
    case 'ParenthesizedExpression':
      return definesOnly(of.expression, known);
    case 'MemberExpression':
      return memberDefinesOnly(of, known);
    case 'CallExpression':
      return isMaker(of, known) && all(of.arguments) && calleeDefinesOnly(of, known);
    default:
      return false;
  }
}
const memberDefinesOnly = (of: MemberExpression, known: Roots): boolean =>
  (!of.computed || definesOnly(of.property as Expression, known)) && definesOnly(of.object, known);
const calleeDefinesOnly = ({ callee }: CallExpression, known: Roots): boolean =>
  callee.type === 'MemberExpression' ? memberDefinesOnly(callee, known) : definesOnly(callee, known);

function isMaker(call: CallExpression, roots: Roots): boolean {
  if (roots.has(rootOf(call) ?? '')) return true;
  const { callee } = call;
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.property.type === 'Identifier' &&
    (harmless[callee.object.name]?.has(callee.property.name) ?? false)
  );
}

/** The identifier at the bottom of `a.b().c()`. */
export function rootOf(call: CallExpression): string | undefined {
  let at: Expression | Super = call;
  for (;;) {
    if (at.type === 'CallExpression') at = at.callee;
    else if (at.type === 'MemberExpression') at = at.object;
    else return at.type === 'Identifier' ? at.name : undefined;
  }
}
