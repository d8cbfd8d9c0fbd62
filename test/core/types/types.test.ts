import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const file = fileURLToPath(new URL('./mistakes.ts', import.meta.url));

/** What the compiler says of each mistake: title -> last line. */
const said = new Map<string, string>();
let mistakes = 0;

beforeAll(() => {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const text = readFileSync(file, 'utf8').replaceAll('// @ts-expect-error', '//');
  const lines = text.split('\n');
  mistakes = lines.filter((line) => line.trim() === '//').length;
  const host = ts.createCompilerHost(options);
  const original = host.getSourceFile;
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, rest[0]) : original(name, ...rest);
  const program = ts.createProgram([file], options, host);
  for (const d of program.getSemanticDiagnostics(program.getSourceFile(file))) {
    const { line } = ts.getLineAndCharacterOfPosition(d.file as ts.SourceFile, d.start as number);
    let at = line;
    while (at > 0 && !/^\/\/ \w/.test(lines[at] as string)) at--;
    const message = ts.flattenDiagnosticMessageText(d.messageText, '\n').split('\n').at(-1) as string;
    const title = (lines[at] as string).slice(3);
    if (!said.has(title)) said.set(title, message.trim());
  }
}, 120_000);

test('every listed mistake is a compile error, and nothing that must compile is', () => {
  expect(said.size).toBe(mistakes);
  expect([...said.keys()].some((title) => title.includes('must compile'))).toBe(false);
});

test.each([
  ['a wrong table on a wire', "Property 'p' is missing"],
  ['a missing wire', "Property 'shape' is missing"],
  ['an extra wire', "the node has no input 'q'"],
  ['a misspelt source of a wire', "Did you mean 'propensity'?"],
  ['a need that may be absent on a required input', '"may be absent"'],
  ['a misspelt config key', "'clipp' does not exist"],
  ['a step name used twice', "there is already a step or a need 'propensity'"],
  ['a step name kept for protocols', "'data.' is kept for protocols"],
  ['an unknown step in replace', '"wieghts"'],
  [
    'a replacement that needs an input that is not wired',
    "the new node's input 'graph' is missing on the old wires; give new wires with .rewire",
  ],
  ['a replacement that needs a wider table', "the new node's input 'p' lacks column 'sd' on the old wires"],
  ['a replacement that gives less', "the new node's output 'w' lacks column 'w', and the old node gave it"],
  ['a variant without its own name', "a variant must have its own name, and 'ips' is the name of the original"],
  [
    'a part that needs a port that is not wired',
    "the new method's input 'graph' is missing on the old wires; give new wires with .rewire",
  ],
  [
    'a variant whose new need the protocol does not give',
    "pipeline 'ips-graph' needs a role that the protocol does not give: 'graph' is missing",
  ],
  ['a misspelt setting of a method', "Did you mean to write 'normalise'?"],
  [
    'a role that the protocol does not give',
    "pipeline 'ips' needs a role that the protocol does not give: 'test' is missing",
  ],
  ['a role that lacks a column', "'train' lacks column 'rating'"],
  ['running an open pipeline', "pipeline 'ips' is open: close it with .on(protocol) first"],
  ['a service that is not bound', "service 'metronome' is not bound"],
])('%s: the last line says why', (title, text) => {
  expect(said.get(title)).toContain(text);
});
