/** `plan`: what `run` would do with the same words, and why. */
import { writeFileSync } from 'node:fs';
import { writePlan } from '../../core/plan/written.ts';
import { makePlan, surroundings } from '../../core/run/run.ts';
import type { CommandResult, Context } from '../command.ts';
import { forceOf } from '../run-work.ts';
import { plainTable } from '../tables.ts';
import { list, openFor, resolveTargets, text, workOf } from '../targets.ts';

export default async function (context: Context): Promise<CommandResult> {
  const shop = await openFor(context);
  try {
    const work = workOf(resolveTargets(context.args, shop), context.options, shop);
    const trials = work.trials.map(({ trial }) => trial);
    const { steps, counts } = makePlan(trials, shop, forceOf(context.options, work.trials));
    const file = text(context.options.write);
    if (file !== undefined) {
      const written = writePlan(work.trials, surroundings(shop), {
        version: shop.version,
        plugins: list(context.options.plugin),
      });
      const document = `${JSON.stringify(written, null, 2)}\n`;
      writeFileSync(file, document);
      await shop.store.objects.write([new TextEncoder().encode(document)]);
      context.note(`plan written to ${file}`);
    }
    const rows = steps.flatMap((row, at) =>
      row.map(({ step, status, key, reason }) => ({
        pipeline: work.trials[at]?.label as string,
        seed: work.trials[at]?.seed ?? null,
        step: step.name,
        node: step.node.id,
        key: key ?? null,
        status,
        ...(reason !== undefined && { reason }),
      })),
    );
    return {
      json: { steps: rows, counts, ...(file !== undefined && { plan: file }) },
      text: () =>
        `${plainTable(
          ['pipeline', 'seed', 'step', 'node', 'status', 'why'],
          rows.map((r) => [
            r.pipeline,
            r.seed === null ? '' : String(r.seed),
            r.step,
            r.node,
            r.status,
            r.reason ?? '',
          ]),
        )}\n\n${Object.entries(counts)
          .filter(([, n]) => n > 0)
          .map(([status, n]) => `${n} ${status}`)
          .join(', ')}`,
    };
  } finally {
    await shop.close();
  }
}
