/** Work on users that is cut into parts of consecutive ones, a part for each thread; no user's result depends on the others. */
import type { Cancellation } from '../../../core/index.ts';
import { usersAtOnce } from './rank-room.ts';
import type { RankServices } from './rank-users.ts';
import { type InputOf, type OutputOf, type ThreadTask, threadTasks } from './thread-tasks.ts';

/**
 * @param users of whom `inputOf` makes the input of a part
 * @param cost multiplications for one user
 * @returns what each part gave, in the order of the users: put together, the same for any number of threads
 * @throws what the task throws
 */
export async function overThreads<T extends ThreadTask>(
  task: T,
  users: Uint32Array,
  cost: number,
  inputOf: (users: Uint32Array) => InputOf<T>,
  services: RankServices,
): Promise<readonly OutputOf<T>[]> {
  const compute = threadTasks[task] as (input: InputOf<T>, services: RankServices) => OutputOf<T>;
  const { threads } = services.numeric;
  const more = threads ? Math.floor((users.length * cost) / threads.worth) - 1 : 0;
  const borrowed = more > 0 ? threads?.borrow(more) : undefined;
  if (borrowed === undefined || borrowed.count === 0) return [compute(inputOf(users), services)];

  const [mine, ...others] = partsOf(users, borrowed.count + 1);
  const { progress } = services;
  const ranked = new Float64Array(others.length + 1);
  const report = (part: number, done: number) => {
    ranked[part] = done;
    progress.report(
      ranked.reduce((a, b) => a + b),
      users.length,
      'users',
    );
  };
  let failed = false;
  const cancel: Cancellation = {
    get requested() {
      return failed || services.cancel.requested;
    },
    check: () => services.cancel.check(),
  };
  const share = sharing();
  const elsewhere = borrowed.run(
    task,
    others.map((part) => share(inputOf(part))),
    cancel,
    (n, done) => report(n + 1, done),
  );
  try {
    const own = { ...progress, report: (done: number) => report(0, done) };
    const here = compute(inputOf(mine as Uint32Array), { ...services, progress: own });
    return [here, ...((await elsewhere) as OutputOf<T>[])];
  } catch (error) {
    failed = true;
    await elsewhere.catch(() => {});
    throw error;
  }
}

/** At most `count` parts of whole blocks, as even as blocks allow. */
function partsOf(users: Uint32Array, count: number): readonly Uint32Array[] {
  const each = usersAtOnce * Math.ceil(users.length / usersAtOnce / count);
  const parts: Uint32Array[] = [];
  for (let from = 0; from < users.length; from += each) parts.push(users.subarray(from, from + each));
  return parts;
}

/** Copies of values whose arrays lie on shared memory: an array that several values hold is copied once, a shared one never. */
function sharing(): <T>(value: T) => T {
  const copies = new Map<object, object>();
  const share = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const known = copies.get(value);
    if (known !== undefined) return known;
    const copy = ArrayBuffer.isView(value) ? shareArray(value) : shareAll(value);
    copies.set(value, copy);
    return copy;
  };
  const shareAll = (value: object): object =>
    Array.isArray(value)
      ? value.map(share)
      : Object.fromEntries(Object.entries(value).map(([name, of]) => [name, share(of)]));
  return share as <T>(value: T) => T;
}

function shareArray(array: ArrayBufferView): ArrayBufferView {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const buffer = new SharedArrayBuffer(array.byteLength);
  new Uint8Array(buffer).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return new (array.constructor as new (buffer: SharedArrayBuffer) => ArrayBufferView)(buffer);
}
