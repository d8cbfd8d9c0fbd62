/** Run records: a folder a run, named by the time at which it began. */

import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  createReadStream,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Problem } from '../core/errors.ts';
import type { RunHistory, RunRecord, RunSummary, RunWriter } from '../core/store.ts';
import { replaceFile } from './files.ts';
import { type Holder, isAlive } from './holder.ts';
import { type Layout, namesIn } from './layout.ts';
import { guarded, isAbsent } from './problems.ts';

const recordName = 'run.json';
const eventsName = 'events.jsonl';
/** Names the holder while the run lasts: a run whose process is gone did not end well, whatever its record says. */
const holderName = 'holder';

let lastId = 0;
/** Sorts by time; two runs of one process never share an instant. */
function newId(): string {
  lastId = Math.max(Date.now(), lastId + 1);
  const time = new Date(lastId).toISOString().slice(0, 23).replaceAll(/[:.]/g, '-');
  return `${time}-${randomBytes(2).toString('hex')}`;
}

export function makeRuns(layout: Layout, holder: Holder, fsync: boolean): RunHistory {
  const folder = (id: string) => layout.path('runs', id);
  const text = (record: RunRecord) => `${JSON.stringify(record, undefined, 1)}\n`;
  let counter = 0;

  const begin = (record: RunRecord): RunWriter =>
    guarded(layout.root, () => {
      holder.appear();
      const id = newId();
      const path = folder(id);
      const draft = layout.path('tmp', `${holder.name}_run${counter++}`);
      mkdirSync(draft);
      try {
        writeFileSync(join(draft, recordName), text(record));
        writeFileSync(join(draft, holderName), holder.name);
        mkdirSync(layout.path('runs'), { recursive: true });
        renameSync(draft, path);
      } catch (error) {
        rmSync(draft, { recursive: true, force: true });
        throw error;
      }
      const update = (changed: RunRecord) =>
        guarded(layout.root, () =>
          replaceFile(
            join(path, recordName),
            text(changed),
            layout.path('tmp', `${holder.name}_run${counter++}`),
            fsync,
          ),
        );
      return {
        id,
        path,
        event: (event) =>
          guarded(layout.root, () => appendFileSync(join(path, eventsName), `${JSON.stringify(event)}\n`)),
        update,
        end: (final) => {
          update(final);
          rmSync(join(path, holderName), { force: true });
        },
      };
    });

  const load = (id: string): RunRecord | undefined => {
    try {
      const record = JSON.parse(readFileSync(join(folder(id), recordName), 'utf8')) as RunRecord;
      return record.outcome === 'running' && !isGoing(layout, id) ? { ...record, outcome: 'failed' } : record;
    } catch {
      return undefined;
    }
  };
  const known = (id: string): boolean =>
    /^[\w.-]+$/.test(id) && statSync(join(folder(id), recordName), { throwIfNoEntry: false }) !== undefined;

  return {
    begin,
    list: () =>
      runNames(layout).flatMap((id): RunSummary[] => {
        const record = load(id);
        return record ? [{ id, started: record.started, command: record.command, outcome: record.outcome }] : [];
      }),
    read: (id) => {
      if (!known(id)) throw unknownRun(layout, id);
      const record = load(id);
      if (record) return record;
      throw new Problem('store-corrupt', `the record of run '${id}' cannot be read`, {
        where: join(folder(id), recordName),
        hint: 'remove its folder, or run `counterpoise cache verify`',
      });
    },
    events: (id) => {
      if (!known(id)) throw unknownRun(layout, id);
      return eventsOf(join(folder(id), eventsName));
    },
    locate: folder,
  };
}

/** Ids in the order of time. */
export const runNames = (layout: Layout): readonly string[] =>
  namesIn(layout.path('runs'))
    .filter((name) => /^\d{4}-/.test(name))
    .sort();

/** Whether the process that writes a run is still there. */
export function isGoing(layout: Layout, id: string): boolean {
  try {
    return isAlive(layout, readFileSync(layout.path('runs', join(id, holderName)), 'utf8'));
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function* eventsOf(path: string): AsyncIterable<unknown> {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    let event: unknown;
    try {
      event = JSON.parse(line);
    } catch {
      continue; // the last line of a process that was killed
    }
    yield event;
  }
}

export function unknownRun(layout: Layout, id: string): Problem {
  const names = runNames(layout);
  const near = names.filter((name) => id.length > 0 && name.startsWith(id.slice(0, 10)));
  const shown = (near.length > 0 ? near : names).slice(-3).reverse();
  return new Problem('unknown-name', `there is no run '${id.slice(0, 80)}' in this store`, {
    where: layout.root,
    hint:
      shown.length > 0
        ? `the latest ${near.length > 0 ? 'like it' : 'runs'}: ${shown.join(', ')}`
        : 'no run was recorded yet',
  });
}
