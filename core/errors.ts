/** Everything that can go wrong in a way that a user can mend, as data. Renderers turn it into text, JSON or an editor's squiggle. */

/** A closed list: adding a code makes the compiler list every place that must know it. */
export type ProblemCode =
  | 'usage'
  | 'unknown-name'
  | 'bad-config'
  | 'bad-wiring'
  | 'bad-pipeline-file'
  | 'bad-plugin'
  | 'bad-data'
  | 'missing-data'
  | 'missing-role'
  | 'missing-service'
  | 'bad-output'
  | 'step-failed'
  | 'store-unusable'
  | 'store-full'
  | 'store-corrupt'
  | 'plan-differs'
  | 'upstream-missing'
  | 'bad-installation'
  | 'cancelled'
  | 'internal';

/** The process exit code of each problem; docs/reference/exit-codes.md lists them for scripts. */
export const exitCodes: Readonly<Record<ProblemCode, number>> = {
  internal: 1,
  usage: 2,
  'unknown-name': 2,
  'bad-config': 2,
  'bad-wiring': 2,
  'bad-pipeline-file': 2,
  'bad-plugin': 2,
  'missing-role': 2,
  'missing-service': 2,
  'bad-data': 3,
  'missing-data': 3,
  'step-failed': 4,
  'bad-output': 4,
  'store-unusable': 5,
  'store-full': 5,
  'store-corrupt': 5,
  'plan-differs': 6,
  'upstream-missing': 7,
  'bad-installation': 8,
  cancelled: 130,
};

/** A place in a text file; lines and columns count from 1. */
export interface Range {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The text of the line, for the caret. */
  readonly text: string;
}

export interface ProblemDetails {
  /** Which step, port, file, row or option. */
  readonly where?: string;
  /** What to do about it, in one sentence. */
  readonly hint?: string;
  readonly range?: Range;
  readonly cause?: unknown;
}

/** An error that says where, what, why and what to do. Throw it for everything that a user can cause. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly range: Range | undefined;
  constructor(code: ProblemCode, message: string, details: ProblemDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Problem';
    this.code = code;
    this.where = details.where;
    this.hint = details.hint;
    this.range = details.range;
  }
  get exitCode(): number {
    return exitCodes[this.code];
  }
}

export interface ProblemJson {
  readonly code: ProblemCode;
  readonly message: string;
  readonly where: string | null;
  readonly hint: string | null;
}
export const problemJson = (error: unknown): ProblemJson => {
  const problem = asProblem(error);
  return { code: problem.code, message: problem.message, where: problem.where ?? null, hint: problem.hint ?? null };
};

/** Any thrown value as a Problem: full disks and read-only folders get their own code, the rest is `internal`. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code, message, path } = (error ?? {}) as { code?: string; message?: string; path?: string };
  const at = path === undefined ? {} : { where: path };
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new Problem('store-full', 'the disk is full', {
      ...at,
      hint: 'free some space, or run `counterpoise cache gc`; then run again: finished steps are kept',
      cause: error,
    });
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new Problem('store-unusable', `cannot write: ${message ?? code}`, {
      ...at,
      hint: 'choose another store with --store DIR or COUNTERPOISE_STORE',
      cause: error,
    });
  return new Problem('internal', message ?? String(error), {
    cause: error,
    hint: 'this is a defect of the tool or of a node; run with --debug to see where it comes from',
  });
}
