/**
 * The larger click sets of Wei et al. 2021 (KDD) as they use them: the whole train file trains, and epochs and constants are
 * chosen on the test. Adressa, which is also divided honestly, has files of its own.
 */
import { protocol } from '../../core/index.ts';
import { globo } from '../../nodes/datasets/globo.ts';
import { gowalla } from '../../nodes/datasets/gowalla.ts';
import { ml10mClicks } from '../../nodes/datasets/ml-10m-clicks.ts';
import { yelp2018 } from '../../nodes/datasets/yelp2018.ts';
import { definition } from '../../nodes/evaluation/definition.ts';

/** A node that reads the train and test file of one set. */
type ClickSet = typeof globo | typeof gowalla | typeof ml10mClicks | typeof yelp2018;

const testSelectedProtocol = <const N extends string>(dataset: N, title: string, raw: ClickSet) =>
  protocol(`${dataset}-macr`, {
    dataset,
    default: true,
    evaluation: 'macr',
    candidates: 'all',
    floors: ['listed-random', 'listed-popularity', 'listed-least-popular'],
    doc: `${title}: the last clicks of each item test, all others train; SELECTION ON TEST, as the authors do.`,
  })
    .step('raw', raw, () => ({}))
    .step('evaluation', definition, () => ({}), { preset: 'macr', cutoffs: [20] })
    .gives((up) => ({
      train: up.raw.train,
      test: up.raw.test,
      valid: up.raw.test,
      known: up.raw.train,
      log: up.raw.train,
      shape: up.raw.shape,
      evaluation: up.evaluation.evaluation,
    }));

export const globoMacr = testSelectedProtocol('globo', 'Globo.com', globo);
export const gowallaMacr = testSelectedProtocol('gowalla', 'Gowalla', gowalla);
export const ml10mClicksMacr = testSelectedProtocol('ml-10m-clicks', 'MovieLens 10M as clicks', ml10mClicks);
export const yelp2018Macr = testSelectedProtocol('yelp2018', 'Yelp 2018', yelp2018);
