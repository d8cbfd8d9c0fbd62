/** What the authors' README trains with, by data set. For the backbones alone only the batch differs. */
export const readmeBatches = {
  adressa: { model: { batch: 1024 } },
  'ml-10m-clicks': { model: { batch: 8192 } },
  globo: { model: { batch: 4096 } },
  gowalla: { model: { batch: 4096 } },
  yelp2018: { model: { batch: 4096 } },
};

/** What the authors' README trains matrix factorisation with. */
export const readmeMacr = {
  adressa: { model: { batch: 1024, alpha: 1e-3 } },
  'ml-10m-clicks': { model: { batch: 8192, alpha: 1e-3 } },
  globo: { model: { batch: 4096, alpha: 1e-3 } },
  gowalla: { model: { batch: 4096, alpha: 1e-2 } },
  yelp2018: { model: { batch: 4096, alpha: 1e-2 } },
};
