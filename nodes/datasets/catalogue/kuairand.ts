import { kuairand, kuairandCounts } from '../kuairand.ts';
import { datasetEntry } from './entry.ts';

export const kuairandEntry = datasetEntry({
  name: 'kuairand',
  title: 'KuaiRand-Pure: clicks on videos that a feed chose, and on videos inserted at random',
  source:
    'Gao et al. 2022, KuaiRand: An Unbiased Sequential Recommendation Dataset with Randomly Exposed Videos (CIKM)',
  licence: 'see the page for the terms; cite the paper',
  page: 'https://kuairand.com/',
  archive: null,
  byHand: 'of KuaiRand-Pure, the three logs and user_features_pure.csv go into kuairand/',
  counts: kuairandCounts,
  nodes: [kuairand],
});
