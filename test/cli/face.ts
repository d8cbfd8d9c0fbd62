/** The command line inside a test: streams are caught, and documents are held against the published schema. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, vi } from 'vitest';
import { outputSchema, outputSchemaId } from '../../cli/json-schema/index.ts';
import { runCommandLine } from '../../cli/program.ts';

// whole runs and processes, on a machine that may be busy with other tests
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line as a pipe would see it. */
export async function counterpoise(...words: readonly string[]): Promise<Said> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(words, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
    color: false,
  });
  return { code, out, err };
}

/** Small enough that a run takes a moment. */
export const tiny = [
  ...['data.raw.users=40', 'data.raw.items=30', 'data.raw.perUser=10'].flatMap((set) => ['--set', set]),
  ...['--jobs', '0'],
];
export const tinyModel = ['--set', 'model.epochs=2'];
export const tinyPropensity = ['--set', 'propensity.epochs=2'];

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
ajv.addSchema(outputSchema({ strict: true }));
const published = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(outputSchema());

// biome-ignore lint/suspicious/noExplicitAny: a document is read field by field, and the schema says what it holds
export type Document = any;
export interface Answer extends Said {
  readonly document: Document;
}

/** Runs one command line with --json: stdout must hold exactly one document, of the form that the schema gives the command. */
export async function answer(...words: readonly string[]): Promise<Answer> {
  const said = await counterpoise(...words, '--json');
  expect(said.out, `stdout of ${words.join(' ')}`).toMatch(/^\{[^\n]*\}\n$/);
  const document = JSON.parse(said.out);
  expect(complaints(document), `document of ${words.join(' ')}`).toEqual([]);
  expect(published(document), 'the published, lenient form').toBe(true);
  return { ...said, document };
}

/** What the strict schema says against a document, by the form that its command has. */
export function complaints(document: Document): readonly string[] {
  const name = String(document.command).replace(' ', '-');
  const form = ajv.getSchema(`${outputSchemaId}#/$defs/${name}`) === undefined || 'text' in document ? undefined : name;
  const check = ajv.getSchema(`${outputSchemaId}${form === undefined ? '' : `#/$defs/${form}`}`);
  if (check === undefined) throw new Error('the schema is not there');
  if (check(document)) return [];
  return (check.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath || '/'} ${message} ${JSON.stringify(params)}`.slice(0, 200),
  );
}
