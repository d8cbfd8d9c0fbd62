/** The tensor backends that tests of neural parts run on: each that is installed. Those of one process share one instance. */
import { bind } from '../../../../core/tokens.ts';
import { findNative } from '../../../../native-library.ts';
import { Numeric } from '../../../../nodes/learning/kernels/numeric.ts';
import { wasmEngine } from '../../../../nodes/learning/kernels/wasm.ts';
import { type BackendName, Tensors } from '../../../../nodes/learning/tensor/backend.ts';
import { openTensors } from '../../../../nodes/learning/tensor/open.ts';
import { serviceParts } from '../../../../services.ts';
import { packageLoader } from '../../../../tensor-backend.ts';

export const hasNative = findNative() !== undefined;
if (!hasNative)
  console.warn('the native TensorFlow is not installed (`counterpoise backend install tensorflow`): it is not tested');

/** For `describe.each(backends)`. A test opens its backend itself: one library serves a process, and the last to open has it. */
export const backends: readonly BackendName[] = hasNative ? ['wasm', 'tensorflow'] : ['wasm'];

const { numeric } = await serviceParts(() => undefined, 'wasm');
export const engine = wasmEngine(numeric.binary);
const opened = new Map(backends.map((name) => [name, openTensors(name, packageLoader({ name, fast: false }))]));
export const tensorsOn = (name: BackendName) => opened.get(name)!;
/** Everything that a neural node asks for beside core's own. */
export const servicesOn = (name: BackendName) => [bind(Numeric, engine), bind(Tensors, tensorsOn(name))];
