/** `recommend`: the best items of every user, from a trained model, with the ids of the data. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OpenWorkshop } from '../../compose.ts';
import { Problem } from '../../core/errors.ts';
import { type Frame, textValues } from '../../core/numeric/frame.ts';
import { execute, firstFailure, type Report } from '../../core/run/run.ts';
import { recommendationStep, recommending, vectorStep } from '../../pipelines/recommending.ts';
import {
  exportFormats,
  exportFrame,
  exportVectors,
  formatOfPath,
  vectorFormatOfPath,
  vectorFormats,
} from '../../storage/index.ts';
import type { CommandResult, Context, OptionValues } from '../command.ts';
import { onInterrupt } from '../interrupt.ts';
import { count } from '../progress/words.ts';
import { stepRows } from '../run-work.ts';
import { plainTable } from '../tables.ts';
import { openFor, resolveTargets, text, type Work, wholeNumber, workOf } from '../targets.ts';

/** So many rows are printed; all of them are in the file. */
const shownRows = 10;

export default async function (context: Context): Promise<CommandResult> {
  const { options } = context;
  const top = topOf(options);
  const out = text(options.out);
  const format = out === undefined ? 'csv' : formatOf(out);
  const users = usersOf(options);
  const vectors = vectorsOf(options);
  const newcomers = newUsersOf(options);
  const shop = await openFor(context);
  try {
    const [target] = resolveTargets(context.args, shop);
    if (target?.is !== 'pipeline')
      throw new Problem('usage', `'${context.args[0]}' is a study, and recommendations come from one pipeline`, {
        hint: 'name one of its methods',
      });
    const model = text(options.model);
    const value = recommending(target.value, {
      top,
      ...(users && { users }),
      ...(model !== undefined && { model }),
      ...(options.explain === true && { explain: true }),
      ...(vectors && { vectors: true }),
      ...(newcomers !== undefined && { newUsers: { file: newcomers } }),
    });
    const only = [recommendationStep, ...(vectors ? [vectorStep] : [])];
    const narrow = { ...options, floors: false, only };
    const work = workOf([{ is: 'pipeline', value }], narrow, shop);
    const report = await executed(work, context, shop);
    const failure = firstFailure(report);
    const head = {
      run: report.id,
      record: report.record,
      pipeline: target.value.name,
      seed: work.trials[0]!.trial.seed,
      steps: stepRows(work, report),
    };
    if (failure) return { json: head, text: () => '', exitCode: failure.exitCode, error: failure };
    const frame = await recommendationsOf(report);
    // without a file name, a script gets the rows in its document and a person gets a file
    const path = out ?? (context.json ? undefined : `recommendations-${target.value.name}.csv`);
    const written = path === undefined ? undefined : await exportFrame(frame, resolve(path), format);
    const counted = countsOf(frame, top);
    const index = vectors && (await writtenVectors(report, work, vectors));
    report.keep({ recommendations: { file: written?.path ?? null, rows: frame.rows, top, users: counted.users } });
    return {
      json: {
        ...head,
        users: counted.users,
        top,
        file: written?.path ?? null,
        ...(index && { vectors: index.path }),
        ...(!written && { recommendations: rowsOf(frame) }),
      },
      text: () =>
        textOf(frame, counted, top, idsText(work), [
          `written: ${written?.path}`,
          ...(index ? [`vectors: ${index.path} (${index.rows})`] : []),
          tail(report),
        ]),
    };
  } finally {
    await shop.close();
  }
}

function topOf({ top }: OptionValues): number {
  const n = wholeNumber('--top', top);
  if (n > 0) return n;
  throw new Problem('usage', '--top takes a whole number from 1 on, and not 0');
}

function formatOf(out: string) {
  const format = formatOfPath(out);
  if (format) return format;
  throw new Problem('usage', `--out ${out}: the ending does not say which format to write`, {
    hint: `name a file that ends in ${exportFormats.map((name) => `.${name}`).join(', ')}`,
  });
}

/** `--vectors`: a file of a format for vectors. */
function vectorsOf(options: OptionValues) {
  const path = text(options.vectors);
  if (path === undefined) return undefined;
  const format = vectorFormatOfPath(path);
  if (format) return { path, format };
  throw new Problem('usage', `--vectors ${path}: the ending does not say which format to write`, {
    hint: `name a file that ends in ${vectorFormats.map((name) => `.${name}`).join(' or ')}`,
  });
}

function newUsersOf(options: OptionValues): string | undefined {
  const file = text(options.newUsers);
  if (file === undefined || existsSync(file)) return file;
  throw new Problem('missing-data', `the file '${file}' of --new-users is not there`, { where: file });
}

/** `--users`: ids with commas between them, or a file with one id a line. */
function usersOf(options: OptionValues): readonly string[] | undefined {
  const given = text(options.users);
  if (given === undefined) return undefined;
  const isFile = existsSync(given);
  if (!isFile && /[\\/]|\.(txt|csv)$/i.test(given))
    throw new Problem('missing-data', `the file '${given}' of --users is not there`, { where: given });
  const ids = (isFile ? readFileSync(given, 'utf8').split(/\r?\n/) : given.split(',')).map((id) => id.trim());
  const filled = ids.filter((id) => id !== '');
  if (filled.length > 0) return filled;
  throw new Problem('usage', `--users ${given}: there is no id`, {
    hint: 'give ids with commas between them, or a file with one id a line',
  });
}

function executed(work: Work, context: Context, shop: OpenWorkshop): Promise<Report> {
  let release = () => {};
  return execute(
    work.trials.map(({ trial }) => trial),
    shop,
    {
      command: context.line,
      started: (run) => {
        release = onInterrupt(run, context.note);
      },
    },
  ).finally(() => release());
}

async function recommendationsOf(report: Report): Promise<Frame> {
  const value = await report.output(0, recommendationStep, 'items');
  if (value.port !== 'table') throw new Problem('internal', 'recommendations are no table');
  return value.frame;
}

async function writtenVectors(report: Report, work: Work, { path, format }: NonNullable<ReturnType<typeof vectorsOf>>) {
  const value = await report.output(0, vectorStep, 'vectors');
  if (value.port !== 'tensors') throw new Problem('internal', 'vectors are no tensors');
  const [users, items] = ['users', 'items'].map((name) => value.bundle.tensors[name]!.shape[0]);
  const ids = { user_ids: await idsOf(report, work, 'userIds'), item_ids: await idsOf(report, work, 'itemIds') };
  const written = await exportVectors(value.bundle, ids, path, format);
  return { path: written.path, rows: `${count(users as number, 'user')}, ${count(items as number, 'item')}` };
}

/** The ids of the data, where the protocol gives them. */
async function idsOf(report: Report, { protocol }: Work, role: 'userIds' | 'itemIds') {
  const from = (protocol.roles as Readonly<Record<string, { readonly from: string } | undefined>>)[role]?.from;
  if (from === undefined) return undefined;
  const [step, port] = from.split('.') as [string, string];
  const value = await report.output(0, `data.${step}`, port);
  const column = value.port === 'table' ? value.frame.columns.id : undefined;
  return column?.kind === 'utf8' ? textValues(column) : undefined;
}

interface Columns {
  readonly user: readonly string[];
  readonly item: readonly string[];
  readonly rank: ArrayLike<number>;
  readonly score: ArrayLike<number>;
  readonly match?: ArrayLike<number>;
  readonly gate?: ArrayLike<number>;
  readonly penalty?: ArrayLike<number>;
}
/** As the node declares them. */
const columnsOf = ({ columns }: Frame): Columns =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      column.kind === 'utf8' ? textValues(column) : column.values,
    ]),
  ) as unknown as Columns;

const rowsOf = (frame: Frame) => {
  const { user, rank, item, score, match, gate, penalty } = columnsOf(frame);
  const why = (row: number) =>
    match && gate && penalty ? { match: match[row], gate: gate[row], penalty: penalty[row] } : {};
  return user.map((id, row) => ({ user: id, rank: rank[row], item: item[row], score: score[row], ...why(row) }));
};

function countsOf(frame: Frame, top: number) {
  const { rank } = columnsOf(frame);
  let users = 0;
  let whole = 0;
  for (let row = 0; row < rank.length; row++) {
    if (rank[row] === 1) users++;
    if (rank[row] === top) whole++;
  }
  return { users, fewer: users - whole };
}

function textOf(
  frame: Frame,
  { users, fewer }: { users: number; fewer: number },
  top: number,
  ids: string,
  end: readonly string[],
): string {
  const { user, rank, item, score, ...why } = columnsOf(frame);
  const reasons = Object.entries(why) as [string, ArrayLike<number>][];
  const rows = user
    .slice(0, shownRows)
    .map((id, row) => [
      ...[id, String(rank[row]), item[row] as string, (score[row] as number).toFixed(4)],
      ...reasons.map(([, values]) => (values[row] as number).toFixed(4)),
    ]);
  const more = frame.rows - rows.length;
  return [
    plainTable(['user', 'rank', 'item', 'score', ...reasons.map(([name]) => name)], rows),
    ...(more > 0 ? [`... and ${more.toLocaleString('en')} more rows`] : []),
    '',
    `${top === 1 ? 'the best item' : `the ${top} best items`} of ${count(users, 'user')}, without what the user has rated; ${ids}`,
    ...(fewer > 0 ? [`${count(fewer, 'user')} had fewer items left`] : []),
    ...end,
  ].join('\n');
}

/** Whose ids the reader sees. */
function idsText({ protocol }: Work): string {
  const gives = (role: string) => Object.hasOwn(protocol.gives, role);
  return gives('userIds') && gives('itemIds')
    ? 'ids are those of the data'
    : `ids count from 0, since protocol ${protocol.name} gives no others`;
}

function tail(report: Report): string {
  const all = report.steps.flat();
  const computed = all.filter(({ status }) => status === 'computed').length;
  return `steps: ${computed} computed, ${all.length - computed} cached; ${(report.ms / 1000).toFixed(2)} s\nrun record: ${report.record}`;
}
