/** Reads pipeline, study and data-card files. Everything is checked here, before the first byte is computed. */
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { z } from 'zod';
import { Problem } from '../errors.ts';
import type { AnyPipeline } from '../pipeline/pipeline.ts';
import type { AnyStudy } from '../pipeline/study.ts';
import { didYouMean, type Registry } from '../registry.ts';
import { isFilePath, Reading } from './context.ts';
import { readPipeline } from './pipeline-file.ts';
import { type DataCardShape, dataCardShape, pipelineShape, studyShape } from './shape.ts';
import { shapeProblems } from './shape-problems.ts';
import { YamlSource } from './source.ts';
import { readStudy } from './study-file.ts';

/** Own data: which file plays which role, and which of its columns is which. */
export interface DataCard extends Readonly<Omit<DataCardShape, 'data'>> {
  readonly kind: 'data';
  readonly name: string;
  /** Paths in `roles` are meant from here. */
  readonly folder: string;
}
export type Loaded = AnyPipeline | AnyStudy | DataCard;
export interface CheckedFile {
  /** Undefined when there are problems. */
  readonly value: Loaded | undefined;
  readonly problems: readonly Problem[];
}

/** The largest file that is read; what people write is a thousand times smaller. */
const mostBytes = 4_000_000;

/** Reads a file and lists everything that is wrong with it. Never throws for what the file says. */
export const checkFile = (text: string, fileName: string, registry: Registry): CheckedFile =>
  check(text, fileName, registry, []);

/**
 * Reads a file.
 * @throws Problem the first of the file's problems, with its place; the hint says how many more there are
 */
export function loadPipelineFile(text: string, fileName: string, registry: Registry): Loaded {
  const { value, problems } = checkFile(text, fileName, registry);
  if (value) return value;
  const [first, ...more] = problems as [Problem, ...Problem[]];
  if (more.length === 0) throw first;
  const others = `${more.length} more ${more.length === 1 ? 'problem' : 'problems'} in the file: \`counterpoise validate ${fileName}\` lists all`;
  throw new Problem(first.code, first.message, {
    ...(first.where !== undefined && { where: first.where }),
    ...(first.range && { range: first.range }),
    hint: first.hint === undefined ? others : `${first.hint}\n${others}`,
  });
}

const kinds = { pipeline: pipelineShape, study: studyShape, data: dataCardShape } as const;

function check(text: string, file: string, registry: Registry, trail: readonly string[]): CheckedFile {
  if (text.length > mostBytes)
    return {
      value: undefined,
      problems: [new Problem('bad-pipeline-file', 'the file is too large to be a pipeline', { where: file })],
    };
  const source = new YamlSource(text, file);
  const reading = new Reading(source, registry, [...trail, resolve(file)]);
  const failed = (): CheckedFile => ({ value: undefined, problems: reading.problems });
  if (source.syntax.length > 0) return { value: undefined, problems: source.syntax };
  const kind = kindOf(source.data);
  if (!kind) {
    const keys = typeof source.data === 'object' && source.data !== null ? Object.keys(source.data) : [];
    reading.at(
      [],
      'this is not a pipeline, a study or a data card',
      `${keys.map((key) => didYouMean(key, Object.keys(kinds))).find((near) => near !== '') ?? ''}it starts with pipeline: NAME, study: NAME or data: NAME`,
    );
    return failed();
  }
  const checked = kinds[kind].safeParse(source.data);
  if (!checked.success) {
    reading.problems.push(...shapeProblems(checked.error as z.ZodError, kinds[kind], source));
    return failed();
  }
  const value = made(checked.data, file, reading);
  return value && reading.problems.length === 0 ? { value, problems: [] } : failed();
}

type Shapes = z.output<(typeof kinds)[keyof typeof kinds]>;
function made(given: Shapes, file: string, reading: Reading): Loaded | undefined {
  if ('pipeline' in given) {
    const original = given.extends === undefined ? undefined : find(given.extends, ['extends'], reading);
    return given.extends !== undefined && !original ? undefined : readPipeline(given, original, reading);
  }
  if ('study' in given) return readStudy(given, (name, path) => find(name, path, reading), reading);
  const { data, ...rest } = given;
  if (given.split && given.roles.test)
    reading.at(['split'], 'the card has a file for the test, so there is nothing to split', 'leave one of them out');
  if (given.split && !reading.registry.nodes.has(given.split.use))
    reading.at(
      ['split', 'use'],
      `there is no node '${given.split.use}'`,
      `${didYouMean(given.split.use, reading.registry.nodes.keys())}\`counterpoise list nodes\` lists them`,
    );
  return { ...rest, kind: 'data', name: data, folder: dirname(resolve(file)) };
}

const kindOf = (data: unknown): keyof typeof kinds | undefined =>
  typeof data === 'object' && data !== null && !Array.isArray(data)
    ? (Object.keys(kinds) as (keyof typeof kinds)[]).find((kind) => Object.hasOwn(data, kind))
    : undefined;

/** A pipeline by name, or from a file beside the one that is being read. */
function find(name: string, path: readonly string[], reading: Reading): AnyPipeline | undefined {
  const { registry } = reading;
  if (!isFilePath(name)) {
    const known = registry.pipelines.get(name)?.value;
    if (known) return known;
    const hint = registry.studies.has(name)
      ? `'${name}' is a study`
      : `${didYouMean(name, registry.pipelines.keys())}\`counterpoise list pipelines\` lists them; a file is named with its ending, ./${name}.yaml`;
    return reading.at(path, `there is no pipeline '${name}'`, hint);
  }
  const file = reading.beside(name);
  if (reading.trail.includes(file)) {
    const circle = [...reading.trail.slice(reading.trail.indexOf(file)), file].map((at) => relative(dirname(file), at));
    return reading.at(path, `these files extend each other: ${circle.join(' -> ')}`);
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return reading.at(path, `there is no file '${name}'`, `it is looked for at ${file}`);
  }
  const shown = relative(process.cwd(), file);
  const { value, problems } = check(text, shown.startsWith('..') ? file : shown, registry, reading.trail);
  reading.problems.push(...problems);
  if (value && value.kind !== 'open') return reading.at(path, `'${name}' is not a pipeline`);
  return value;
}
