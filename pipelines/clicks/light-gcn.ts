/** LightGCN on clicks: the vectors of readers and items are averaged over the graph of the clicks that train. */
import { lightGcn } from '../../nodes/backbones/light-gcn.ts';
import { macrMf, macrMfPaired } from './macr.ts';
import { clicksBprMf, clicksBsMf, clicksMf } from './mf.ts';

/** Two layers and Xavier's start, as the authors' README runs it. */
const backbone = lightGcn({ layers: 2, start: 'xavier' });

export const clicksLightGcn = clicksMf
  .as('clicks-lightgcn', { doc: 'LightGCN on clicks: two layers, cross-entropy against uniform negatives.' })
  .method('model', (m) => m.with({ backbone }));

export const clicksBprLightGcn = clicksBprMf
  .as('clicks-bpr-lightgcn', { doc: 'LightGCN on clicks: two layers, BPR against uniform negatives.' })
  .method('model', (m) => m.with({ backbone }));

export const clicksBsLightGcn = clicksBsMf
  .as('clicks-bs-lightgcn', {
    doc: 'Biased score (BS) on LightGCN: an item bias is trained and left out when serving.',
  })
  .method('model', (m) => m.with({ backbone }));

/** The authors' README trains it with alpha 1e-2 on every data set. */
export const macrLightGcn = macrMf
  .as('macr-lightgcn', {
    doc: 'MACR on LightGCN, gates crossed with all matches of a batch as the authors code does, c = 40.',
  })
  .method('model', (m) => m.with({ backbone }))
  .configure({ model: { alpha: 1e-2 } });

export const macrLightGcnPaired = macrMfPaired
  .as('macr-lightgcn-paired', { doc: 'MACR on LightGCN, each gate with its own match as the paper writes, c = 10.' })
  .method('model', (m) => m.with({ backbone }))
  .configure({ model: { alpha: 1e-2 } });
