/** `show`: anything that has a name. */
import { Problem } from '../../core/errors.ts';
import { didYouMean, type Registry } from '../../core/registry.ts';
import { type PresetName, presetNames } from '../../nodes/evaluation/presets.ts';
import type { CommandResult, Context } from '../command.ts';
import { findRun, openDefinitions, openStoreOf } from '../opening.ts';
import {
  type Shown,
  showMethod,
  showNode,
  showPart,
  showPreset,
  showProtocol,
  showStudy,
} from '../show/definitions.ts';
import { showPipeline } from '../show/pipeline.ts';
import { showRun } from '../show/run.ts';
import { resolveTargets } from '../targets.ts';

export default async function (context: Context): Promise<CommandResult> {
  const [name] = context.args as [string];
  if (name === 'latest' || /^\d{4}-\d\d-\d\dT/.test(name)) return run(name, context);
  const { registry } = await openDefinitions(context);
  return definition(name, registry, context) ?? pinned(name, context) ?? unknown(name, registry);
}

function definition(name: string, registry: Registry, context: Context): Shown | undefined {
  const width = context.terminal ? process.stdout.columns : undefined;
  const node = registry.nodes.get(name);
  if (node) return showNode(node, width);
  const method = registry.methods.get(name);
  if (method) return showMethod(method, width);
  const part = registry.parts.get(name);
  if (part) return showPart(part, width);
  if (registry.pipelines.has(name) || registry.studies.has(name) || /\.ya?ml$/.test(name)) {
    const [target] = resolveTargets([name], { registry });
    if (target?.is === 'pipeline') return showPipeline(target.value, context.options, { registry }, width);
    if (target?.is === 'study') return showStudy(target.value);
  }
  const protocol = registry.protocols.get(name);
  if (protocol) return showProtocol(protocol.value, width);
  if ((presetNames as readonly string[]).includes(name)) return showPreset(name as PresetName);
  return undefined;
}

function run(name: string, context: Context): CommandResult {
  const store = openStoreOf(context);
  try {
    const found = findRun(name, store);
    return showRun(found, store.runs.locate(found.id), context.terminal);
  } finally {
    store.close();
  }
}

function pinned(name: string, context: Context): CommandResult | undefined {
  const store = openStoreOf(context);
  try {
    return name in store.pins.list() ? run(name, context) : undefined;
  } finally {
    store.close();
  }
}

function unknown(name: string, registry: Registry): never {
  const known = [
    ...registry.pipelines.keys(),
    ...registry.studies.keys(),
    ...registry.protocols.keys(),
    ...registry.nodes.keys(),
    ...registry.methods.keys(),
    ...registry.parts.keys(),
    ...presetNames,
  ];
  throw new Problem('unknown-name', `nothing is called '${name}'`, {
    hint: `${didYouMean(name, known)}\`counterpoise list\` says what there is to list; a run is shown by its id, or as \`latest\``,
  });
}
