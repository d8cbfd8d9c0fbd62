/** Rows and columns that tables on real ratings share. */
import type { Column, Entry, Row } from '../declaration.ts';
import { references } from '../declaration.ts';

/** Standard deviations over seeds on Coat, fixed beforehand. */
const spread = { auc: 0.0075, list: 0.0092 };

export const dtSeeds: readonly number[] = Array.from({ length: 10 }, (_, at) => 2020 + at);
export const authorsCode = 'haoxuanli-pku/ICDE24-MNAR, commit 7348f0d';

/** AUC, NDCG and Recall at a cut-off, as the authors define them. */
export const rankingColumns = (k: number): readonly Column[] => [
  {
    title: 'AUC',
    quantity: { of: 'metric', metric: 'auc', k: null, definition: 'dt-icde24' },
    rule: { s: spread.auc },
    digits: 4,
  },
  ...(['ndcg', 'recall'] as const).map(
    (metric): Column => ({
      title: `${metric === 'ndcg' ? 'N' : 'R'}@${k}`,
      quantity: { of: 'metric', metric, k, definition: 'dt-icde24' },
      rule: { s: spread.list },
      digits: 4,
    }),
  ),
];

/** A row without anything measured: the paper's numbers beside ours. */
export const row = (label: string, entry: Row['entry'], print: readonly string[], note?: string): Row => ({
  label,
  entry,
  references: references(print),
  ...(note !== undefined && { note }),
});

export const on = (protocol: string, pipeline: string, cost: number, set?: Entry['set']): Entry => ({
  pipeline,
  protocol,
  cost,
  ...(set && { set }),
});
