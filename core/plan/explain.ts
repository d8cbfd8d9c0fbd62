/** Why a key is what it is: two materials compared field by field. */
import type { KeyMaterial } from '../keys/material.ts';
import { canonicalJson } from '../numeric/canonical-json.ts';

export interface Difference {
  /** Path of the field: `config.clip`, `inputs.p.user`, `code`. */
  readonly field: string;
  readonly before: unknown;
  readonly now: unknown;
}

/** Every leaf in which the materials differ, in the order of a key's fields. */
export function differences(before: KeyMaterial, now: KeyMaterial): readonly Difference[] {
  const found: Difference[] = [];
  walk('', before, now, found);
  return found;
}

function walk(path: string, before: unknown, now: unknown, found: Difference[]): void {
  if (before === now) return;
  if (isFields(before) && isFields(now)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(now)]))
      walk(path === '' ? name : `${path}.${name}`, before[name], now[name], found);
    return;
  }
  if (before !== undefined && now !== undefined && canonicalJson(before) === canonicalJson(now)) return;
  found.push({ field: path, before: before ?? null, now: now ?? null });
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a field means to a person. */
export function fieldMeaning(field: string): string {
  const [head, ...rest] = field.split('.');
  switch (head) {
    case 'code':
      return "the node's code, or a helper that it calls";
    case 'modules':
      return `the code of ${rest.join('.')}`;
    case 'config':
      return `setting '${rest.join('.')}'`;
    case 'method':
      return `the method: ${rest.join('.')}`;
    case 'inputs':
      return rest[1] === '*' || rest[1] === undefined
        ? `the value on input '${rest[0]}'`
        : `column '${rest[1]}' on input '${rest[0]}'`;
    case 'files':
      return `the content of file '${rest.join('.')}'`;
    case 'services':
      return `service '${rest[0]}'`;
    case 'seed':
      return "the step's seed";
    case 'packages':
      return `the version of package ${rest.join('.')}`;
    case 'runtime':
      return "Node's major version";
    default:
      return field;
  }
}
