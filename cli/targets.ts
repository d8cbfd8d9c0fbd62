/** From the words of a command line to pipelines, protocols and trials. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { defaultStore, type OpenWorkshop, openWorkshop } from '../compose.ts';
import { Problem } from '../core/errors.ts';
import type { AnyClosed, AnyPipeline } from '../core/pipeline/pipeline.ts';
import type { AnyProtocol } from '../core/pipeline/protocol.ts';
import { closeChecked } from '../core/pipeline/roles.ts';
import { type AnyStudy, anyStudy } from '../core/pipeline/study.ts';
import { type Assignment, type NamedTrial, restrict, studyPlan, trialsOf } from '../core/plan/trials.ts';
import { type ProjectConfig, readConfig } from '../core/plugins/index.ts';
import { didYouMean, type Registry } from '../core/registry.ts';
import { loadPipelineFile } from '../core/yaml/index.ts';
import { isDataFile } from '../pipelines/own-data.ts';
import type { Context, OptionValues } from './command.ts';
import { protocolOfDataset } from './datasets.ts';
import { protocolOnFile } from './own-data.ts';
import type { SelectionReport } from './tuned/report.ts';

export type Target =
  | { readonly is: 'pipeline'; readonly value: AnyPipeline }
  | { readonly is: 'study'; readonly value: AnyStudy };

/** What loading names needs of an open workshop. */
export interface Known {
  readonly registry: Registry;
}

/** Opens the workshop that the options describe; counterpoise.config.json of the working folder adds its plugins. */
export async function openFor(context: Context): Promise<OpenWorkshop> {
  const { options } = context;
  const config = readConfig(process.cwd());
  const jobs = options.jobs === undefined ? undefined : wholeNumber('--jobs', options.jobs);
  const data = dataFolderOf(options, config);
  const checkpoint = text(options.checkpoint);
  return openWorkshop({
    store: storeFolderOf(options, config),
    ...(data !== undefined && { data }),
    ...(jobs !== undefined && { jobs }),
    ...(checkpoint !== undefined && { checkpoint: checkpoint.trim() === '' ? Number.NaN : Number(checkpoint) }),
    fsync: options.fsync === true,
    ...(typeof options.numeric === 'string' && { numeric: options.numeric }),
    ...(typeof options.backend === 'string' && { backend: options.backend }),
    plugins: [...config.plugins, ...list(options.plugin)],
    reporters: context.reporters,
  });
}

/** The command line goes before the environment, and that before the project's file. */
export const storeFolderOf = (options: OptionValues, config: ProjectConfig): string =>
  text(options.store) ?? process.env.COUNTERPOISE_STORE ?? config.store ?? defaultStore();
export const dataFolderOf = (options: OptionValues, config: ProjectConfig): string | undefined =>
  text(options.data) ?? process.env.COUNTERPOISE_DATA ?? config.data;

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const list = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? value.filter((v): v is string => typeof v === 'string')
    : typeof value === 'string'
      ? [value]
      : [];

export function wholeNumber(option: string, value: unknown): number {
  const n = Number(value);
  if (String(value).trim() !== '' && Number.isSafeInteger(n) && n >= 0) return n;
  throw new Problem('usage', `${option} takes a whole number from 0 on, and not '${String(value)}'`);
}

/** `1..10`, `1,2,5` or a single seed. */
export function parseSeeds(given: string): readonly number[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(given);
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (to < from || to - from >= 10_000)
      throw new Problem('usage', `--seeds ${given}: the range is empty or has over 10,000 seeds`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }
  const seeds = given.split(',').map((word) => wholeNumber('--seeds', word.trim()));
  if (new Set(seeds).size !== seeds.length) throw new Problem('usage', `--seeds ${given} names a seed twice`);
  return seeds;
}

/** `step.key=value`; the value is JSON where it parses as such, else text. */
export const parseSet = (given: readonly string[]): readonly Assignment[] =>
  given.map((word) => {
    const equals = word.indexOf('=');
    const path = word.slice(0, equals).trim();
    if (equals < 1 || !path.includes('.'))
      throw new Problem('usage', `--set ${word}: write it as step.key=value`, {
        hint: 'for example --set weights.clip=0.1',
      });
    const raw = word.slice(equals + 1);
    try {
      return { path, value: JSON.parse(raw) as unknown };
    } catch {
      return { path, value: raw };
    }
  });

const isFile = (name: string) => ['.yaml', '.yml'].includes(extname(name));

/** @throws Problem unknown-name with what was probably meant, missing-data for a file that is not there */
export function resolveTargets(names: readonly string[], shop: Known): readonly Target[] {
  return names.map((name): Target => {
    if (isFile(name)) {
      if (!existsSync(name)) throw new Problem('missing-data', `the file '${name}' is not there`, { where: name });
      const loaded = loadPipelineFile(readFileSync(name, 'utf8'), name, shop.registry);
      if ('kind' in loaded && loaded.kind === 'open') return { is: 'pipeline', value: loaded };
      if ('kind' in loaded && loaded.kind === 'study') return { is: 'study', value: loaded };
      throw new Problem('usage', `'${name}' is a data card, and a pipeline or a study is expected here`, {
        hint: `use it with --on ${name}`,
      });
    }
    const study = shop.registry.studies.get(name)?.value;
    if (study) return { is: 'study', value: study };
    const pipeline = shop.registry.pipelines.get(name)?.value;
    if (pipeline) return { is: 'pipeline', value: pipeline };
    const known = [...shop.registry.pipelines.keys(), ...shop.registry.studies.keys()];
    throw new Problem('unknown-name', `there is no pipeline or study '${name}'`, {
      hint: `${didYouMean(name, known)}\`counterpoise list pipelines\` lists them`,
    });
  });
}

/** The protocol that `--on` and `--protocol` ask for. */
export function protocolFor(pipelines: readonly AnyPipeline[], options: OptionValues, shop: Known): AnyProtocol {
  const on = text(options.on);
  const named = text(options.protocol);
  if (named !== undefined) return shop.registry.protocol(named);
  if (on === undefined) return shop.registry.protocol('simulation');
  // a folder called like a data set is where that lies, and no file
  if (isFile(on) || isDataFile(on) || statSync(on, { throwIfNoEntry: false })?.isFile())
    return protocolOnFile(on, shop.registry);
  const asked = new Set(
    pipelines.map(
      (p) =>
        (p.graph.settings?.[on] as { protocol?: string } | undefined)?.protocol ?? protocolOfDataset(on, shop.registry),
    ),
  );
  if (asked.size > 1)
    throw new Problem('usage', `these pipelines name different protocols for '${on}': ${[...asked].join(', ')}`, {
      hint: 'choose one for all with --protocol NAME: rows of different protocols do not belong into one table',
    });
  return shop.registry.protocol([...asked][0] as string);
}

export const closeOn = (pipeline: AnyPipeline, options: OptionValues, shop: Known): AnyClosed =>
  closeChecked(pipeline, protocolFor([pipeline], options, shop));

/** One set of trials under one protocol: what run, plan, compare and study work on. */
export interface Work {
  readonly protocol: AnyProtocol;
  readonly methods: readonly AnyPipeline[];
  readonly trials: readonly NamedTrial[];
  readonly name: string;
  /** How settings were chosen, where they were: for the document, the record and the text. */
  readonly selection?: SelectionReport;
}

export function workOf(targets: readonly Target[], options: OptionValues, shop: Known): Work {
  const studies = targets.filter((t) => t.is === 'study').map((t) => t.value);
  if (studies.length > 1 || (studies.length === 1 && targets.length > 1))
    throw new Problem('usage', 'give one study, or any number of pipelines', {
      hint: 'a study is a whole table of its own',
    });
  const study = studies[0];
  const methods = study ? study.methods : targets.map((t) => t.value as AnyPipeline);
  if (!study)
    anyStudy({ name: 'these pipelines', methods, on: shop.registry.protocol('simulation'), seeds: [0], grid: {} });
  if (study?.tune)
    throw new Problem('usage', `study '${study.name}' is tuned: what it runs in the end is not known yet`, {
      hint: `\`counterpoise study ${study.name}\` searches first`,
    });
  const protocol = study ? protocolOfStudy(study, options, shop) : protocolFor(methods, options, shop);
  const base = study ? studyPlan(study) : { methods, seeds: [wholeNumber('--seed', options.seed ?? '0')], grid: {} };
  const floors = options.floors === false ? [] : floorsOf(protocol, methods, shop);
  const trials = trialsOf({
    ...base,
    ...(text(options.seeds) !== undefined && { seeds: parseSeeds(text(options.seeds) as string) }),
    floors,
    close: (pipeline) => closeChecked(pipeline, protocol),
    dataSeed: wholeNumber('--data-seed', options.dataSeed ?? '0'),
    set: parseSet(list(options.set)),
  });
  return {
    protocol,
    methods,
    name: study?.name ?? methods.map((m) => m.name).join(' '),
    trials: narrowed(trials, options),
  };
}

/** The study's own protocol, unless the options name another. */
export const protocolOfStudy = (study: AnyStudy, options: OptionValues, shop: Known): AnyProtocol =>
  options.on === undefined && options.protocol === undefined ? study.on : protocolFor(study.methods, options, shop);

/** Floors of the protocol that can run on it and are not asked for by name. */
export function floorsOf(protocol: AnyProtocol, methods: readonly AnyPipeline[], shop: Known): readonly AnyPipeline[] {
  return protocol.evaluation.floors
    .map((name) => (name.startsWith('floor-') ? name : `floor-${name}`))
    .filter((name) => !methods.some((m) => m.name === name))
    .map((name) => shop.registry.pipeline(name));
}

function narrowed(trials: readonly NamedTrial[], options: OptionValues): readonly NamedTrial[] {
  const only = list(options.only);
  const until = list(options.until);
  if (only.length === 0 && until.length === 0) return trials;
  const [names, mode] = only.length > 0 ? ([only, 'only'] as const) : ([until, 'until'] as const);
  const methods = trials.filter(({ floor }) => !floor);
  // a name that some pipeline knows asks nothing of the others; one that none knows is a mistake, told by the first
  const known = new Set(methods.flatMap(({ trial: { steps } }) => steps.map(({ name }) => name)));
  const isKnown = names.every((name) => known.has(name));
  return methods.flatMap((named) => {
    const own = isKnown ? names.filter((name) => named.trial.steps.some((step) => step.name === name)) : names;
    if (own.length === 0 && mode === 'only') return [];
    return [own.length === 0 ? named : { ...named, trial: restrict(named.trial, own, mode) }];
  });
}
