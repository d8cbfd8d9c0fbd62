/** `counterpoise/testing`: for people who write nodes. */
export { lawful } from './lawful.ts';
export { memoryStore } from './memory-store.ts';
export { type RunNodeOptions, runNode } from './run-node.ts';
