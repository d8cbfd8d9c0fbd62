/** Looks at everything in a store: every object is hashed again, every line checked, every reference followed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Memo } from '../core/store.ts';
import { compact, finishedSegments, maintenance } from './compact.ts';
import type { FileStore } from './file-store.ts';
import { namesIn } from './layout.ts';
import { leftovers, remove } from './leftovers.ts';
import { parseLine, scanLines } from './lines.ts';
import { objectFiles, readVerified, setAside } from './objects.ts';
import { storeProblem } from './problems.ts';
import { runNames } from './runs.ts';
import { materialEnding, memoEnding, readFrom, segmentNames } from './segments.ts';

export interface Finding {
  /** `damage` should not be; a `leftover` of a process that was killed is harmless. */
  readonly severity: 'damage' | 'leftover';
  readonly kind:
    | 'corrupt-object'
    | 'missing-object'
    | 'bad-line'
    | 'torn-line'
    | 'bad-run'
    | 'foreign-file'
    | 'quarantined'
    | 'draft'
    | 'lock'
    | 'holder'
    | 'checkpoint';
  /** Path, or the key of a memo. */
  readonly where: string;
  readonly message: string;
  readonly healed: boolean;
}
export interface VerifyReport {
  /** No damage was found. */
  readonly ok: boolean;
  readonly objects: number;
  readonly bytes: number;
  readonly memos: number;
  readonly runs: number;
  readonly findings: readonly Finding[];
}
export interface VerifyOptions {
  /**
   * Quarantine corrupt objects, forget memos whose objects are missing, and remove what killed processes left. Steps that lose
   * a memo are computed again by the next run that wants them.
   */
  readonly heal?: boolean;
  readonly progress?: (done: number, total: number) => void;
}

/** @throws Problem store-unusable when it shall heal and the store is read-only */
export async function verifyStore(store: FileStore, options: VerifyOptions = {}): Promise<VerifyReport> {
  try {
    return await verify(store, options);
  } catch (error) {
    throw storeProblem(error, store.location);
  }
}

async function verify(store: FileStore, { heal = false, progress }: VerifyOptions): Promise<VerifyReport> {
  const { layout, memos } = store;
  memos.refresh();
  // memos first: an object is published before its memo, so every memo that is seen here has its objects on disk
  const known = memos.all();
  const findings: Finding[] = [...lineFindings(store)];
  const whole = new Map<string, number>();
  const corrupt = new Set<string>();
  const files = [...objectFiles(layout)];
  let bytes = 0;
  for (const [at, { id, path, bytes: size }] of files.entries()) {
    progress?.(at, files.length);
    bytes += size;
    const good = await isWhole(path, id);
    if (good === 'gone') continue;
    if (good) {
      whole.set(id, size);
      continue;
    }
    corrupt.add(id);
    if (heal) setAside(layout, path);
    findings.push(damage('corrupt-object', path, `its bytes are not those that its name promises`, heal));
  }
  progress?.(files.length, files.length);
  findings.push(...missingObjects(store, known, whole, corrupt));
  findings.push(...runFindings(store), ...foreignFiles(store), ...leftoverFindings(store, heal));
  const repairs = findings.some(({ kind }) => kind === 'missing-object' || kind === 'bad-line' || kind === 'torn-line');
  const healed = heal && repairs ? forget(store, findings) : findings;
  return {
    ok: findings.every(({ severity }) => severity !== 'damage'),
    objects: files.length,
    bytes,
    memos: known.length,
    runs: runNames(layout).length,
    findings: healed,
  };
}

const damage = (kind: Finding['kind'], where: string, message: string, healed = false): Finding => ({
  severity: 'damage',
  kind,
  where,
  message,
  healed,
});

async function isWhole(path: string, id: string): Promise<boolean | 'gone'> {
  try {
    return (await readVerified(path, id)) !== undefined;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return 'gone';
    throw error;
  }
}

function* missingObjects(
  { objects }: FileStore,
  known: readonly Memo[],
  whole: ReadonlyMap<string, number>,
  corrupt: ReadonlySet<string>,
): Iterable<Finding> {
  for (const memo of known)
    for (const [output, { object, bytes }] of Object.entries(memo.outputs)) {
      const step = `${memo.pipeline}.${memo.step}`;
      const size = whole.get(object);
      // an object that came while the others were being hashed is not among them
      if (corrupt.has(object) || (size === undefined && !objects.has(object)))
        yield damage('missing-object', memo.key, `output '${output}' of ${step} is missing`);
      else if (size !== undefined && size !== bytes)
        yield damage('missing-object', memo.key, `output '${output}' of ${step} has another size than its memo says`);
    }
}

function* lineFindings({ layout }: FileStore): Iterable<Finding> {
  for (const segment of segmentNames(layout))
    for (const ending of [memoEnding, materialEnding]) {
      const path = layout.path('memo', segment + ending);
      const bytes = readFrom(path, 0);
      if (bytes === undefined) continue;
      const { bad, consumed } = scanLines(bytes, () => {});
      if (bad > 0) yield damage('bad-line', path, `${bad} ${bad === 1 ? 'line is' : 'lines are'} not what was written`);
      if (consumed < bytes.byteLength)
        yield {
          severity: 'leftover',
          kind: 'torn-line',
          where: path,
          message: 'the last line is not finished: its writer is at it, or was killed',
          healed: false,
        };
    }
}

function* runFindings({ layout }: FileStore): Iterable<Finding> {
  for (const id of runNames(layout)) {
    const path = layout.path('runs', join(id, 'run.json'));
    try {
      JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      yield damage('bad-run', path, 'the run record cannot be read');
    }
  }
}

function* foreignFiles({ layout }: FileStore): Iterable<Finding> {
  const known = new Set([...objectFiles(layout)].map(({ path }) => path));
  for (const shard of namesIn(layout.path('objects'))) {
    const path = layout.path('objects', shard);
    const strange = /^[0-9a-f]{2}$/.test(shard)
      ? namesIn(path)
          .map((name) => join(path, name))
          .filter((file) => !known.has(file))
      : [path];
    for (const file of strange)
      yield { severity: 'leftover', kind: 'foreign-file', where: file, message: 'this is no object', healed: false };
  }
  for (const name of namesIn(layout.path('quarantine')))
    yield {
      severity: 'leftover',
      kind: 'quarantined',
      where: layout.path('quarantine', name),
      message: 'a corrupt object that was set aside; garbage collection removes it',
      healed: false,
    };
}

function* leftoverFindings(store: FileStore, heal: boolean): Iterable<Finding> {
  for (const leftover of leftovers(store)) {
    if (heal) remove(leftover);
    yield {
      severity: 'leftover',
      kind: leftover.kind,
      where: leftover.path,
      message:
        leftover.kind === 'checkpoint'
          ? 'a checkpoint whose step was finished, or not run again for two weeks'
          : 'left by a process that is gone',
      healed: heal,
    };
  }
}

/** Rewrites the segments without bad lines and without memos whose objects are missing. */
function forget(store: FileStore, findings: readonly Finding[]): readonly Finding[] {
  const lost = new Set(findings.filter(({ kind }) => kind === 'missing-object').map(({ where }) => where));
  const lock = maintenance(store);
  try {
    compact(store, (memo) => lost.has(memo.key));
  } finally {
    lock.release();
  }
  const finished = new Set(finishedSegments(store));
  const left = new Set<string>(); // segments and keys of running processes
  for (const segment of segmentNames(store.layout)) {
    if (finished.has(segment)) continue;
    for (const ending of [memoEnding, materialEnding]) left.add(store.layout.path('memo', segment + ending));
    const bytes = readFrom(store.layout.path('memo', segment + memoEnding), 0);
    if (bytes) scanLines(bytes, (_, line) => left.add(parseLine<{ memo: Memo }>(line).memo.key));
  }
  return findings.map((finding) =>
    finding.kind === 'missing-object' || finding.kind === 'bad-line' || finding.kind === 'torn-line'
      ? { ...finding, healed: !left.has(finding.where) }
      : finding,
  );
}
