/** What is wrong with a config, with the path of the key that is to blame. */
import type { AnyNode } from '../node.ts';
import type { Schema } from '../ports/ports.ts';
import { didYouMean } from '../registry.ts';
import { settingNames, takes } from './settings-text.ts';

export interface ConfigIssue {
  readonly path: readonly string[];
  /** Whether the key itself is wrong, not its value. */
  readonly on: 'key' | 'value';
  readonly message: string;
  readonly hint: string;
}
export interface ZodIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

export const configIssues = (node: AnyNode, given: object, who: string): readonly ConfigIssue[] =>
  settingIssues(() => node.configure(given), node.schema, who);

/**
 * @param parse throws a zod error when the settings are wrong
 * @param who `step 'weights' (weights/inverse-propensity)`
 */
export function settingIssues(parse: () => unknown, schema: Schema, who: string): readonly ConfigIssue[] {
  try {
    parse();
    return [];
  } catch (error) {
    const issues = (error as { issues?: readonly ZodIssue[] }).issues;
    if (!issues) throw error;
    return issues.flatMap((issue) => told(issue, schema, who));
  }
}

function told(issue: ZodIssue, schema: Schema, who: string): readonly ConfigIssue[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return (issue.keys ?? []).map((key) => ({
      path: [...path, key],
      on: 'key',
      message: `${who} has no setting '${[...path, key].join('.')}'`,
      hint: `${path.length === 0 ? didYouMean(key, settingNames(schema)) : ''}${takes(schema)}`,
    }));
  const message = plain(issue.message);
  return [
    {
      path,
      on: 'value',
      message:
        path.length === 0 ? `the settings of ${who}: ${message}` : `setting '${path.join('.')}' of ${who}: ${message}`,
      hint: takes(schema),
    },
  ];
}
/** zod's message as the end of a sentence. */
export const plain = (message: string) =>
  message.replace(/^Invalid (input|option): /, '').replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
