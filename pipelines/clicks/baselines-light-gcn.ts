/** What MACR is compared with, on LightGCN. */
import { lightGcn } from '../../nodes/backbones/light-gcn.ts';
import { clicksCauseMf, clicksIpwMf, clicksIpwMfAsCoded, clicksRegMf } from './baselines.ts';

/** Two layers and Xavier's start, as the authors' README runs it. */
const backbone = lightGcn({ layers: 2, start: 'xavier' });

export const clicksIpwLightGcn = clicksIpwMf
  .as('clicks-ipw-lightgcn', { doc: 'LightGCN on clicks, each weighted by the inverse popularity of its item.' })
  .method('model', (m) => m.with({ backbone }));

export const clicksIpwLightGcnAsCoded = clicksIpwMfAsCoded
  .as('clicks-ipw-lightgcn-as-coded', {
    doc: 'LightGCN on clicks, BPR of scores that are divided by the rate of their item.',
  })
  .method('model', (m) => m.with({ backbone }));

export const clicksRegLightGcn = clicksRegMf
  .as('clicks-reg-lightgcn', {
    doc: 'LightGCN on clicks, popular and other items drawn together on the 0-th layer.',
  })
  .method('model', (m) => m.with({ backbone }));

/** Each copy of the items has a graph of its own with the same clicks, and the users' vectors are averaged over both apart. */
export const clicksCauseLightGcn = clicksCauseMf
  .as('clicks-cause-lightgcn', { doc: 'CausE on LightGCN: both copies of the items are propagated.' })
  .method('model', (m) => m.with({ backbone }));
