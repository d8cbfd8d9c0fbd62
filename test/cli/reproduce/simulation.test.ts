/** A small paper of our own on the embedded simulation: what is run, in which order, within which time, and what is written. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { writePages } from '../../../cli/reproduce/files.ts';
import { type Item, itemsOf } from '../../../cli/reproduce/items.ts';
import { type Reproduced, reproduce } from '../../../cli/reproduce/reproduce.ts';
import type { FigureResult, TableResult } from '../../../cli/reproduce/result.ts';
import { reproductionText } from '../../../cli/reproduce/text.ts';
import { workOf } from '../../../cli/reproduce/units.ts';
import { type OpenWorkshop, openWorkshop } from '../../../compose.ts';
import type { Column, Entry, Reproduction, Row } from '../../../pipelines/reproductions/declaration.ts';
import { references } from '../../../pipelines/reproductions/declaration.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const tiny = { 'data.raw.users': 40, 'data.raw.items': 30, 'data.raw.perUser': 10 };
const on = (pipeline: string, cost: number, set: Entry['set'] = {}): Entry => ({
  pipeline,
  protocol: 'simulation',
  cost,
  set: { ...tiny, ...set },
});
const columns: readonly Column[] = [
  {
    title: 'AUC',
    quantity: { of: 'metric', metric: 'auc', k: null, definition: 'dt-icde24' },
    rule: { limit: 1 },
    digits: 4,
  },
  { title: 'numbers', quantity: { of: 'parameters' }, digits: 0, lower: true },
  { title: 'seconds', quantity: { of: 'training-seconds' }, digits: 2, lower: true },
  { title: 'ms a pair', quantity: { of: 'inference-ms' }, digits: 5, lower: true },
];
const ips = on('ips', 2, { 'model.epochs': 2, 'propensity.epochs': 2, 'model.width': 4, 'propensity.width': 4 });
const mf = on('mf', 1, { 'model.epochs': 2, 'model.width': 4 });
const row = (label: string, entry: Row['entry']): Row => ({
  label,
  entry,
  references: references(['.700±.010', '', '', ''], ['.690', '', '', ''], 1, 'by hand <i>'),
});
const paper: Reproduction = {
  name: 'small',
  paper: 'A & B 2024, <Small> things',
  code: 'nowhere',
  tables: {
    I: {
      title: 'Table I: a table',
      seeds: [1, 2],
      sections: [
        {
          name: 'simulated',
          title: 'Simulated',
          data: 'simulated',
          protocol: 'simulation',
          set: tiny,
          columns,
          rows: [
            row('IPS', ips),
            row('MF', mf),
            row('Gone', on('no-such-pipeline', 1)),
            row('Wrong', on('mf', 1, { 'model.no-such-setting': 1 })),
            row('None', { none: 'nobody wrote it' }),
          ],
          floors: 'all',
          plateau: false,
        },
        {
          name: 'absent',
          title: 'Absent',
          data: 'absent',
          protocol: 'simulation',
          columns,
          rows: [row('MF', mf)],
          floors: [],
          plateau: false,
        },
      ],
      choices: ['None, 100 % of them'],
      claims: [
        {
          claim: 'MF is there',
          judge: (look) => ({
            finding: look.mean('simulated', 'MF', 'AUC') === undefined ? 'cannot tell' : 'holds',
            because: 'it was looked up',
          }),
        },
      ],
    },
  },
  figures: {
    1: {
      title: 'Figure 1: a figure',
      seeds: [1, 2],
      panels: [
        {
          title: 'AUC by epochs',
          data: 'simulated',
          x: { title: 'epochs' },
          y: { title: 'AUC' },
          quantity: (columns[0] as Column).quantity,
          plateau: false,
          series: [
            {
              label: 'MF',
              points: [1, 2].map((x) => ({ x, entry: on('mf', 1, { 'model.epochs': x, 'model.width': 4 }) })),
            },
          ],
        },
        {
          title: 'Loss',
          data: 'simulated',
          x: { title: 'epoch' },
          y: { title: 'twice the loss', log: true },
          curves: [{ label: 'MF', entry: mf, curve: { plus: ['loss', 'loss'], minus: [], scale: 1 } }],
        },
      ],
      choices: [],
      claims: [],
    },
  },
};

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-reproduce-'));
const notes: string[] = [];
const run = async (items: readonly Item[], budgetMs?: number): Promise<Reproduced> => {
  const shop = await openWorkshop({ store: join(folder, 'store'), jobs: 0 });
  try {
    return await reproduce(paper, items, {
      shop,
      context: {
        args: [],
        options: {},
        json: false,
        terminal: false,
        line: 'reproduce small',
        reporters: [],
        note: (text) => notes.push(text),
      },
      budgetMs,
      missing: (data) => (data === 'absent' ? 'ask the author' : null),
    });
  } finally {
    await shop.close();
  }
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what is run', () => {
  let shop: OpenWorkshop;
  beforeAll(async () => {
    shop = await openWorkshop({ store: join(folder, 'other'), jobs: 0 });
  });
  afterAll(() => shop.close());

  test('every entry once, seed after seed, floors and cheap ones first', () => {
    const { trials } = workOf(itemsOf(paper, [], []), shop.registry, (data) => data !== 'absent');
    expect(trials.map(({ unit, named }) => `${unit.entry.pipeline} ${named.seed}`)).toEqual([
      'floor-random null',
      'floor-popularity null',
      'floor-item-mean null',
      'floor-item-user-mean null',
      'mf 1',
      'mf 1',
      'ips 1',
      'mf 2',
      'mf 2',
      'ips 2',
    ]);
  });

  test('what cannot run is a reason, and stops nothing else', () => {
    const { units } = workOf(itemsOf(paper, ['I'], []), shop.registry, () => true);
    const problems = [...units.values()].flatMap(({ problem }) => problem ?? []);
    expect(problems).toEqual([
      "there is no pipeline 'no-such-pipeline'",
      "learning/learner has no setting 'no-such-setting'",
    ]);
  });
});

describe('within a time', () => {
  const table = ({ result }: Reproduced) => result.items.find(({ kind }) => kind === 'table') as TableResult;
  const cells = (of: Reproduced, label: string) =>
    table(of).sections[0]?.rows.find((one) => one.label === label)?.cells ?? [];
  let first: Reproduced;
  let second: Reproduced;
  beforeAll(async () => {
    first = await run(itemsOf(paper, [], []), 1);
    second = await run(itemsOf(paper, [], []));
  });

  test('what was not reached is said, and is no failure of the command', () => {
    const { result, failure } = first;
    expect(failure).toBeUndefined();
    expect(result.outOfTime).toBe(true);
    expect(result.trials.left).toBeGreaterThan(0);
    expect(result.trials).toMatchObject({ wanted: 10, failed: 0 });
    expect(cells(first, 'IPS')[0]).toMatchObject({
      verdict: 'not run',
      reason: 'not reached before the run was stopped',
    });
    expect(notes).toContain('the time is over: running steps may end, nothing more is started');
    expect(reproductionText(result, [], false)).toContain('the same command goes on from here');
  });

  test('the same command goes on, and a third time finds everything', async () => {
    expect(second.result).toMatchObject({ outOfTime: false, trials: { wanted: 10, done: 10, failed: 0, left: 0 } });
    const third = await run(itemsOf(paper, [], []));
    expect(new Set(third.report?.steps.flat().map(({ status }) => status))).toEqual(new Set(['cached']));
    expect(third.metrics).toEqual(second.metrics);
    expect(cells(third, 'IPS').slice(0, 3), 'trained once, so timed once').toEqual(cells(second, 'IPS').slice(0, 3));
  });

  test('cells hold means over seeds, counts of numbers, and times', () => {
    const [auc, numbers, seconds, inference] = cells(second, 'IPS');
    expect(auc).toMatchObject({ verdict: 'within the limit', printed: { mean: 0.7 }, measured: { mean: 0.69 } });
    expect(auc?.ours?.n).toBe(2);
    expect(auc?.ours?.mean).toBeCloseTo(((auc?.ours?.values[0] ?? 0) + (auc?.ours?.values[1] ?? 0)) / 2, 12);
    expect(numbers?.ours?.mean, 'two factor tables, and an additive propensity on two more').toBe(
      (40 + 30) * 4 + (40 + 30) * 4 + 2 * 4 + 1,
    );
    expect(cells(second, 'MF')[1]?.ours?.mean).toBe((40 + 30) * 4);
    expect(seconds?.ours?.mean).toBeGreaterThan(0);
    expect(inference?.ours?.mean).toBeGreaterThan(0);
    expect(cells(second, 'floor-item-mean')[1]).toMatchObject({ ours: null, reason: 'it gives no such number' });
    expect(cells(second, 'Gone')[0]).toMatchObject({
      verdict: 'not run',
      reason: "there is no pipeline 'no-such-pipeline'",
    });
    expect(table(second).claims).toEqual([{ claim: 'MF is there', finding: 'holds', because: 'it was looked up' }]);
  });

  test('a panel has a point an entry, and a curve a point an epoch', () => {
    const { panels } = second.result.items.find(({ kind }) => kind === 'figure') as FigureResult;
    expect(panels[0]?.series[0]?.points).toMatchObject([
      { x: 1, n: 2 },
      { x: 2, n: 2 },
    ]);
    expect(panels[0]?.series[0]?.points[1]?.mean).toBe(cells(second, 'MF')[0]?.ours?.mean);
    expect(panels[1]?.series[0]?.points.map(({ x }) => x)).toEqual([1, 2]);
    expect(panels[1]?.series[0]?.points[0]?.mean).toBeGreaterThan(0);
  });

  describe('pages', () => {
    let pages: Readonly<Record<string, string>>;
    beforeAll(async () => {
      const files = await writePages(second.result, join(folder, 'pages'));
      pages = Object.fromEntries(files.map((file) => [basename(file), readFileSync(file, 'utf8')]));
    });

    test('a table is written four times, a figure three times, and all of it once more', () => {
      expect(Object.keys(pages)).toEqual([
        ...['table-I.html', 'table-I.md', 'table-I.csv', 'table-I.tex'],
        ...['figure-1.html', 'figure-1.md', 'figure-1.csv', 'index.html'],
      ]);
    });

    test('the page stands alone: no script, nothing from elsewhere, texts escaped', () => {
      const page = pages['index.html'] as string;
      expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\ssrc=|https?:/i);
      expect(page).toContain('A &amp; B 2024, &lt;Small&gt; things');
      expect(page).toContain('by hand &lt;i&gt;');
      expect(page.match(/<svg /g)?.length, 'a chart a column, and a chart a panel').toBe(4 + 2);
      expect(page).not.toMatch(/NaN|undefined|Infinity/);
      expect(page).toContain('ask the author');
    });

    test('the CSV has a line a cell, in full precision', () => {
      const [head, ...lines] = (pages['table-I.csv'] as string).trimEnd().split('\r\n');
      expect(head?.split(',').slice(0, 6)).toEqual(['section', 'protocol', 'label', 'pipeline', 'floor', 'column']);
      expect(lines).toHaveLength((5 + 4) * 4 + 1 * 4);
      const mean = cells(second, 'MF')[0]?.ours?.mean;
      expect(lines.find((text) => text.startsWith('simulated,simulation,MF,mf,0,AUC'))).toContain(`,${mean},`);
    });

    test('LaTeX and Markdown hold every row, and mark what TeX would read', () => {
      for (const label of ['IPS', 'MF', 'Gone', 'floor-item-mean']) {
        expect(pages['table-I.tex']).toContain(`\n${label} & `);
        expect(pages['table-I.md']).toContain(`| ${label} | AUC | `);
      }
      expect(pages['table-I.md']).toContain('* MF is there. **holds**: it was looked up.');
      const body = (pages['table-I.tex'] as string)
        .split('\n')
        .filter((text) => text.endsWith('\\\\') && text.startsWith('MF'));
      for (const text of body) expect(text.split('&')).toHaveLength(1 + 3 * columns.length);
    });
  });
});
