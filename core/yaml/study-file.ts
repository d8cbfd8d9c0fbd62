/** From the shape of a study file to a study: methods, protocol, seeds and grid, each checked where it is written. */
import type { AnyPipeline } from '../pipeline/pipeline.ts';
import { roleProblems } from '../pipeline/roles.ts';
import { type AnyStudy, anyStudy } from '../pipeline/study.ts';
import { didYouMean } from '../registry.ts';
import { checkGrid, checkSpaces } from './check-axes.ts';
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
  if (known.length === methods.length) {
    checkGrid(given.grid, known, ['grid'], reading);
    if (given.tune) checkSpaces(given.tune.spaces, known, ['tune', 'spaces'], reading);
  }
  if (given.tune && Object.keys(given.grid).length > 0)
    reading.atKey(['grid'], 'a tuned study has no grid', 'put the values of the grid into tune.spaces');
  const seeds = seedsOf(given.seeds, reading);
  if (reading.problems.length > 0 || !protocol || !seeds) return undefined;
  return anyStudy({
    name: given.study,
    doc: given.doc,
    methods: known,
    on: protocol,
    seeds,
    grid: given.grid,
    tune: given.tune,
  });
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
