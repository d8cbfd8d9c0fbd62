/** Names for runs that garbage collection keeps. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../core/errors.ts';
import type { Pins } from '../core/store.ts';
import { replaceFile } from './files.ts';
import type { Holder } from './holder.ts';
import { type Layout, namesIn, removeFile } from './layout.ts';
import { guarded } from './problems.ts';
import { unknownRun } from './runs.ts';

const ending = '.json';

export function makePins(layout: Layout, holder: Holder, fsync: boolean): Pins {
  const path = (name: string) => {
    if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(name))
      throw new Problem('usage', `'${name.slice(0, 100)}' cannot name a pin`, {
        hint: 'a pin is named with letters, digits, dots, dashes and underscores',
      });
    return layout.path('pins', name + ending);
  };
  const list = () => {
    const pins: Record<string, string> = {};
    for (const file of namesIn(layout.path('pins')).toSorted()) {
      if (!file.endsWith(ending)) continue;
      try {
        const { run } = JSON.parse(readFileSync(layout.path('pins', file), 'utf8')) as { run?: unknown };
        if (typeof run === 'string') pins[file.slice(0, -ending.length)] = run;
      } catch {} // a pin that cannot be read pins nothing
    }
    return pins;
  };
  return {
    pin: (name, run) =>
      guarded(layout.root, () => {
        const target = path(name);
        if (!/^[\w.-]+$/.test(run) || !statSync(layout.path('runs', join(run, 'run.json')), { throwIfNoEntry: false }))
          throw unknownRun(layout, run);
        holder.appear();
        replaceFile(target, `${JSON.stringify({ run })}\n`, layout.path('tmp', `${holder.name}_pin`), fsync);
      }),
    unpin: (name) =>
      guarded(layout.root, () => {
        if (removeFile(path(name))) return;
        const names = Object.keys(list());
        throw new Problem('unknown-name', `there is no pin '${name}'`, {
          hint: names.length > 0 ? `there are: ${names.slice(0, 5).join(', ')}` : 'nothing is pinned',
        });
      }),
    list,
  };
}
