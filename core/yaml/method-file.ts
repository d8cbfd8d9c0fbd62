/** `method:` of a step: another method, other settings or other parts, each checked where it is written. */
import { type AnyMethod, type AnyPart, methodFrom } from '../method.ts';
import { settingIssues } from '../pipeline/config-issues.ts';
import { didYouMean } from '../registry.ts';
import type { Reading } from './context.ts';
import type { MethodShape } from './shape.ts';

/** @returns undefined when something is wrong; the problems are in `reading` */
export function readMethod(
  given: MethodShape,
  old: AnyMethod | undefined,
  path: readonly string[],
  reading: Reading,
): AnyMethod | undefined {
  const base = baseMethod(given, old, path, reading);
  if (!base) return undefined;
  const before = reading.problems.length;
  const own = given.with ?? {};
  const issues = settingIssues(
    () => (base.schema.parse as (value: unknown) => unknown)({ ...base.settings, ...own }),
    base.schema,
    `method ${base.id}`,
  );
  for (const { path: at, on, message, hint } of issues)
    reading.tell([...path, 'with', ...at], on, { message, hint }, 'bad-config');
  const parts: Record<string, AnyPart> = {};
  for (const [slot, { use, with: config }] of Object.entries(given.parts ?? {})) {
    const made = readPart(base, slot, use, config ?? {}, [...path, 'parts', slot], reading);
    if (made) parts[slot] = made;
  }
  if (reading.problems.length > before) return undefined;
  return (base as AnyMethod & { with: (patch: object) => AnyMethod }).with({ ...own, ...parts });
}

function baseMethod(given: MethodShape, old: AnyMethod | undefined, path: readonly string[], reading: Reading) {
  const { methods } = reading.registry;
  if (given.use === undefined)
    return old ?? reading.atKey(path, 'say which method it is', 'write method: { use: folder/file }');
  if (methods.has(given.use)) return methodFrom({ use: given.use }, reading.registry);
  return reading.at(
    [...path, 'use'],
    `there is no method '${given.use}'`,
    `${didYouMean(given.use, methods.keys())}\`counterpoise list methods\` lists them`,
  );
}

function readPart(
  base: AnyMethod,
  slot: string,
  use: string,
  config: object,
  path: readonly string[],
  reading: Reading,
): AnyPart | undefined {
  const held = Object.hasOwn(base.parts, slot) ? base.parts[slot] : undefined;
  const slots = Object.keys(base.parts);
  if (!held)
    return reading.atKey(
      path,
      `method ${base.id} has no part '${slot}'`,
      `${didYouMean(slot, slots)}${slots.length === 0 ? 'it has no parts' : `its parts are ${slots.join(', ')}`}`,
    );
  const part = reading.registry.parts.get(use)?.value;
  const fitting = [...reading.registry.parts.values()]
    .filter(({ value }) => value.slot === held.slot)
    .map(({ value }) => value.id);
  if (!part)
    return reading.at(
      [...path, 'use'],
      `there is no part '${use}'`,
      `${didYouMean(use, reading.registry.parts.keys())}a ${held.slot} is one of ${fitting.join(', ')}`,
    );
  if (part.slot !== held.slot)
    return reading.at(
      [...path, 'use'],
      `'${use}' is a ${part.slot} and cannot be the ${slot} of ${base.id}`,
      `a ${held.slot} is one of ${fitting.join(', ')}`,
    );
  const issues = settingIssues(() => part.schema.parse(config), part.schema, `part ${use}`);
  for (const { path: at, on, message, hint } of issues)
    reading.tell([...path, 'with', ...at], on, { message, hint }, 'bad-config');
  return issues.length > 0 ? undefined : (part as unknown as (config: object) => AnyPart)(config);
}
