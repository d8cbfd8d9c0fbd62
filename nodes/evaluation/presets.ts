/** Metric definitions with a name. A preset enters this table together with its golden vectors (test/nodes/evaluation). */
import type { Choices, Definition, Overrides, RankingMetric, ZeroPositive } from './schema.ts';
import { rankingMetrics } from './schema.ts';

const everywhere = (rule: ZeroPositive): Choices['zeroPositive'] =>
  Object.fromEntries(rankingMetrics.map((metric) => [metric, rule])) as Record<RankingMetric, ZeroPositive>;

/** What most of the literature agrees on; each preset says where it differs. */
const common: Choices = {
  cutoffs: [5],
  threshold: 1,
  gain: 'binary',
  discount: 'log2',
  ideal: 'achievable',
  recall: 'positives',
  precision: 'cutoff',
  map: 'achievable',
  candidates: 'rated',
  knownTest: 'dropped',
  zeroPositive: everywhere('skip'),
  ties: 'lower-item',
  average: 'users',
  auc: 'pooled',
  scale: 'probability',
  bins: 10,
  metrics: ['auc', ...rankingMetrics, 'errors'],
  itemGroups: [10, 50, 100, 200, 500],
  headShare: 0.8,
};

export const presets = {
  /** haoxuanli-pku/ICDE24-MNAR: a user without a positive counts 1 in NDCG and 0 elsewhere; recall divides by max(1, P). */
  'dt-icde24': { ...common, zeroPositive: { ...everywhere('zero'), ndcg: 'one' } },
  /** DongHande/AutoDebias, and the evaluators copied from it: users without a positive are not counted. */
  autodebias: common,
  /**
   * weitianxin/MACR: all items are ranked but those of train, and every user with a test row counts; a test row that is in train
   * as well cannot be found. Recall divides by the length of the test list, which may exceed K; hr says whether one of the first
   * K is in it.
   */
  macr: {
    ...common,
    cutoffs: [20],
    candidates: 'all',
    knownTest: 'missed',
    auc: 'users',
    scale: 'raw',
    metrics: ['hr', 'recall', 'ndcg', 'precision', 'popularity'],
  },
  /**
   * BgmLover/iDCF, and IViDR after it: users without a positive are not counted, recall divides by all positives. Scores are
   * trained on the raw scale and only order.
   */
  idcf: { ...common, scale: 'raw' },
  /**
   * The truth is a probability for every pair: it is the gain, and scores are compared with it. The threshold lies above 1,
   * so that no pair counts as a positive: what needs positives is not defined. With NDCG@50 the semi-synthetic notebooks of
   * haoxuanli-pku/ICDE24-MNAR.
   */
  'soft-truth': { ...common, threshold: 2, gain: 'linear', scale: 'rating' },
} as const satisfies Record<string, Choices>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];

/**
 * A preset with overrides. Its name shows what differs: `dt-icde24`, or `dt-icde24{recall=achievable}`. Cut-offs are not
 * part of the name, since every result names its K.
 */
export function definitionOf(preset: PresetName, overrides: Overrides = {}): Definition {
  const base: Choices = presets[preset];
  const { zeroPositive, ...given } = overrides;
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const rules = typeof zeroPositive === 'string' ? everywhere(zeroPositive) : { ...base.zeroPositive, ...zeroPositive };
  const made: Choices = { ...base, ...set, zeroPositive: rules as Choices['zeroPositive'] };
  const differs: string[] = [];
  for (const key of Object.keys(base).sort() as (keyof Choices)[]) {
    if (key === 'cutoffs') continue;
    if (key !== 'zeroPositive') {
      const [now, before] = [String(made[key]), String(base[key])]; // lists compare by their members
      if (now !== before) differs.push(`${key}=${now.replaceAll(',', '+')}`);
      continue;
    }
    for (const metric of rankingMetrics)
      if (made.zeroPositive[metric] !== base.zeroPositive[metric])
        differs.push(`zeroPositive.${metric}=${made.zeroPositive[metric]}`);
  }
  return { name: differs.length === 0 ? preset : `${preset}{${differs.join(',')}}`, ...made };
}
