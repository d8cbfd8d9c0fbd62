/** What a file system refuses, in words that say what to do. */
import { asProblem, Problem } from '../core/errors.ts';

export const codeOf = (error: unknown): string | undefined => (error as { code?: string } | null)?.code;
export const isAbsent = (error: unknown): boolean => codeOf(error) === 'ENOENT';

/** Any error of the file system as a Problem that names the store. */
export function storeProblem(error: unknown, location: string): Problem {
  if (error instanceof Problem) return error;
  const code = codeOf(error);
  // a rename is refused by the folder that it leads to, not by the draft that it comes from
  const { dest, path } = error as { path?: string; dest?: string };
  const where = dest ?? path ?? location;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new Problem('store-full', `the disk that holds the store is full${code === 'EDQUOT' ? ' (quota)' : ''}`, {
      where: location,
      hint: 'free some space, or run `counterpoise cache gc`; then run again: finished steps are kept',
      cause: error,
    });
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new Problem('store-unusable', 'the store cannot be written: it is read-only for this user', {
      where,
      hint: 'choose another store with --store DIR or COUNTERPOISE_STORE',
      cause: error,
    });
  if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'EEXIST')
    return new Problem(
      'store-unusable',
      'the store is not laid out as it should be: a file lies where a folder belongs',
      {
        where,
        hint: 'move that file away, or choose another store with --store DIR',
        cause: error,
      },
    );
  if (code === 'EMFILE' || code === 'ENFILE')
    return new Problem('store-unusable', 'too many files are open', {
      where: location,
      hint: 'raise the limit (`ulimit -n`), or run with fewer --jobs',
      cause: error,
    });
  return asProblem(error);
}

/** Runs `work`; what the file system refuses becomes a Problem. */
export function guarded<T>(location: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeProblem(error, location);
  }
}
