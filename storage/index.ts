/** Where artifacts live: a store on a file system, its garbage collection and its verification. */
export { type FileStore, openStore, type StoreOptions } from './open.ts';
