import { execFileSync } from 'node:child_process';

/** The catalogues are made from the listing of nodes/ and pipelines/, so tests see a file that was added a second ago. */
export default function setup() {
  execFileSync(process.execPath, [new URL('../build/catalogue.mjs', import.meta.url).pathname]);
}
