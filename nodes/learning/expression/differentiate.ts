/** Reverse-mode differentiation: adds to the graph, for every leaf that can move, d(loss)/d(leaf). */
import type { Graph, Id } from './graph.ts';

/**
 * @returns for each `score` and `parameter` leaf that the loss reaches without passing a stop, the node that holds its
 * gradient: rows on the leaf's stream, or one value that stands for every row
 */
export function gradients(graph: Graph, loss: Id): ReadonlyMap<Id, Id> {
  const reached = new Set<Id>();
  const visit = [loss];
  for (let id = visit.pop(); id !== undefined; id = visit.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    visit.push(...graph.node(id).args);
  }
  const order = [...reached].sort((a, b) => b - a);
  const adjoint = new Map<Id, Id>([[loss, graph.constant(1)]]);

  /** Adds `part`, the gradient that user `from` sends to its argument `to`. */
  const send = (to: Id, from: Id, part: Id) => {
    if (graph.isConstant(part, 0)) return;
    const stream = graph.node(from).on;
    // one value that acts on every row collects the gradients of all rows
    const whole = graph.node(to).on === undefined && stream !== undefined ? graph.sum(stream, part) : part;
    const before = adjoint.get(to);
    adjoint.set(to, before === undefined ? whole : graph.add(before, whole));
  };

  const found = new Map<Id, Id>();
  for (const id of order) {
    const up = adjoint.get(id);
    if (up === undefined) continue;
    const { op, args, low, high } = graph.node(id);
    const [a = 0, b = 0, c = 0] = args;
    switch (op) {
      case 'score':
      case 'parameter':
        found.set(id, up);
        break;
      case 'add':
        send(a, id, up);
        send(b, id, up);
        break;
      case 'sub':
        send(a, id, up);
        send(b, id, graph.neg(up));
        break;
      case 'mul':
        send(a, id, graph.mul(up, b));
        send(b, id, graph.mul(up, a));
        break;
      case 'div': {
        send(a, id, graph.div(up, b));
        send(b, id, graph.neg(graph.div(graph.mul(up, id), b)));
        break;
      }
      case 'neg':
        send(a, id, graph.neg(up));
        break;
      case 'exp':
        send(a, id, graph.mul(up, id));
        break;
      case 'log':
        send(a, id, graph.div(up, graph.add(a, graph.constant(low))));
        break;
      case 'sigmoid':
        send(a, id, graph.mul(up, graph.mul(id, graph.sub(graph.constant(1), id))));
        break;
      case 'softplus':
        send(a, id, graph.mul(up, graph.unary('sigmoid', a)));
        break;
      case 'clip':
        send(a, id, graph.mul(up, graph.unary('inside', a, low, high)));
        break;
      case 'where':
        send(b, id, graph.where(a, up, graph.constant(0)));
        send(c, id, graph.where(a, graph.constant(0), up));
        break;
      case 'sum':
        send(a, a, up);
        break;
      case 'cross':
        send(a, a, graph.mul(up, graph.crossSlope('crossGate', id)));
        send(b, b, graph.mul(up, graph.crossSlope('crossScore', id)));
        break;
      case 'solve': {
        // x = A^-1 b moves with b by v' = up e_index' A^-1, and with A_jk by -v_j x_k
        const n = Math.round(Math.sqrt(args.length + 0.25) - 0.5);
        const matrix = args.slice(0, n * n);
        const right = args.slice(n * n);
        const unit = right.map((_, j) => (j === low ? up : graph.constant(0)));
        const v = right.map((_, j) => graph.solve(matrix, unit, j));
        const x = right.map((_, j) => graph.solve(matrix, right, j));
        right.forEach((to, j) => {
          send(to, id, v[j]!);
        });
        matrix.forEach((to, at) => {
          send(to, id, graph.neg(graph.mul(v[Math.floor(at / n)]!, x[at % n]!)));
        });
        break;
      }
      default:
        break; // constants, columns, stop, inside, max: nothing flows
    }
  }
  return found;
}
