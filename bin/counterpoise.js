#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/cli.js', import.meta.url);
if (existsSync(program)) await import(program.href);
else {
  console.error('counterpoise is not built yet: run `npm run build` in the folder of the package.');
  process.exitCode = 1;
}
