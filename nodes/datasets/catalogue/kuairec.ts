import { kuairec, kuairecCounts } from '../kuairec.ts';
import { datasetEntry } from './entry.ts';

export const kuairecEntry = datasetEntry({
  name: 'kuairec',
  title: 'KuaiRec: watch ratios of a log, and of a matrix that was watched in full',
  source: 'Gao et al. 2022, KuaiRec: A Fully-observed Dataset (CIKM)',
  licence: 'see the page for the terms; cite the paper',
  page: 'https://kuairec.com/',
  archive: null,
  byHand: 'the files as Li et al. 2024 (ICDE) prepared them, user,item,watch_ratio with ids from 0, go into kuairec/',
  counts: kuairecCounts,
  nodes: [kuairec],
});
