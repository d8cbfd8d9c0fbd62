/** Notes that only save time. They are read when first asked for, and what cannot be written is forgotten. */
import { readFileSync } from 'node:fs';
import type { Hints } from '../core/store.ts';
import { replaceFile } from './files.ts';
import type { Layout } from './layout.ts';

/** Beyond this many notes the oldest go. */
const most = 20_000;

export function makeHints(layout: Layout, holder: string): Hints {
  let known: Map<string, unknown> | undefined;
  const changed = new Map<string, unknown>();
  const load = () => (known ??= readHints(layout.hints));
  return {
    get: (name) => load().get(name),
    set: (name, value) => {
      load().set(name, value);
      changed.set(name, value);
    },
    flush: () => {
      if (changed.size === 0) return;
      const merged = readHints(layout.hints); // another process may have learnt something meanwhile
      for (const [name, value] of changed) {
        merged.delete(name);
        merged.set(name, value);
      }
      const notes = [...merged].slice(-most);
      try {
        replaceFile(
          layout.hints,
          `${JSON.stringify(Object.fromEntries(notes))}\n`,
          layout.path('tmp', `${holder}_hints`),
          false,
        );
      } catch {
        return;
      }
      changed.clear();
    },
  };
}

function readHints(path: string): Map<string, unknown> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>));
  } catch {
    return new Map();
  }
}
