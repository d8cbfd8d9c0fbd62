/** Our side of the training benchmark: `ours.ts METHOD SIZE KERNELS`, KERNELS `wasm` or `plain`. */
import { type Method, programOf, ratingsOf, type Size } from './cases.ts';
import { takeOrders } from './orders.ts';

const [method, size, kernels] = process.argv.slice(2) as [Method, Size, 'wasm' | 'plain'];
await takeOrders(programOf(method, size), ratingsOf(size), kernels);
