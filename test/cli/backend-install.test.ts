import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fetchWords, setAside } from '../../cli/backend/install.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoise-backend-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('backend install', () => {
  test('asks npm for a plain install in a project, and for a global one where npm keeps global packages', () => {
    const project = join(folder, 'project');
    const lib = join(folder, 'prefix/lib');
    for (const at of [project, lib]) mkdirSync(at, { recursive: true });
    writeFileSync(join(project, 'package.json'), '{}');
    expect(fetchWords(project)).not.toContain('--global');
    expect(fetchWords(lib).slice(-3)).toEqual(['--global', '--prefix', join(folder, 'prefix')]);
  });

  test('puts back what was installed when its successor fails, and forgets it when that computes', () => {
    const native = join(folder, 'native');
    const library = join(native, 'deps/lib.so');
    mkdirSync(join(native, 'deps'), { recursive: true });
    writeFileSync(library, 'the old one');
    const failing = setAside(native);
    expect(existsSync(library)).toBe(false);
    failing.restore();
    expect(readFileSync(library, 'utf8')).toBe('the old one');
    setAside(native).forget();
    expect(existsSync(library)).toBe(false);
  });
});
