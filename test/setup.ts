import { execFileSync } from 'node:child_process';

/**
 * The catalogues are made from the listing of nodes/ and pipelines/, so tests see a file that was added a second ago; the
 * kernels are compiled once, before many test files ask for them.
 */
export default function setup() {
  for (const script of ['catalogue', 'kernels'])
    execFileSync(process.execPath, [new URL(`../build/${script}.mjs`, import.meta.url).pathname]);
}
