/**
 * Which top-level constants merely define something. Tree shaking keeps every call, spread and property access that could
 * do more than make a value; what is known to do no more is marked, so that a definition nobody uses falls out of a bundle.
 */
import type { CallExpression, Expression, MemberExpression, Program, SpreadElement, Super } from 'acorn';

/** Names that a module bound to functions of core, and to zod. */
export interface Bindings {
  /** The name in core by the local name. */
  readonly core: ReadonlyMap<string, string>;
  readonly zod: ReadonlySet<string>;
}
/** Functions of core that only make a value of their arguments. */
const makers = new Set([
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
]);
const harmless: Readonly<Record<string, ReadonlySet<string>>> = {
  Object: new Set(['freeze', 'keys', 'values', 'entries', 'fromEntries']),
};

/** Initialisers of top-level constants that can be left out when nobody uses the constant. */
export function droppable(program: Program, bindings: Bindings): readonly Expression[] {
  const schemas = new Set(bindings.zod);
  const found: Expression[] = [];
  for (const statement of program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declared?.type !== 'VariableDeclaration' || declared.kind !== 'const') continue;
    for (const { id, init } of declared.declarations) {
      if (!init || id.type !== 'Identifier' || !definesOnly(init, { ...bindings, zod: schemas })) continue;
      found.push(init);
      if (init.type === 'CallExpression' && schemas.has(rootOf(init) ?? '')) schemas.add(id.name);
    }
  }
  return found;
}

/** Whether evaluating the expression can do nothing but make a value. Bodies of functions do not run by being defined. */
function definesOnly(of: Expression | SpreadElement | Super | null, known: Bindings): boolean {
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
const memberDefinesOnly = (of: MemberExpression, known: Bindings): boolean =>
  (!of.computed || definesOnly(of.property as Expression, known)) && definesOnly(of.object, known);
const calleeDefinesOnly = ({ callee }: CallExpression, known: Bindings): boolean =>
  callee.type === 'MemberExpression' ? memberDefinesOnly(callee, known) : callee.type === 'Identifier';

function isMaker(call: CallExpression, { core, zod }: Bindings): boolean {
  const root = rootOf(call);
  if (root === undefined) return false;
  if (zod.has(root)) return call.callee.type === 'MemberExpression';
  if (makers.has(core.get(root) ?? '')) return call.callee.type === 'Identifier';
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
