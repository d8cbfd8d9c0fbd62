/**
 * What orders a user's items under a served score, when that is an inner product: the score is then a rising function of
 * (p_u . q_i + shift_i) scale_i. Products of sides are found in the serve expression itself, so that a counterfactual score
 * (y - c) sigmoid(a_i) sigmoid(t_u) is ranked from its vectors, and not pair by pair.
 */
import type { Edge, ScoreDeclaration, TableDeclaration } from '../declaration.ts';
import type { Tree } from '../expression/tree.ts';
import type { Serving } from '../serve.ts';

export interface OrderForm {
  /** The declared score that holds the inner product, with the terms that it adds. */
  readonly score: string;
  /** The tables of p and q. */
  readonly users: string;
  readonly items: string;
  /** Trees that depend on the item alone, under the serving's scores and `scores`. */
  readonly shift?: Tree | undefined;
  readonly scale?: Tree | undefined;
  /** Scores that the trees read beside those of the serving. */
  readonly scores: Readonly<Record<string, ScoreDeclaration>>;
}
type Side = 'none' | 'user' | 'item' | 'both';
interface Found extends OrderForm {
  /** A term of the user was dropped: nothing may be multiplied by an item's factor any more. */
  readonly userTerm?: boolean;
  /** A factor of the user was dropped: nothing of an item may be added any more. */
  readonly userFactor?: boolean;
}

/** @returns undefined for a score that no inner product orders */
export function orderForm({ tables, scores, serve }: Serving): OrderForm | undefined {
  const sideOfScore = (score: ScoreDeclaration): Side => {
    if ('input' in score) return 'both';
    if ('sum' in score) return score.sum.map(sideOfScore).reduce(together, 'none');
    const edges = 'dot' in score ? score.dot : 'bias' in score ? [score.bias] : score.dense;
    return edges.map((edge) => sideOfRows(tables[tableOf(edge) ?? '']?.rows)).reduce(together, 'none');
  };
  const sideOf = (tree: Tree): Side => {
    if (tree.op === 'constant' || tree.op === 'parameter') return 'none';
    if (tree.op === 'score') return sideOfScore(scores[tree.name] as ScoreDeclaration);
    return 'of' in tree && elementwise.has(tree.op) ? tree.of.map(sideOf).reduce(together, 'none') : 'both';
  };

  const ofScore = (name: string): Found | undefined => {
    const parts = flat(scores[name] as ScoreDeclaration);
    const both = parts.filter((part) => sideOfScore(part) === 'both');
    const [only] = both;
    if (both.length !== 1 || only === undefined || !('dot' in only)) return undefined;
    const names = only.dot.map(tableOf) as string[];
    const rows = names.map((table) => tables[table]?.rows);
    if (names.includes(undefined as never) || !rows.includes('user') || !rows.includes('item')) return undefined;
    const [users, items] = rows[0] === 'user' ? names : [...names].reverse();
    const ofItems = parts.filter((part) => ['item', 'none'].includes(sideOfScore(part)));
    const own = `${name} of items`;
    return {
      score: name,
      users: users as string,
      items: items as string,
      ...(ofItems.length > 0 && { shift: { op: 'score', name: own } as const }),
      scores: ofItems.length > 0 ? { [own]: { sum: ofItems } } : {},
      userTerm: parts.some((part) => sideOfScore(part) === 'user'),
    };
  };
  const plus = (found: Found | undefined, term: Tree): Found | undefined => {
    if (found === undefined) return undefined;
    const side = sideOf(term);
    const late = found.userFactor || found.scale;
    if (side === 'user' || (late && side === 'none')) return { ...found, userTerm: true };
    if (late) return undefined;
    return { ...found, shift: found.shift ? { op: 'add', of: [found.shift, term] } : term };
  };
  const times = (found: Found | undefined, factor: Tree): Found | undefined => {
    if (found === undefined) return undefined;
    if (sideOf(factor) !== 'item') return isPositive(factor) ? { ...found, userFactor: true } : undefined;
    if (found.userTerm) return undefined;
    return { ...found, scale: found.scale ? { op: 'mul', of: [found.scale, factor] } : factor };
  };
  const read = (tree: Tree): Found | undefined => {
    if (tree.op === 'score') return ofScore(tree.name);
    if (!('of' in tree)) return undefined;
    const [a, b] = tree.of as readonly [Tree, Tree | undefined];
    if (tree.op === 'stop') return read(a);
    if (b === undefined || tree.of.length !== 2) return undefined;
    const [left, right] = [sideOf(a) === 'both', sideOf(b) === 'both'];
    if (left === right) return undefined;
    if (tree.op === 'add') return left ? plus(read(a), b) : plus(read(b), a);
    if (tree.op === 'sub') return left ? plus(read(a), { op: 'neg', of: [b] }) : undefined;
    if (tree.op === 'mul') return left ? times(read(a), b) : times(read(b), a);
    return tree.op === 'div' && left ? times(read(a), { op: 'div', of: [one, b] }) : undefined;
  };
  /** Through rising functions and what only moves or stretches a user's scores. */
  const order = (tree: Tree): Found | undefined => {
    if (rising.has(tree.op) && 'of' in tree) return order(tree.of[0] as Tree);
    const found = read(tree);
    if (found || !('of' in tree) || tree.of.length !== 2) return found;
    const [a, b] = tree.of as readonly [Tree, Tree];
    const ofUser = (side: Tree) => sideOf(side) === 'user' || sideOf(side) === 'none';
    const factor = tree.op === 'mul';
    if (tree.op !== 'add' && !factor) return undefined;
    if (ofUser(b) && (!factor || isPositive(b))) return order(a);
    return ofUser(a) && (!factor || isPositive(a)) ? order(b) : undefined;
  };
  return order(serve);
}

const one: Tree = { op: 'constant', value: 1 };
const rising = new Set<string>(['sigmoid', 'exp', 'softplus', 'stop']);
const elementwise = new Set<string>([
  ...rising,
  ...['add', 'sub', 'mul', 'div', 'neg', 'log', 'clip', 'inside', 'where'],
]);
const together = (a: Side, b: Side): Side => (a === b || b === 'none' ? a : a === 'none' ? b : 'both');
const sideOfRows = (rows: TableDeclaration['rows'] | undefined): Side =>
  rows === undefined ? 'both' : rows === 'user' || rows === 'item' ? rows : 'none';
const flat = (score: ScoreDeclaration): readonly Exclude<ScoreDeclaration, { sum: unknown }>[] =>
  'sum' in score ? score.sum.flatMap(flat) : [score];
/** The table that an edge reads as it is. */
const tableOf = (edge: Edge): string | undefined =>
  typeof edge === 'string' ? edge : 'stop' in edge ? tableOf(edge.stop) : undefined;

/** Whether no value of the tree is 0 or below, whatever the tables hold. */
function isPositive(tree: Tree): boolean {
  if (tree.op === 'constant') return tree.value > 0;
  if (tree.op === 'sigmoid' || tree.op === 'exp' || tree.op === 'softplus') return true;
  return (tree.op === 'mul' || tree.op === 'div' || tree.op === 'add') && tree.of.every(isPositive);
}
