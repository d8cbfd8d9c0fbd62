import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../storage/index.ts';
import { storeConformance } from './conformance.ts';

for (const fsync of [false, true])
  storeConformance(fsync ? 'a folder with --fsync' : 'a folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'counterpoise-store-'));
    return {
      open: () => openStore(folder, { fsync }),
      dispose: () => rmSync(folder, { recursive: true, force: true }),
    };
  });
