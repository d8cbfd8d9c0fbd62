/** The reference pages that restate tables of the code: a test holds docs/reference against them, so that neither drifts. */
import { z } from 'zod';
import type { CommandSpec, OptionSpec } from '../cli/command.ts';
import { commands } from '../cli/commands.ts';
import { documents } from '../cli/json-schema/documents.ts';
import {
  artifactRow,
  definitionRow,
  differenceRow,
  metricRow,
  plannedRow,
  problemRow,
  recordRow,
  selectionRow,
  stepRow,
  summaryRow,
} from '../cli/json-schema/rows.ts';
import { exitCodes, type ProblemCode } from '../core/errors.ts';

/** Text by file name below docs/reference. */
export const referencePages = (): Readonly<Record<string, string>> => ({
  'command-line.md': commandLine(),
  'exit-codes.md': exitCodesPage(),
  'json-output.md': jsonOutput(),
});

const cell = (text: string) => text.replaceAll('|', '\\|');
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |`).join('\n');

function commandLine(): string {
  const lines = [
    '# Command line',
    '',
    '`counterpoise COMMAND --help` prints what stands here. Every command also takes `--json` (exactly one JSON document on stdout,',
    'see [JSON output](json-output.md)) and `--debug` (the stack trace of an error). What a command answers goes to stdout, progress',
    'and warnings go to stderr, and the [exit code](exit-codes.md) says how it ended.',
    '',
    'A `target` is a pipeline or a study: its name, or a YAML file. A `run` is the id of a run, the beginning of one, the name of a',
    'pin, or `latest`. Ctrl-C once lets the running steps finish, twice stops them; what is finished is kept, and running again goes',
    'on from there.',
    '',
    table(
      ['command', 'what it does'],
      commands.map((spec) => [`[\`${spec.name}\`](#${anchor(spec.name)})`, spec.summary]),
    ),
  ];
  for (const spec of commands) lines.push('', ...commandSection(spec));
  return `${lines.join('\n')}\n`;
}

const anchor = (name: string) => name.replaceAll(' ', '-');

function commandSection({ name, args, summary, options, examples }: CommandSpec): string[] {
  const lines = [
    `## ${name}`,
    '',
    `    counterpoise ${[name, args].filter(Boolean).join(' ')}`,
    '',
    `${sentence(summary)}`,
  ];
  if (options && options.length > 0) lines.push('', table(['option', 'meaning', 'default'], options.map(optionRow)));
  if (examples) lines.push('', ...examples.map((example) => `    ${example}`));
  return lines;
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const optionRow = ({ flags, text, default: value }: OptionSpec) => [
  `\`${flags}\``,
  text,
  value === undefined ? '' : `\`${value}\``,
];

/** When each problem arises; the compiler asks for a line here when a code is added. */
const arises: Readonly<Record<ProblemCode, string>> = {
  internal: 'a defect of the tool or of a node',
  usage: 'the command line does not make sense: an unknown option, a missing argument, values that do not go together',
  'unknown-name': 'nothing has that name: a pipeline, a node, a protocol, a step, a run, a user',
  'bad-config': 'a setting that its node refuses, or that no step has',
  'bad-wiring': 'a graph that cannot start: a missing wire, a cycle, columns that do not fit',
  'bad-pipeline-file': 'a YAML file that is no pipeline, study or data card; line and column are named',
  'bad-plugin': 'a plugin that does not compile, or that defines a known id again',
  'missing-role': 'the protocol does not give what the pipeline needs',
  'missing-service': 'a node asks for a service that nobody has bound',
  'bad-data': 'data that break a rule: malformed rows, ids outside of the shape, ratings that are no numbers',
  'missing-data': 'a file that is not there',
  'step-failed': 'a node threw, or its worker died',
  'bad-output': 'a node returned what it did not declare',
  'store-unusable': 'a store that cannot be written or read: permissions, another format, a folder that is no store',
  'store-full': 'the disk is full; finished steps are kept',
  'store-corrupt': 'stored bytes that cannot be read; `cache verify --heal` sets them aside',
  'plan-differs': '`step`: code, a service or a file is not what it was when the plan was written',
  'upstream-missing': '`step`: what the step reads is not in the store yet; `export`: the step did not run',
  'bad-installation': '`doctor`: something that a run needs is not there or does not work',
  cancelled: 'Ctrl-C; finished steps are kept',
};
const meanings: Readonly<Record<number, string>> = {
  0: 'it worked',
  1: 'a defect',
  2: 'the question is wrong: a name, a setting, a wire, a file of the project',
  3: 'the data are wrong',
  4: 'a step failed',
  5: 'the store is the trouble',
  6: 'a written plan does not fit what is installed here',
  7: 'an earlier step has to run first',
  8: 'the installation is broken',
  130: 'stopped by Ctrl-C',
};

function exitCodesPage(): string {
  const numbers = [...new Set([0, ...Object.values(exitCodes)])].sort((a, b) => a - b);
  const codes = Object.entries(exitCodes) as [ProblemCode, number][];
  return `${[
    '# Exit codes',
    '',
    'The same with and without `--json`. Under `--json` the document also holds the finer `error.code`.',
    '',
    table(
      ['exit code', 'meaning', '`error.code`'],
      numbers.map((number) => [
        String(number),
        meanings[number] ?? '',
        codes
          .filter(([, n]) => n === number)
          .map(([code]) => `\`${code}\``)
          .join(', '),
      ]),
    ),
    '',
    'A run in which several steps failed ends with the code of the first one. `cache verify` ends with 5 when it finds damage,',
    '`validate` with the code of the first problem, `doctor` with 8 when a check fails.',
    '',
    'An engine that drives `counterpoise step` reads them so: 0 done (or done before); 7 come back when the inputs are there; 6 write',
    'the plan again; 5 look at the store; 3 and 4 the step itself fails and would fail again; 130 it was stopped and may be repeated.',
    '',
    '## By problem',
    '',
    table(
      ['`error.code`', 'exit code', 'when it arises'],
      codes.map(([code, number]) => [`\`${code}\``, String(number), arises[code]]),
    ),
  ].join('\n')}\n`;
}

const rows: readonly (readonly [name: string, schema: z.ZodType])[] = [
  ['problem', problemRow],
  ['step', stepRow],
  ['planned step', plannedRow],
  ['metric', metricRow],
  ['summary', summaryRow],
  ['difference', differenceRow],
  ['artifact', artifactRow],
  ['definition', definitionRow],
  ['record', recordRow],
  ['selection', selectionRow],
];

interface Json {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly items?: Json;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly additionalProperties?: Json | boolean;
  readonly required?: readonly string[];
  readonly description?: string;
}
const jsonOf = (schema: z.ZodType) => z.toJSONSchema(schema, { target: 'draft-2020-12' }) as Json;
const known = () => new Map(rows.map(([name, schema]) => [bodyOf(jsonOf(schema)), name]));

/** What makes two schemas the same row: their fields. */
const bodyOf = ({ properties, required }: Json) => JSON.stringify([properties, required]);

function jsonOutput(): string {
  const names = known();
  const lines = [
    '# JSON output',
    '',
    'With `--json` a command prints exactly one JSON document on stdout, on one line; everything else goes to stderr, and the',
    '[exit code](exit-codes.md) is the one it has without `--json`. `counterpoise schema output` prints the JSON Schema; fields may be',
    'added to it, but none is removed or changes its meaning within a version of the format.',
    '',
    '```json',
    '{ "command": "run", "ok": true, "run": "2026-...", "record": ".counterpoise/runs/2026-...", "steps": [], "metrics": [], "summary": [] }',
    '{ "command": "run", "ok": false, "error": { "code": "unknown-name", "message": "...", "where": null, "hint": "..." } }',
    '```',
    '',
    'A failure may carry what was found out before it: a run whose step failed still lists its steps and what others measured. Numbers',
    'that are not defined are `null` and come with a `reason`; `k` is `null` where a metric has no cut-off, `seed` is `null` where',
    'nothing follows the seed. Floors are pipelines called `floor-...`.',
    '',
    '`--help` and `--version` print `{ command, ok, text }`.',
    '',
    '## Commands',
  ];
  for (const [command, schema] of Object.entries(documents)) {
    const made = jsonOf(schema);
    const forms = made.anyOf ?? made.oneOf ?? [made];
    lines.push('', `### ${command}`);
    for (const form of forms) {
      const kind = form.properties?.what ?? form.properties?.kind;
      const title = forms.length > 1 && kind ? [`${forms.length > 1 ? typeOf(kind, names) : ''}:`, ''] : [];
      lines.push('', ...title, fieldTable(form, names));
    }
  }
  lines.push('', '## Rows');
  for (const [name, schema] of rows) lines.push('', `### ${name} row`, '', fieldTable(jsonOf(schema), names, name));
  return `${lines.join('\n')}\n`;
}

function fieldTable({ properties = {}, required = [] }: Json, names: ReadonlyMap<string, string>, of?: string): string {
  return table(
    ['field', 'type', 'meaning'],
    Object.entries(properties).map(([name, field]) => [
      `\`${name}\`${required.includes(name) ? '' : '?'}`,
      typeOf(field, names, of),
      field.description ?? '',
    ]),
  );
}

/** In a few words; a known row is a link to its table. */
function typeOf(schema: Json, names: ReadonlyMap<string, string>, inside?: string): string {
  const row = names.get(bodyOf(schema));
  if (schema.properties && row !== undefined && row !== inside) return `[${row}](#${anchor(row)}-row)`;
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms) return forms.map((form) => typeOf(form, names, inside)).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items, names, inside) : 'values'}`;
  if (schema.properties) {
    const { properties, required = [] } = schema;
    return `{ ${Object.keys(properties)
      .map((name) => `${name}${required.includes(name) ? '' : '?'}`)
      .join(', ')} }`;
  }
  if (schema.type === 'object')
    return typeof schema.additionalProperties === 'object'
      ? `${typeOf(schema.additionalProperties, names, inside)} by name`
      : 'object';
  return schema.type === undefined ? 'any' : [schema.type].flat().join(' or ');
}
