/** The command: what it refuses, and two methods of a paper on Coat. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseDuration } from '../../../cli/reproduce/duration.ts';
import { coat } from '../../nodes/floors/coat.ts';
import { answer, counterpoise } from '../face.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-paper-'));
const common = ['--store', join(folder, 'store'), '--out', join(folder, 'pages')];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what it refuses', () => {
  test.each([
    [['dtt'], 'unknown-name', "there is no reproduction of 'dtt'", "did you mean 'dt'"],
    [['dt', '--table', 'VII'], 'unknown-name', "--table VII: 'dt' has no such table", 'it has III, IV, V, VI'],
    [['dt', '--figure', '9'], 'unknown-name', "--figure 9: 'dt' has no such figure", 'it has 3, 4, 5'],
    [['dt', '--table', 'IV', '--method', 'dt-ip'], 'unknown-name', '--method dt-ip', 'DT-IPS'],
    [['dt', '--budget', '10'], 'usage', '--budget takes a time like 90s, 10m or 2h', ''],
    [['dt', '--seeds', '5..1'], 'usage', 'the range is empty', ''],
  ])('%j is refused as %s', async (words, code, message, hint) => {
    const { document, code: exit } = await answer('reproduce', ...words, ...common);
    expect(exit).toBe(2);
    expect(document.error).toMatchObject({ code, message: expect.stringContaining(message) });
    if (hint !== '') expect(document.error.hint).toContain(hint);
  });

  test('data that are not there are named with how to get them, and the pages are written all the same', async () => {
    const words = ['reproduce', 'dt', '--table', 'iv', '--method', 'mf', '--data', folder, ...common];
    const { document, code } = await answer(...words);
    expect(code).toBe(3);
    expect(document.error).toMatchObject({ code: 'missing-data', message: "nothing of 'dt' could be run" });
    const missing = document.items[0].sections.map((section: { missing: string }) => section.missing);
    expect(missing[0]).toBe(`not in ${folder}: \`counterpoise data fetch coat --data DIR\` gets it`);
    expect(missing[2]).toContain('ask for R3 at the page');
    expect(missing[3]).toContain('https://kuairec.com/');
    expect(readFileSync(join(folder, 'pages', 'table-IV.md'), 'utf8')).toContain('**The data are not here**: not in');
  });

  test('figures over groups of items name the groups, and both routes of selection are titled', async () => {
    const words = ['reproduce', 'macr', '--figure', '12', '--table', '3', '--data', folder, ...common];
    const { document } = await answer(...words);
    const [table, figure] = document.items;
    expect(figure.panels[0].x.names).toEqual(['<=10', '<=50', '<=100', '<=200', '<=500', '>500']);
    expect(figure.panels[0].series[0]).toMatchObject({ bars: 'share of items' });
    expect(table.sections.map((section: { title: string }) => section.title.split(':')[0])).toEqual([
      'Adressa, SELECTION ON TEST',
      'Adressa, HONEST SELECTION',
    ]);
    expect(readFileSync(join(folder, 'pages', 'figure-12.csv'), 'utf8')).toContain(',MACR_MF,<=10,');
  });
});

test.each([
  ['90s', 90_000],
  ['10m', 600_000],
  ['1.5h', 5_400_000],
  ['500ms', 500],
])('%s is %i milliseconds', (given, ms) => expect(parseDuration('--budget', given)).toBe(ms));

test.skipIf(coat === undefined)(
  'two methods of Table IV on Coat, beside the paper, the code and the floors',
  async () => {
    const words = [
      ...['reproduce', 'dt', '--table', 'IV', '--method', 'mf', '--method', 'IPS', '--seeds', '2020..2021'],
      ...['--data', process.env.COUNTERPOISE_DATA ?? '../shared/data', '--jobs', '0', ...common],
    ];
    const { document, code, err } = await answer(...words);
    expect(code, err).toBe(0);
    const [section] = document.items[0].sections;
    expect(section.rows.map((row: { label: string }) => row.label)).toEqual([
      'MF',
      'IPS',
      'floor-random',
      'floor-popularity',
      'floor-item-mean',
      'floor-item-user-mean',
    ]);
    for (const row of section.rows.slice(0, 2))
      for (const cell of row.cells) {
        expect(cell.ours).toMatchObject({ n: 2, failed: 0 });
        expect(Math.abs(cell.z)).toBeLessThan(3.5);
      }
    expect(section.rows.at(-1).cells[0].ours.mean).toBeCloseTo(0.7667, 4);
    expect(section.rule).toMatchObject({ cells: 6, passes: null });
    const plain = await counterpoise(...words);
    expect(plain.code).toBe(0);
    expect(plain.out).toContain('no verdict on the whole: the rule is for ten seeds');
    expect(plain.out).toMatch(/DOES NOT HOLD: the sum of the shrunk mean labels of item and user/);
  },
);
