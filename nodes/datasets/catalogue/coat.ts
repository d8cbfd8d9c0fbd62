import { coat, coatCounts } from '../coat.ts';
import { coatFeatures } from '../coat-features.ts';
import { coatPropensities } from '../coat-propensities.ts';
import { datasetEntry } from './entry.ts';

export const coatEntry = datasetEntry({
  name: 'coat',
  title: 'Coat Shopping: self-selected and uniformly random ratings of coats',
  source: 'Schnabel et al. 2016, Recommendations as Treatments (ICML)',
  licence: 'for research; cite the paper',
  page: 'https://www.cs.cornell.edu/~schnabts/mnar/',
  archive: { url: 'https://www.cs.cornell.edu/~schnabts/mnar/coat.zip', mostBytes: 64e6 },
  counts: coatCounts,
  nodes: [coat, coatFeatures, coatPropensities],
  bytes: {
    'coat/train.ascii': 174_290,
    'coat/test.ascii': 174_290,
    'coat/propensities.ascii': 2_175_000,
    'coat/user_item_features/user_features.ascii': 8410,
    'coat/user_item_features/item_features.ascii': 20_100,
    'coat/user_item_features/user_features_map.txt': 211,
    'coat/user_item_features/item_features_map.txt': 498,
  },
});
