/** Reads `counterpoise.config.json`: which plugins a project has, and where its data and its store lie. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { Problem } from '../errors.ts';
import { didYouMean } from '../registry.ts';

export const configFileName = 'counterpoise.config.json';
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  plugins: z.array(z.string().min(1)).default([]).describe('plugin files, from the folder of this file'),
  data: z.string().min(1).optional().describe('the folder that holds the data sets, as --data'),
  store: z.string().min(1).optional().describe('the folder of the store, as --store'),
});
export interface ProjectConfig {
  /** Absolute path of the file, or undefined when the project has none. */
  readonly file: string | undefined;
  /** Absolute paths. */
  readonly plugins: readonly string[];
  readonly data: string | undefined;
  readonly store: string | undefined;
}

/**
 * @param folder the working folder; parents are not searched
 * @throws Problem bad-config for a file that is no JSON, has an unknown key or a value of the wrong kind
 */
export function readConfig(folder: string): ProjectConfig {
  const file = join(folder, configFileName);
  if (!existsSync(file)) return { file: undefined, plugins: [], data: undefined, store: undefined };
  const given = parse(readFileSync(file, 'utf8'), file);
  const checked = configSchema.safeParse(given);
  if (!checked.success) throw configProblem(checked.error, file);
  const from = dirname(file);
  const { plugins, data, store } = checked.data;
  return {
    file,
    plugins: plugins.map((path) => resolve(from, path)),
    data: data === undefined ? undefined : resolve(from, data),
    store: store === undefined ? undefined : resolve(from, store),
  };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem('bad-config', `${configFileName} is not JSON: ${(error as Error).message}`, { where: file });
  }
}

function configProblem({ issues }: z.ZodError, file: string): Problem {
  const [issue] = issues;
  const takes = Object.keys(configSchema.shape).filter((key) => key !== '$schema');
  if (issue?.code === 'unrecognized_keys') {
    const [stranger] = issue.keys as [string];
    return new Problem('bad-config', `${configFileName} has no setting '${stranger}'`, {
      where: file,
      hint: `${didYouMean(stranger, takes)}it takes ${takes.join(', ')}`,
    });
  }
  const at = issue?.path.join('.') ?? '';
  return new Problem('bad-config', `${configFileName}: '${at}': ${issue?.message ?? 'is wrong'}`, {
    where: file,
    hint: 'for example { "plugins": ["./my-node.ts"] }',
  });
}
