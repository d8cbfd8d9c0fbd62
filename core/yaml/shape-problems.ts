/** What is wrong with the outer shape of a file, said at the key or value that is wrong. */
import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { plain } from '../pipeline/config-issues.ts';
import { didYouMean } from '../registry.ts';
import type { YamlSource } from './source.ts';

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Issue[])[];
}

export function shapeProblems(error: z.ZodError, schema: z.ZodType, source: YamlSource): readonly Problem[] {
  return (error.issues as unknown as readonly Issue[]).flatMap((issue) => told(issue, [], schema, source));
}

function told(issue: Issue, above: readonly string[], schema: z.ZodType, source: YamlSource): readonly Problem[] {
  const path = [...above, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return (issue.keys ?? []).map((key) =>
      source.problem('bad-pipeline-file', [...path, key], 'key', {
        message:
          path.length === 0 ? `there is no key '${key}' in such a file` : `'${path.join('.')}' has no key '${key}'`,
        hint: `${didYouMean(key, known)}the keys are ${known.join(', ')}`,
      }),
    );
  }
  if (issue.code === 'invalid_union') {
    // of the alternatives, the one that got deepest is the one that was meant
    const [meant] = [...(issue.errors ?? [])].sort((a, b) => depth(b) - depth(a));
    if (meant && depth(meant) > 0) return meant.flatMap((inner) => told(inner, path, schema, source));
    const texts = [...new Set((issue.errors ?? []).flatMap((of) => of.map(({ message }) => plain(message))))];
    return [wrong(path, texts.join(', or ') || plain(issue.message), source)];
  }
  return [wrong(path, plain(issue.message), source)];
}
const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length));

const wrong = (path: readonly string[], message: string, source: YamlSource): Problem =>
  source.problem('bad-pipeline-file', path, 'value', {
    message: !source.has(path)
      ? `the file has no '${path.join('.')}'`
      : path.length === 0
        ? message
        : `'${path.join('.')}': ${message}`,
  });

interface Walkable {
  readonly shape?: Readonly<Record<string, Walkable>>;
  readonly valueType?: Walkable;
  unwrap?(): Walkable;
  readonly options?: readonly Walkable[];
}
/** The keys that the schema knows below `path`. */
function keysAt(schema: z.ZodType, path: readonly string[]): readonly string[] {
  let at: Walkable | undefined = schema as unknown as Walkable;
  for (const name of path) {
    at = opened(at);
    at = at?.shape?.[name] ?? at?.valueType;
  }
  return Object.keys(opened(at)?.shape ?? {});
}
const opened = (of: Walkable | undefined): Walkable | undefined =>
  of && !of.shape && of.unwrap ? opened(of.unwrap()) : of;
