import { describe, expect, it } from 'vitest';
import { metricTable, plainTable, type TableSummary } from '../../cli/tables.ts';

describe('a plain table', () => {
  it('puts columns of numbers to the right, and text to the left', () => {
    expect(
      plainTable(
        ['name', 'rows', 'doc'],
        [
          ['a', '12', 'one'],
          ['bb', '1,000', 'another'],
          ['c', '', ''],
        ],
      ),
    ).toBe(
      [
        'name   rows  doc', //
        '────────────────────',
        'a        12  one',
        'bb    1,000  another',
        'c',
      ].join('\n'),
    );
  });

  it('counts wide characters, emoji and colour codes as a terminal shows them', () => {
    const lines = plainTable(
      ['id', 'n'],
      [
        ['模型', '1'],
        ['👩‍🔬', '2'],
        ['\u001b[1mbold\u001b[22m', '3'],
      ],
    ).split('\n');
    expect(lines.slice(2)).toEqual(['模型  1', '👩‍🔬    2', '\u001b[1mbold\u001b[22m  3']);
  });

  it('wraps the last column between words when the terminal is narrower', () => {
    expect(
      plainTable(['name', 'doc'], [['ips', 'Inverse propensity weights, clipped from below.']], { width: 30 }),
    ).toBe(
      [
        'name  doc',
        `${'─'.repeat(30)}`,
        'ips   Inverse propensity',
        '      weights, clipped from',
        '      below.',
      ].join('\n'),
    );
  });

  it('lays out ten thousand rows in a fraction of a second', () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => ['ips', `step-${i}`, 'cached', 'changed: config.clip']);
    const began = performance.now();
    plainTable(['pipeline', 'step', 'status', 'why'], rows);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

const cell = (
  pipeline: string,
  metric: string,
  k: number | null,
  mean: number | null,
  more: Partial<TableSummary> = {},
): TableSummary => ({ pipeline, metric, k, definition: 'dt-icde24', n: 10, failed: 0, mean, sd: 0.0041, ...more });
const base = { rows: [], floors: ['floor-popularity'], protocol: 'coat-dt', dataset: 'coat' };
const popularity = (metric: string, k: number | null, mean: number | null) =>
  cell('floor-popularity', metric, k, mean, { n: 1, sd: null });
const bold = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are made of one
  [...text.matchAll(/\u001b\[1m(.*?)\u001b\[22m/g)].map(([, inner]) => (inner as string).trim());

describe('the table of metrics', () => {
  it('names protocol, definition and test, puts floors below a line and differences below means', () => {
    const text = metricTable({
      ...base,
      test: 't',
      rows: [
        {
          pipeline: 'floor-popularity',
          seed: null,
          metric: 'mse',
          k: null,
          definition: 'dt-icde24',
          value: null,
          reason: 'popularity is no probability',
        },
      ],
      summary: [
        cell('mf', 'auc', null, 0.7234),
        cell('ips', 'auc', null, 0.7334, { delta: 0.01, p: 0.001, pAdjusted: 0.003 }),
        cell('dr', 'auc', null, 0.7, { delta: -0.0234, p: 1e-6, pAdjusted: 2e-6, failed: 2, n: 8 }),
        popularity('auc', null, 0.5403),
        cell('mf', 'mse', null, 0.2),
        cell('ips', 'mse', null, 0.19, { delta: -0.01, p: 0.2, pAdjusted: 0.4 }),
        cell('dr', 'mse', null, 0.21, { delta: 0.01, p: 0.2, pAdjusted: 0.4, failed: 2, n: 8 }),
        popularity('mse', null, null),
      ],
      usesTestLabels: ['dr'],
    });
    expect(text).toBe(
      [
        'coat under protocol coat-dt; metrics defined as in dt-icde24',
        '',
        'pipeline                AUC                    MSE ↓',
        '────────────────────────────────────────────────────────────────────',
        'mf                       0.7234 ± 0.0041 (10)   0.2000 ± 0.0041 (10)',
        'ips                      0.7334 ± 0.0041 (10)   0.1900 ± 0.0041 (10)',
        '                        +0.0100 p=.0030        -0.0100 p=.4000',
        'dr †                     0.7000 ± 0.0041 (8)    0.2100 ± 0.0041 (8)',
        '  2 of 10 seeds failed  -0.0234 p<.0001        +0.0100 p=.4000',
        '────────────────────────────────────────────────────────────────────',
        'floor-popularity         0.5403                      –',
        '',
        'mean ± standard deviation (number of seeds)',
        'second line: difference to mf, with p of a paired t-test over seeds, Holm-adjusted within each metric',
        'below the line: floors, which no method should fall under',
        '† looks at labels of the test set: not comparable with the rest',
        'failed seeds gave no result or never left their initial plateau; they are left out of the means',
        '– popularity is no probability (floor-popularity MSE)',
      ].join('\n'),
    );
  });

  it('one seed shows values without a spread and says that there is no p', () => {
    const text = metricTable({
      ...base,
      summary: [
        cell('mf', 'ndcg', 5, 0.6, { n: 1, sd: null }),
        cell('ips', 'ndcg', 5, 0.61, { n: 1, sd: null, delta: 0.01 }),
      ],
    });
    expect(text).toContain('mf         0.6000\n');
    expect(text).toContain('ips        0.6100\n          +0.0100\n');
    expect(text).toContain('second line: difference to mf; no p: a test needs two seeds');
    expect(text).not.toContain('±');
  });

  it('says when a floor is not beaten', () => {
    const text = metricTable({ ...base, summary: [cell('mf', 'ndcg', 5, 0.6), popularity('ndcg', 5, 0.6241)] });
    expect(text).toContain('NDCG@5: no method here beats floor-popularity (0.6241)');
  });

  it('the best value is bold only when the corrected test carries it', () => {
    const tell = (ips: number, pAdjusted: number, floor = 0.5) =>
      bold(
        metricTable({
          ...base,
          color: true,
          summary: [
            cell('mf', 'auc', null, 0.72),
            cell('ips', 'auc', null, ips, { delta: ips - 0.72, p: pAdjusted, pAdjusted }),
            popularity('auc', null, floor),
          ],
        }),
      );
    expect(tell(0.74, 0.01)).toEqual(['0.7400 ± 0.0041 (10)']);
    expect(tell(0.74, 0.06)).toEqual([]);
    expect(tell(0.7, 0.01)).toEqual(['0.7200 ± 0.0041 (10)']);
    expect(tell(0.7, 0.2)).toEqual([]);
    expect(tell(0.74, 0.01, 0.75)).toEqual([]);
  });

  it('for errors the lowest value is the best', () => {
    const summary = [
      cell('mf', 'mae', null, 0.3),
      cell('ips', 'mae', null, 0.2, { delta: -0.1, p: 0.001, pAdjusted: 0.001 }),
    ];
    expect(bold(metricTable({ ...base, color: true, summary }))).toEqual(['0.2000 ± 0.0041 (10)']);
  });

  it('two definitions of one metric are two columns that say so', () => {
    const text = metricTable({
      ...base,
      summary: [cell('mf', 'ndcg', 5, 0.6), cell('mf', 'ndcg', 5, 0.5, { definition: 'autodebias' })],
    });
    expect(text).toContain('metrics as the heads of the columns define them');
    expect(text).toMatch(/NDCG@5 +NDCG@5\n +dt-icde24 +autodebias\n/);
  });

  it('metrics that do not fit side by side continue below, with all pipelines', () => {
    const summary = ['auc', 'ndcg', 'recall', 'map', 'mrr'].map((metric) => cell('mf', metric, 5, 0.5));
    const text = metricTable({ ...base, width: 60, summary });
    expect(text.match(/^pipeline/gm)).toHaveLength(3);
    for (const line of text.split('\n').slice(2)) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('a grid point of a pipeline that uses test labels is marked too', () => {
    const summary = [cell('dr[model.lr=0.1]', 'auc', null, 0.7)];
    expect(metricTable({ ...base, usesTestLabels: ['dr'], summary })).toContain('dr[model.lr=0.1] †');
  });
});
