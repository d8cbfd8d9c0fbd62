/** `graph`: a pipeline or a protocol as Mermaid text. */
import { Problem } from '../../core/errors.ts';
import type { CommandResult, Context } from '../command.ts';
import { mermaid } from '../mermaid.ts';
import { openDefinitions } from '../opening.ts';
import { closeOn, resolveTargets, text } from '../targets.ts';

export default async function (context: Context): Promise<CommandResult> {
  const [name] = context.args as [string];
  const known = await openDefinitions(context);
  const protocol = known.registry.pipelines.has(name) ? undefined : known.registry.protocols.get(name)?.value;
  if (protocol) {
    const drawn = mermaid(protocol.graph, { roles: protocol.roles });
    return { json: { pipeline: name, mermaid: drawn }, text: () => drawn };
  }
  const [target] = resolveTargets([name], known);
  if (target?.is !== 'pipeline')
    throw new Problem('usage', `'${name}' is a study, and a graph shows one pipeline`, {
      hint: target ? `its methods are ${target.value.methods.map((m) => m.name).join(', ')}` : 'name a pipeline',
    });
  const closed = text(context.options.on) !== undefined || text(context.options.protocol) !== undefined;
  const { graph } = closed ? closeOn(target.value, context.options, known) : target.value;
  const drawn = mermaid(graph);
  return { json: { pipeline: graph.name, mermaid: drawn }, text: () => drawn };
}
