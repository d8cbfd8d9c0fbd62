/** From the shape of a study file to a study: methods, protocol, seeds and grid, each checked where it is written. */
import { configIssues } from '../pipeline/config-issues.ts';
import type { AnyPipeline } from '../pipeline/pipeline.ts';
import { roleProblems } from '../pipeline/roles.ts';
import { settingNames } from '../pipeline/settings-text.ts';
import { type AnyStudy, anyStudy } from '../pipeline/study.ts';
import { didYouMean } from '../registry.ts';
import type { Reading } from './context.ts';
import type { StudyShape } from './shape.ts';

const mostSeeds = 10_000;

/** @param find reads a named pipeline or a file; it records its own problems */
export function readStudy(
  given: StudyShape,
  find: (name: string, path: readonly string[]) => AnyPipeline | undefined,
  reading: Reading,
): AnyStudy | undefined {
  const methods = given.methods.map((name, n) => find(name, ['methods', String(n)]));
  const protocol = reading.registry.protocols.get(given.on)?.value;
  if (!protocol)
    reading.at(
      ['on'],
      `there is no protocol '${given.on}'`,
      `${didYouMean(given.on, reading.registry.protocols.keys())}\`counterpoise list protocols\` lists them`,
    );
  methods.forEach((method, n) => {
    if (!method) return;
    const path = ['methods', String(n)];
    if (methods.findIndex((other) => other?.name === method.name) < n)
      reading.at(path, `two methods are named '${method.name}'`, 'give one of them a file with its own name');
    const problems = protocol ? roleProblems(method, protocol) : [];
    if (protocol && problems.length > 0)
      reading.at(
        path,
        `'${method.name}' needs a role that protocol '${protocol.name}' does not give: ${problems.join('; ')}`,
        `it gives ${Object.keys(protocol.gives).join(', ')}`,
        'missing-role',
      );
  });
  const known = methods.filter((method) => method !== undefined);
  if (known.length === methods.length) checkGrid(given, known, reading);
  const seeds = seedsOf(given.seeds, reading);
  if (reading.problems.length > 0 || !protocol || !seeds) return undefined;
  return anyStudy({ name: given.study, doc: given.doc, methods: known, on: protocol, seeds, grid: given.grid });
}

function seedsOf(given: StudyShape['seeds'], reading: Reading): readonly number[] | undefined {
  if (typeof given === 'number') return [given];
  if (typeof given !== 'string') {
    const twice = given.findIndex((seed, n) => given.indexOf(seed) < n);
    return twice < 0 ? given : reading.at(['seeds', String(twice)], `seed ${given[twice]} is named twice`);
  }
  const [from, to] = given.split('..').map(Number) as [number, number];
  if (to < from || to - from >= mostSeeds || !Number.isSafeInteger(to))
    return reading.at(['seeds'], `'${given}' is empty or has more than ${mostSeeds} seeds`);
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

/** A method without the step ignores the axis; a value must fit every method that has it. */
function checkGrid(given: StudyShape, methods: readonly AnyPipeline[], reading: Reading): void {
  for (const [step, axes] of Object.entries(given.grid)) {
    const having = methods.filter(({ graph }) => Object.hasOwn(graph.steps, step));
    if (having.length === 0) {
      const steps = [...new Set(methods.flatMap(({ graph }) => Object.keys(graph.steps)))];
      reading.atKey(
        ['grid', step],
        `no method has a step '${step}'`,
        `${didYouMean(step, steps)}the steps are ${steps.join(', ')}`,
      );
    }
    for (const [key, values] of Object.entries(axes)) checkAxis(step, key, values, having, reading);
  }
}

function checkAxis(
  step: string,
  key: string,
  values: readonly unknown[],
  having: readonly AnyPipeline[],
  reading: Reading,
) {
  const takers = having.filter(({ graph }) => settingNames(graph.steps[step]!.node.schema).includes(key));
  if (having.length > 0 && takers.length === 0) {
    const names = [...new Set(having.flatMap(({ graph }) => settingNames(graph.steps[step]!.node.schema)))];
    reading.atKey(
      ['grid', step, key],
      `step '${step}' of no method has a setting '${key}'`,
      `${didYouMean(key, names)}the settings are ${names.join(', ')}`,
    );
  }
  values.forEach((value, n) => {
    for (const { name, graph } of takers) {
      const placed = graph.steps[step]!;
      const issue = configIssues(
        placed.node,
        { ...placed.config, [key]: value },
        `step '${step}' of '${name}' (${placed.node.id})`,
      ).find(({ path }) => path[0] === key);
      if (!issue) continue;
      reading.at(['grid', step, key, String(n)], issue.message, issue.hint, 'bad-config');
      return;
    }
  });
}
