/** A pipeline: what it needs, its steps, and with --expand the full file that it stands for. */
import { Problem } from '../../core/errors.ts';
import { type NormalisedPipeline, normalisedPipeline } from '../../core/pipeline/normalise.ts';
import { type AnyPipeline, openPipeline } from '../../core/pipeline/pipeline.ts';
import type { Overrides } from '../../core/plan/resolve.ts';
import type { Assignment } from '../../core/plan/trials.ts';
import { didYouMean } from '../../core/registry.ts';
import { pipelineToYaml } from '../../core/yaml/index.ts';
import type { OptionValues } from '../command.ts';
import { plainTable } from '../tables.ts';
import { closeOn, type Known, list, parseSet, text } from '../targets.ts';
import { type Shown, settingText, wiresText } from './definitions.ts';
import { portLines } from './ports.ts';

export function showPipeline(pipeline: AnyPipeline, options: OptionValues, known: Known, width?: number): Shown {
  const on = text(options.on) ?? text(options.protocol);
  const { graph } = on === undefined ? pipeline : closeOn(pipeline, options, known);
  const set = overrides(parseSet(list(options.set)), Object.keys(graph.steps), graph.name);
  const definition = normalisedPipeline(graph, set);
  const yaml = options.expand === true ? expanded(pipeline, definition, set, known) : undefined;
  return {
    json: {
      kind: 'pipeline',
      name: graph.name,
      doc: graph.doc ?? null,
      definition,
      ...(yaml !== undefined && { yaml }),
    },
    text: () => yaml ?? pipelineText(definition, width),
  };
}

function pipelineText(definition: NormalisedPipeline, width: number | undefined): string {
  const { pipeline, doc, protocol, evaluation, needs, steps, settings, usesTestLabels } = definition;
  const datasets = Object.keys(settings);
  return [
    [`${pipeline}  (pipeline)`, ...(doc === null ? [] : [doc])].join('\n'),
    usesTestLabels ? '† it looks at labels of the test set' : '',
    protocol === null
      ? portLines('needs', needs)
      : `under protocol ${protocol}: ${evaluation?.dataset}, metrics ${evaluation?.evaluation}`,
    plainTable(
      ['step', 'node', 'reads', 'settings'],
      Object.entries(steps).map(([name, step]) => [
        name,
        step.method === undefined ? step.use : `${step.use} (${step.method.use})`,
        wiresText(step.in),
        settingText({ ...step.method?.with, ...step.with }),
      ]),
      width === undefined ? {} : { width },
    ),
    datasets.length === 0
      ? ''
      : `own settings on: ${datasets.join(', ')}; \`show ${pipeline} --on ${datasets[0]}\` applies them`,
    `\`counterpoise show ${pipeline} --expand\` prints the whole as a file; \`counterpoise graph ${pipeline}\` draws it`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A file that loads: every setting filled in, those of the data set and of --set among them. */
function expanded(pipeline: AnyPipeline, definition: NormalisedPipeline, set: Overrides, known: Known): string {
  const { graph } = pipeline;
  const closed = definition.protocol !== null;
  const filled = openPipeline({
    ...graph,
    steps: Object.fromEntries(
      Object.entries(graph.steps).map(([name, step]) => [name, { ...step, config: definition.steps[name]?.with }]),
    ),
    // once a data set is chosen its settings are in the steps
    ...(closed && { settings: {} }),
  });
  const yaml = pipelineToYaml(filled, { registry: known.registry, expand: true });
  if (!closed) return yaml;
  const data = Object.entries(definition.steps).filter(([name]) => name.startsWith('data.'));
  const changed = Object.keys(set).length > 0 ? ' and --set' : '';
  return [
    `# ${definition.pipeline} on ${definition.evaluation?.dataset}, with its settings for it${changed}. Protocol ${definition.protocol}:`,
    ...data.map(
      ([name, { use, in: wires, with: config }]) =>
        `#   ${name}: ${use} { ${[wiresText(wires), settingText(config)].filter((part) => part !== '').join('; ')} }`,
    ),
    yaml,
  ].join('\n');
}

/** `--set` by step; step names may contain dots, so the longest that fits is meant. */
function overrides(set: readonly Assignment[], steps: readonly string[], pipeline: string): Overrides {
  const found: Record<string, Record<string, unknown>> = {};
  for (const { path, value } of set) {
    const step = steps.filter((name) => path.startsWith(`${name}.`)).sort((a, b) => b.length - a.length)[0];
    if (step === undefined)
      throw new Problem('bad-config', `pipeline '${pipeline}' has no step for --set ${path}`, {
        hint: `${didYouMean(path.slice(0, path.lastIndexOf('.')), steps)}its steps are ${steps.join(', ')}`,
      });
    found[step] = { ...found[step], [path.slice(step.length + 1)]: value };
  }
  return found;
}
