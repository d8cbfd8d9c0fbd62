/** Tables 3 and 4 on Coat: what the paper prints, and what the code of its closest predecessor measures. */
import { type Column, type Row, references } from '../declaration.ts';

export const ividrSeeds: readonly number[] = Array.from({ length: 10 }, (_, at) => 1230 + at);
export const predecessor = 'BgmLover/iDCF (KDD 2023); no code of IViDR is public';
export const coatProtocol = 'coat-idcf';
/** Standard deviations over seeds on Coat, fixed beforehand. */
export const spread = { ndcg: 0.0148, recall: 0.0189 };

export const listColumns: readonly Column[] = (['ndcg', 'recall'] as const).map((metric) => ({
  title: metric === 'ndcg' ? 'NDCG@5' : 'Recall@5',
  quantity: { of: 'metric', metric, k: 5, definition: 'idcf' },
  rule: { s: spread[metric] },
  digits: 4,
}));

type Two = readonly [ndcg: string, recall: string];
const on = (label: string, pipeline: string, cost: number, print: Two, measure?: Two, note?: string): Row => ({
  label,
  entry: { pipeline, protocol: coatProtocol, cost },
  references: references(print, measure ?? [], 10, 'code of iDCF with its tuned settings, seeds 1230..1239'),
  ...(note !== undefined && { note }),
});

export const coatRows: readonly Row[] = [
  on('MF', 'idcf-mf', 3, ['.5590±.0126', '.5418±.0116'], ['.5520±.0153', '.5288±.0231']),
  on(
    'MF-WF',
    'idcf-mf-wf-as-coded',
    4,
    ['.5577±.0120', '.5336±.0102'],
    ['.5529±.0107', '.5341±.0151'],
    'as coded: the tables of features are never trained',
  ),
  on('MF-WF, trained', 'idcf-mf-wf', 4, ['', '']),
  on('IPS', 'idcf-ips', 5, ['.5511±.0154', '.5358±.0113'], ['.5447±.0168', '.5257±.0197']),
  on('RD-IPS', 'idcf-rd-ips', 4, ['.5484±.0144', '.5302±.0176'], ['.5456±.0160', '.5247±.0176']),
  on('InvPref', 'idcf-invpref', 12, ['.5372±.0110', '.5247±.0097'], ['.5410±.0152', '.5312±.0234']),
  on(
    'DDCF-MF',
    'idcf-ddcf-mf-as-coded',
    8,
    ['.5631±.0068', '.5425±.0107'],
    ['.5751±.0148', '.5542±.0172'],
    'as coded: the tables of features are never trained',
  ),
  on('IV4R-MF', 'idcf-iv4r-mf', 15, ['.5617±.0099', '.5433±.0097']),
  on('iDCF', 'idcf', 8, ['.5638±.0124', '.5493±.0111'], ['.5750±.0139', '.5510±.0142']),
  on('IViDR', 'ividr', 10, ['.5903±.0101', '.5783±.0114']),
];
export const ablationRows: readonly Row[] = [
  ...coatRows.filter(({ label }) => label === 'IV4R-MF' || label === 'iDCF' || label === 'IViDR'),
  on('IViDR-T', 'ividr-t', 10, ['.5669±.0103', '.5513±.0106']),
  on('IViDR-F', 'ividr-f', 10, ['.5846±.0121', '.5710±.0094']),
  on('IViDR-R', 'ividr-r', 10, ['.5875±.0105', '.5728±.0101']),
  on('IViDR, not matched', 'ividr-unaligned', 10, ['', ''], undefined, 'posteriors are added as they come'),
  on('IViDR, over items', 'ividr-on-items', 10, ['', ''], undefined, 'design B of the rebuilt interactions'),
  on('IViDR, of users', 'ividr-of-users', 10, ['', ''], undefined, "instruments from the user's own features"),
];
