/** `validate`: reads files as a run would and lists everything that is wrong with them. */
import { readFileSync } from 'node:fs';
import { Problem, problemJson } from '../../core/errors.ts';
import { checkFile, renderProblem } from '../../core/yaml/index.ts';
import type { CommandResult, Context } from '../command.ts';
import { openDefinitions } from '../opening.ts';
import { count } from '../progress/words.ts';

const kinds = { open: 'pipeline', study: 'study', data: 'data' } as const;

export default async function (context: Context): Promise<CommandResult> {
  const { registry } = await openDefinitions(context);
  const files = context.args.map((file) => {
    const { value, problems } = checkFile(readText(file), file, registry);
    return {
      file,
      kind: value ? kinds[value.kind] : null,
      name: value?.name ?? null,
      problems,
    };
  });
  const found = files.flatMap(({ problems }) => problems);
  const [first] = found;
  const error =
    first &&
    new Problem(first.code, `${count(found.length, 'problem')} in ${count(files.length, 'file')}: ${first.message}`, {
      ...(first.where !== undefined && { where: first.where }),
      ...(first.hint !== undefined && { hint: first.hint }),
    });
  return {
    json: {
      files: files.map((file) => ({
        ...file,
        problems: file.problems.map((problem) => ({
          ...problemJson(problem),
          line: problem.range?.line ?? null,
          column: problem.range?.column ?? null,
        })),
      })),
    },
    text: () =>
      files
        .map(({ file, kind, name, problems }) =>
          problems.length === 0
            ? `${file}: ${kind === 'data' ? 'data card' : kind} '${name}' is well-formed`
            : problems.map((problem) => renderProblem(problem, { color: context.terminal })).join('\n\n'),
        )
        .join('\n\n'),
    ...(error && { exitCode: error.exitCode, error }),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem('missing-data', `the file '${file}' cannot be read`, { where: file, cause });
  }
}
