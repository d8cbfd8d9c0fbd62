/** Where artifacts live: a store on a file system, its garbage collection and its verification. */
export { type CollectOptions, type CollectReport, collectGarbage } from './collect.ts';
export { type Exported, type ExportFormat, exportFormats, exportFrame, formatOfPath } from './export/export.ts';
export { exportVectors, vectorFormatOfPath, vectorFormats } from './export/vectors.ts';
export type { FileStore } from './file-store.ts';
export { openStore, type StoreOptions } from './open.ts';
export { type Finding, type VerifyOptions, type VerifyReport, verifyStore } from './verify.ts';
