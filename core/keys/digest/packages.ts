/** The installed version of a package, as a module in `folder` would find it. */
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';

const known = new Map<string, string>();

export function versionsOf(names: readonly string[], folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.filter((name) => !isBuiltin(name)).map((name) => [name, versionOf(name, folder)]));
}

function versionOf(name: string, folder: string): string {
  const asked = `${folder}\0${name}`;
  const held = known.get(asked);
  if (held !== undefined) return held;
  const found = lookUp(name, folder);
  known.set(asked, found);
  return found;
}

function lookUp(name: string, folder: string): string {
  const file = join(folder, 'node_modules', name, 'package.json');
  if (existsSync(file)) return String((JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }).version ?? '?');
  const parent = dirname(folder);
  return parent === folder ? 'not installed' : lookUp(name, parent);
}
