/** `data describe`: the card of a data set, computed and cached like any pipeline. */
import { statSync } from 'node:fs';
import { execute, firstFailure } from '../../core/run/run.ts';
import type { Card } from '../../nodes/reports/card-schema.ts';
import { dataCardPipeline } from '../../pipelines/reports/data-card.ts';
import type { CommandResult, Context } from '../command.ts';
import { cardText } from '../data-card/text.ts';
import { onInterrupt } from '../interrupt.ts';
import { stepRows } from '../run-work.ts';
import { type Known, openFor, text, workOf } from '../targets.ts';

export default async function (context: Context): Promise<CommandResult> {
  const [name] = context.args as [string];
  const shop = await openFor(context);
  try {
    const options = { ...context.options, ...sourceOf(name, context, shop), floors: false, only: ['card'] };
    const work = workOf([{ is: 'pipeline', value: dataCardPipeline }], options, shop);
    let release = () => {};
    const report = await execute(
      work.trials.map(({ trial }) => trial),
      shop,
      {
        command: context.line,
        started: (run) => {
          release = onInterrupt(run, context.note);
        },
      },
    ).finally(() => release());
    const failure = firstFailure(report);
    if (failure) throw failure;
    const value = await report.output(0, 'card', 'card');
    const card = (value as { readonly json: Card }).json;
    report.keep({ metrics: [], summary: [], floors: [], labels: work.trials.map(({ label }) => label) });
    const { dataset, doc } = work.protocol.evaluation;
    return {
      json: {
        dataset,
        protocol: work.protocol.name,
        run: report.id,
        record: report.record,
        steps: stepRows(work, report),
        card,
      },
      text: () => cardText({ dataset, protocol: work.protocol.name, doc }, card),
    };
  } finally {
    await shop.close();
  }
}

/** A data set or a file; a protocol's own name serves as well, where no data set has it. */
function sourceOf(name: string, { options }: Context, { registry }: Known): { on?: string; protocol?: string } {
  if (text(options.protocol) !== undefined) return { on: name };
  const isDataset = [...registry.protocols.values()].some(({ value }) => value.evaluation.dataset === name);
  const isFile = statSync(name, { throwIfNoEntry: false })?.isFile();
  return !isDataset && !isFile && registry.protocols.has(name) ? { protocol: name } : { on: name };
}
