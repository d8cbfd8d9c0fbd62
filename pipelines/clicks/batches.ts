/** Batches of the authors' code by data set; what else a data set is trained with is alike. */
export const readmeBatches = {
  adressa: { model: { batch: 1024 } },
  'ml-10m-clicks': { model: { batch: 8192 } },
  globo: { model: { batch: 4096 } },
  gowalla: { model: { batch: 4096 } },
  yelp2018: { model: { batch: 4096 } },
};
