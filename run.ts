/** `run`: a closed pipeline in, typed outputs out. */
import { type OpenWorkshop, openWorkshop, type WorkshopOptions } from './compose.ts';
import type { AnyPipeline, Closed } from './core/pipeline/pipeline.ts';
import { type Overrides, trial } from './core/plan/resolve.ts';
import type { Port, Views } from './core/ports/ports.ts';
import { execute, firstFailure, type Report } from './core/run/run.ts';
import { viewOf } from './core/run/views.ts';
import type { CoreService } from './core/services/services.ts';
import type { Binding, Tokens } from './core/tokens.ts';
import type { ShippedService } from './services.ts';

type UseOf<D> = D extends { readonly use: infer U extends Tokens } ? U[keyof U]['id'] : never;
/** The ids of all services that the steps ask for and nobody binds unasked. */
export type Uses<Steps> = Exclude<{ [K in keyof Steps]: UseOf<Steps[K]> }[keyof Steps], CoreService | ShippedService>;
export type Outputs<Steps> = {
  readonly [K in keyof Steps]: Steps[K] extends { readonly out: infer O } ? Views<O> : never;
};
type MustBeClosed<P> = P extends { readonly kind: 'closed' }
  ? P
  : P extends AnyPipeline
    ? `pipeline '${P['name']}' is open: close it with .on(protocol) first`
    : 'this is not a pipeline';
type StepsOf<P> = P extends Closed<string, infer S> ? S : {};
type Bound<Steps, Ids extends string> = [Exclude<Uses<Steps>, Ids>] extends [never]
  ? readonly Binding<Ids>[]
  : `service '${Exclude<Uses<Steps>, Ids> & string}' is not bound`;

export interface RunOptions extends Omit<WorkshopOptions, 'use'> {
  /** Seed of the `train` and `split` streams; 0 unless given. */
  readonly seed?: number;
  readonly dataSeed?: number;
  /** Configs by step: `{ weights: { clip: 0.1 } }`. */
  readonly set?: Overrides;
  /** An open workshop, for many runs in one process. */
  readonly workshop?: OpenWorkshop;
}
type Options<Steps, Ids extends string> = [Uses<Steps>] extends [never]
  ? [options?: RunOptions & { readonly use?: readonly Binding<Ids>[] }]
  : [options: RunOptions & { readonly use: Bound<Steps, Ids> }];

/** What a run gives back: the outputs of every step by name, and where its record lies. */
export type RunResult<Steps> = Outputs<Steps> & { readonly [report]: Report };
export const report: unique symbol = Symbol('report');

/**
 * Runs a closed pipeline and returns the outputs of all its steps as typed views.
 * @throws Problem the first failure, or `cancelled`; finished steps are kept either way
 */
export async function run<P, const Ids extends string = never>(
  pipeline: MustBeClosed<P>,
  ...[options]: Options<StepsOf<P>, Ids>
): Promise<RunResult<StepsOf<P>>> {
  const given = (options ?? {}) as RunOptions & { use?: readonly Binding<string>[] };
  const closed = pipeline as unknown as Closed<string, object>;
  const shop = given.workshop ?? (await openWorkshop(given));
  try {
    const one = trial(closed, given);
    const done = await execute([one], shop, { command: `run ${closed.name}`, wanted: () => true });
    const failure = firstFailure(done);
    if (failure) throw failure;
    const outputs: Record<string | symbol, unknown> = { [report]: done };
    for (const { name, node } of one.steps) {
      const views: Record<string, unknown> = {};
      for (const [output, port] of Object.entries(node.out as Readonly<Record<string, Port>>)) {
        const kept = done.steps[0]?.find(({ step }) => step.name === name)?.artifacts[output];
        if (kept) views[output] = viewOf(`${name}.${output}`, port, port, await done.output(0, name, output));
      }
      outputs[name] = views;
    }
    return outputs as RunResult<StepsOf<P>>;
  } finally {
    if (!given.workshop) await shop.close();
  }
}
