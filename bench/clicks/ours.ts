/** Our side of the benchmark of clicks: `ours.ts METHOD SIZE`. */
import { takeOrders } from '../training/orders.ts';
import { type Method, programOf, rowsOf, type Size } from './cases.ts';

const [method, size] = process.argv.slice(2) as [Method, Size];
await takeOrders(programOf(method, size), rowsOf(size), 'wasm');
