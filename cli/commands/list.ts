/** `list`: what can be named, one line each. */
import { Problem } from '../../core/errors.ts';
import { didYouMean, type Entry, type Registry } from '../../core/registry.ts';
import { presets } from '../../nodes/evaluation/presets.ts';
import type { CommandResult, Context } from '../command.ts';
import { openDefinitions, openStoreOf } from '../opening.ts';
import { fromText } from '../show/origin.ts';
import { presetDoc } from '../show/presets.ts';
import { plainTable } from '../tables.ts';

const kinds = {
  nodes: 'steps of pipelines: reusable definitions',
  pipelines: 'methods and floors, open until a protocol gives them data',
  protocols: 'data sides of experiments: data set, split, metrics, floors',
  studies: 'methods x settings x seeds',
  methods: 'what learners train',
  parts: 'what methods are made of',
  presets: 'named metric definitions',
  runs: 'what was run with this store',
} as const;
type Kind = keyof typeof kinds;

interface Listing {
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  readonly text: () => string;
}

export default async function (context: Context): Promise<CommandResult> {
  const what = kindOf(context.args[0]);
  const width = context.terminal ? process.stdout.columns : undefined;
  const { entries, text } =
    what === 'runs'
      ? runs(context)
      : what === undefined
        ? overview((await openDefinitions(context)).registry, context)
        : listings[what]((await openDefinitions(context)).registry, width);
  return { json: { what: what ?? null, entries }, text };
}

function kindOf(given: string | undefined): Kind | undefined {
  if (given === undefined) return undefined;
  const known = Object.keys(kinds) as Kind[];
  const found = known.find((kind) => kind === given || singular(kind) === given);
  if (found) return found;
  throw new Problem('unknown-name', `there is no list of '${given}'`, {
    hint: `${didYouMean(given, known)}there are ${known.join(', ')}`,
  });
}
/** A pipeline that asks for no metric is no method: it describes data. */
const groupOf = (name: string, needs: readonly string[]): string =>
  name.startsWith('floor-') ? 'floors' : needs.includes('evaluation') ? 'methods' : 'others';

const singular = (kind: Kind) => (kind === 'studies' ? 'study' : kind.slice(0, -1));

const listings: Readonly<Record<Exclude<Kind, 'runs'>, (registry: Registry, width: number | undefined) => Listing>> = {
  nodes: ({ nodes }, width) =>
    grouped(
      sorted(nodes).map(({ value, origin }) => ({
        name: value.id,
        doc: value.doc,
        source: value.source ?? null,
        from: fromText(origin),
      })),
      ({ name }) => name.split('/')[0] as string,
      width,
    ),
  pipelines: ({ pipelines }, width) =>
    grouped(
      sorted(pipelines).map(({ value: { graph }, origin }) => ({
        name: graph.name,
        doc: graph.doc ?? null,
        steps: Object.keys(graph.steps).length,
        needs: Object.keys(graph.needs),
        usesTestLabels: graph.usesTestLabels ?? false,
        from: fromText(origin),
      })),
      ({ name, needs }) => groupOf(name, needs),
      width,
      ({ doc, usesTestLabels }) => `${doc ?? ''}${usesTestLabels ? ' (uses test labels)' : ''}`,
    ),
  protocols: ({ protocols }, width) => {
    const entries = sorted(protocols).map(({ value, origin }) => ({
      name: value.name,
      doc: value.evaluation.doc ?? null,
      dataset: value.evaluation.dataset,
      definition: value.evaluation.evaluation,
      gives: Object.keys(value.gives),
      floors: [...value.evaluation.floors],
      from: fromText(origin),
    }));
    return table(
      entries,
      ['protocol', 'data set', 'metrics', 'gives', 'what it is'],
      (e) => [e.name, e.dataset, e.definition, e.gives.join(' '), e.doc ?? ''],
      width,
    );
  },
  studies: ({ studies }, width) => {
    const entries = sorted(studies).map(({ value, origin }) => ({
      name: value.name,
      doc: value.doc ?? null,
      methods: value.methods.map(({ name }) => name),
      protocol: value.on.name,
      seeds: [...value.seeds],
      from: fromText(origin),
    }));
    return table(
      entries,
      ['study', 'protocol', 'seeds', 'methods', 'what it is'],
      (e) => [e.name, e.protocol, String(e.seeds.length), e.methods.join(' '), e.doc ?? ''],
      width,
    );
  },
  methods: ({ methods }, width) =>
    grouped(
      sorted(methods).map(({ value, origin }) => ({
        name: value.id,
        doc: value.doc,
        source: value.source ?? null,
        parts: Object.fromEntries(Object.entries(value.parts).map(([slot, part]) => [slot, part.id])),
        from: fromText(origin),
      })),
      ({ name }) => name.split('/')[0] as string,
      width,
    ),
  parts: ({ parts }, width) =>
    grouped(
      sorted(parts).map(({ value, origin }) => ({
        name: value.id,
        doc: value.doc,
        source: value.source ?? null,
        slot: value.slot,
        from: fromText(origin),
      })),
      ({ slot }) => slot,
      width,
    ),
  presets: (_, width) => {
    const entries = Object.entries(presets).map(([name, definition]) => ({
      name,
      doc: presetDoc(definition),
      definition,
    }));
    return table(entries, ['preset', 'in words'], (e) => [e.name, e.doc], width);
  },
};

const sorted = <T>(entries: ReadonlyMap<string, Entry<T>>): readonly Entry<T>[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);

interface Named {
  readonly name: string;
  readonly doc: string | null;
}
/** By folder, slot or kind. */
function grouped<E extends Named>(
  entries: readonly E[],
  groupOf: (entry: E) => string,
  width: number | undefined,
  docOf: (entry: E) => string = ({ doc }) => doc ?? '',
): Listing {
  const groups = groupBy(entries, groupOf);
  const longest = Math.max(0, ...entries.map(({ name }) => name.length));
  const text = () =>
    entries.length === 0
      ? 'none'
      : [...groups]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(
            ([group, members]) =>
              `${group}\n${bodyOf(
                plainTable(
                  ['', ''],
                  members.map((e) => [`  ${e.name.padEnd(longest)}`, docOf(e)]),
                  width === undefined ? {} : { width },
                ),
              )}`,
          )
          .join('\n\n');
  return { entries: entries as unknown as Listing['entries'], text };
}

/** Node 20 has no Map.groupBy. */
function groupBy<E>(entries: readonly E[], of: (entry: E) => string): Map<string, E[]> {
  const groups = new Map<string, E[]>();
  for (const entry of entries) {
    const held = groups.get(of(entry));
    if (held) held.push(entry);
    else groups.set(of(entry), [entry]);
  }
  return groups;
}

/** Without the head and its line. */
const bodyOf = (text: string) => text.split('\n').slice(2).join('\n');
function table<E extends Named>(
  entries: readonly E[],
  head: readonly string[],
  cells: (entry: E) => readonly string[],
  width: number | undefined,
): Listing {
  const text = () =>
    entries.length === 0 ? 'none' : plainTable(head, entries.map(cells), width === undefined ? {} : { width });
  return { entries: entries as unknown as Listing['entries'], text };
}

function runs(context: Context): Listing {
  const store = openStoreOf(context);
  try {
    const entries = store.runs.list().map(({ id, started, command, outcome }) => ({
      name: id,
      started,
      command,
      outcome,
    }));
    const text = () =>
      entries.length === 0
        ? `no runs yet in ${store.location}; start with \`counterpoise run quickstart\``
        : plainTable(
            ['run', 'outcome', 'command'],
            entries.map((e) => [e.name, e.outcome, e.command]),
          );
    return { entries, text };
  } finally {
    store.close();
  }
}

function overview(registry: Registry, context: Context): Listing {
  const counts: Readonly<Record<Kind, number>> = {
    nodes: registry.nodes.size,
    pipelines: registry.pipelines.size,
    protocols: registry.protocols.size,
    studies: registry.studies.size,
    methods: registry.methods.size,
    parts: registry.parts.size,
    presets: Object.keys(presets).length,
    runs: runs(context).entries.length,
  };
  const entries = (Object.keys(kinds) as Kind[]).map((name) => ({ name, doc: kinds[name], count: counts[name] }));
  return {
    entries,
    text: () =>
      `${plainTable(
        ['list', 'how many', 'what they are'],
        entries.map((e) => [e.name, String(e.count), e.doc]),
      )}\n\n\`counterpoise list nodes\` lists one kind, \`counterpoise show NAME\` shows one of them`,
  };
}
