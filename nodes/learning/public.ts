/** What authors of methods and of nodes that serve models import. */
export * from './composition.ts';
export * from './declaration.ts';
export * from './expression/losses.ts';
export { constant, type Num, ones, type Rows } from './expression/tree.ts';
export { Numeric, type NumericEngine, plainEngine } from './kernels/numeric.ts';
export { type Learner, type LearnerConfig, learner } from './learner.ts';
export { type Scorer, type Serving, scorer } from './serve.ts';
export * from './settings.ts';
export { type BackendName, type TensorBackend, type TensorFlow, Tensors } from './tensor/backend.ts';
