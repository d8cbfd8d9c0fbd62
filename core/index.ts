export { asProblem, exitCodes, Problem, type ProblemCode, type ProblemJson, problemJson } from './errors.ts';
export type { Event, PlanStatus, Reporter } from './events.ts';
export {
  type AnyMethod,
  type AnyPart,
  type AnyPartDefinition,
  type Method,
  type MethodJson,
  type MethodNode,
  method,
  methodFrom,
  methodJson,
  type Part,
  type PartDefinition,
  type Parts,
  part,
  type Remade,
} from './method.ts';
export { type AnyNode, type ConfigOf, type FileRead, type Node, node } from './node.ts';
export { type Imported, type ImportedColumn, importArrow, importedFrame } from './numeric/import-arrow.ts';
export {
  type AnyClosed,
  type AnyPipeline,
  type Closed,
  type Pipeline,
  pipeline,
  type Variant,
} from './pipeline/pipeline.ts';
export { type AnyProtocol, type Evaluation, type Protocol, protocol } from './pipeline/protocol.ts';
export { type AnyStudy, anyStudy, type Study, study } from './pipeline/study.ts';
export { type Arrays, f32, f64, i32, i64, type Kind, u8, u32, utf8 } from './ports/kinds.ts';
export {
  type Aside,
  aside,
  json,
  optional,
  type Port,
  type Table,
  type Tensor,
  type TensorBundle,
  table,
  tensors,
  type View,
  type Views,
} from './ports/ports.ts';
export {
  Cancel,
  type Cancellation,
  type Checkpoint,
  Checkpoints,
  Files,
  Log,
  Progress,
  Rng,
  type StepCheckpoints,
  type StepFiles,
  type StepLog,
  type StepProgress,
} from './services/services.ts';
export type * from './store.ts';
export { type Binding, bind, type ServiceIdentity, type Token, token } from './tokens.ts';
