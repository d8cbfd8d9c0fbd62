/** Whether a protocol gives what a pipeline needs, checked when names meet at run time; code gets the same from the compiler. */
import { Problem } from '../errors.ts';
import type { Port, Table } from '../ports/ports.ts';
import { type AnyClosed, type AnyPipeline, closePipeline } from './pipeline.ts';
import type { AnyProtocol } from './protocol.ts';

/** Sentences for every need that the protocol does not serve. */
export function roleProblems(pipeline: AnyPipeline, protocol: AnyProtocol): readonly string[] {
  const gives = protocol.gives as Readonly<Record<string, Port>>;
  return Object.entries(pipeline.graph.needs).flatMap(([need, port]) => {
    const role = gives[need];
    if (role === undefined) {
      const why = pipeline.graph.reasons?.[need];
      const missing = `'${need}' is missing${why === undefined ? '' : ` (${why})`}`;
      return pipeline.graph.mayLack.includes(need) ? [] : [missing];
    }
    return portProblem(need, role, port);
  });
}

/** Why `have` cannot stand where `want` is expected; the run-time twin of the compiler's width rule. */
export function portProblem(at: string, have: Port, want: Port): readonly string[] {
  if (have.port !== want.port) return [`'${at}' is ${kinds[have.port]} and ${kinds[want.port]} is needed`];
  if (have.port !== 'table' || want.port !== 'table') return [];
  const offered = have.columns as Readonly<Record<string, string>>;
  return Object.entries((want as Table<Readonly<Record<string, string>>>).columns).flatMap(([column, kind]) => {
    const optional = want.mayLack.includes(column);
    const given = offered[column];
    if (given === undefined || (have.mayLack.includes(column) && !optional))
      return optional ? [] : [`'${at}' lacks column '${column}' (it has ${Object.keys(offered).join(', ')})`];
    return given === kind ? [] : [`'${at}' has column '${column}' as ${given}, and ${kind} is needed`];
  });
}

const kinds = { table: 'a table', json: 'a value', tensors: 'a bundle of tensors' } as const;

/** The protocol that the pipeline names for the data set, where it is another one. */
function advice({ graph }: AnyPipeline, { name, evaluation }: AnyProtocol): string {
  const { protocol } = (graph.settings?.[evaluation.dataset] ?? {}) as { readonly protocol?: string };
  return protocol === undefined || protocol === name
    ? (evaluation.otherwise ?? 'choose another with --protocol')
    : `the pipeline is made for --protocol ${protocol}`;
}

/** @throws Problem missing-role with every need that is not served */
export function closeChecked(pipeline: AnyPipeline, protocol: AnyProtocol): AnyClosed {
  const problems = roleProblems(pipeline, protocol);
  if (problems.length > 0)
    throw new Problem(
      'missing-role',
      `pipeline '${pipeline.name}' needs a role that protocol '${protocol.name}' does not give: ${problems.join('; ')}`,
      {
        hint: `it gives ${Object.keys(protocol.gives).join(', ')}; ${advice(pipeline, protocol)}`,
      },
    );
  return closePipeline(pipeline, protocol);
}
