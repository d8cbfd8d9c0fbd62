/** `reproduce`: a paper's tables and figures beside its authors' code, our runs and the floors. */
import { join, resolve } from 'node:path';
import { Problem } from '../../core/errors.ts';
import { datasets } from '../../nodes/datasets/catalogue/datasets.ts';
import type { Reproduction } from '../../pipelines/reproductions/declaration.ts';
import type { CommandResult, Context } from '../command.ts';
import { presenceOf } from '../data/presence.ts';
import { parseDuration } from '../reproduce/duration.ts';
import { writePages } from '../reproduce/files.ts';
import { itemsOf, onlyMethods, reproductionNamed } from '../reproduce/items.ts';
import { reproduce } from '../reproduce/reproduce.ts';
import { reproductionText } from '../reproduce/text.ts';
import { list, openFor, parseSeeds, text } from '../targets.ts';

export default async function (context: Context): Promise<CommandResult> {
  const { options } = context;
  const paper = reproductionNamed(context.args[0] as string);
  const budget = text(options.budget);
  const budgetMs = budget === undefined ? undefined : parseDuration('--budget', budget);
  const seeds = text(options.seeds) === undefined ? undefined : parseSeeds(text(options.seeds) as string);
  const items = onlyMethods(itemsOf(paper, list(options.table), list(options.figure)), list(options.method));
  const shop = await openFor(context);
  try {
    const { result, failure, report, metrics } = await reproduce(paper, items, {
      shop,
      context,
      budgetMs,
      ...(seeds !== undefined && { seeds }),
      missing: (data) => missingData(data, shop.dataFolder),
    });
    const folder = resolve(text(options.out) ?? join('reproductions', paper.name));
    const files = await writePages(result, folder);
    const error = failure ?? nothingHere(result.items.length, report === undefined, paper);
    const { items: found, ...about } = result;
    return {
      json: { ...about, run: report?.id ?? null, record: report?.record ?? null, items: found, metrics, files },
      text: () => reproductionText(result, files, context.terminal),
      ...(error && { error, exitCode: error.exitCode }),
    };
  } finally {
    await shop.close();
  }
}

/** What to do about a data set that is not in the data folder; null where it is there. */
function missingData(name: string, folder: string | undefined): string | null {
  const entry = datasets.find((one) => one.name === name);
  if (entry === undefined || entry.files.length === 0) return null;
  const here =
    folder !== undefined && entry.files.every((file) => ['right', 'unchecked'].includes(presenceOf(folder, file)));
  if (here) return null;
  const where =
    folder === undefined
      ? 'not found, since no data folder is named (--data DIR, or COUNTERPOISE_DATA)'
      : `not in ${folder}`;
  const how =
    entry.archive === null
      ? `${entry.byHand ?? 'to be got by hand'}; the page is ${entry.page ?? entry.source}`
      : `\`counterpoise data fetch ${name} --data DIR\` gets it`;
  return `${where}: ${how}`;
}

function nothingHere(items: number, nothingRun: boolean, { name }: Reproduction): Problem | undefined {
  if (!nothingRun || items === 0) return undefined;
  return new Problem('missing-data', `nothing of '${name}' could be run`, {
    hint: 'the tables say which data sets are missing and how to get them, and which pipelines',
  });
}
