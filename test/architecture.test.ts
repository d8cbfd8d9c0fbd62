/** Who may know whom, and what a node may not touch. Each test lists every offence as `file:line`. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { type Import, lineOf, root, type Source, sourcesIn, walk } from './sources.ts';

const folders = ['core', 'storage', 'nodes', 'pipelines', 'cli'] as const;
type Folder = (typeof folders)[number];
const sources = Object.fromEntries(folders.map((name) => [name, sourcesIn(name)])) as Record<Folder, readonly Source[]>;
const roots = sourcesIn('.');
const all = [...folders.flatMap((name) => sources[name]), ...roots];

/** The root's own files compose the house, so all but `cli` are below it. */
const mayKnow: Readonly<Record<Folder, readonly string[]>> = {
  core: [],
  storage: ['core'],
  nodes: ['core'],
  pipelines: ['nodes', 'core'],
  cli: ['core', 'storage', 'nodes', 'pipelines', '.'],
};
/** What nodes may know of core: the rest of it stays outside of every code digest. */
const coreForNodes = ['core/index.ts', 'core/method.ts', 'core/numeric/index.ts'];

const folderOf = (path: string) => (path.includes('/') ? (path.split('/')[0] as string) : '.');
const offences = (of: readonly Source[], offends: (wire: Import, source: Source) => boolean): readonly string[] =>
  of.flatMap((source) =>
    source.imports
      .filter((wire) => offends(wire, source))
      .map(({ to, line }) => `${source.path}:${line} imports ${to}`),
  );

test('the sources are found, and every import of an own file leads to a file', () => {
  for (const name of folders) expect(sources[name].length, name).toBeGreaterThan(5);
  expect(offences(all, ({ own, to }) => own && !existsSync(join(root, to)))).toEqual([]);
});

describe('the arrows between folders', () => {
  test.each(folders)('%s knows only what stands below it', (name) => {
    const allowed = [name, ...mayKnow[name]];
    expect(offences(sources[name], ({ own, to }) => own && !allowed.includes(folderOf(to)))).toEqual([]);
  });

  test('the files of the root do not know the command line', () => {
    expect(offences(roots, ({ own, to }) => own && !['.', ...folders.slice(0, 4)].includes(folderOf(to)))).toEqual([]);
  });

  test('nodes know of core its index, its methods and its numbers', () => {
    expect(
      offences(sources.nodes, ({ own, to }) => own && folderOf(to) === 'core' && !coreForNodes.includes(to)),
    ).toEqual([]);
  });

  test('only the composition root knows the container library', () => {
    expect(
      offences(
        all,
        ({ to }, { path }) => /^(inversify|reflect-metadata)$/.test(to) && !path.startsWith('core/services/'),
      ),
    ).toEqual([]);
  });
});

describe('circles', () => {
  test.each([...folders, '.'] as const)('there is none among the files of %s', (name) => {
    expect(circles(name === '.' ? all : sources[name])).toEqual([]);
  });

  test('a circle is found where there is one', () => {
    const wire = (to: string): Import => ({ to, own: true, line: 1, how: 'value' });
    const file = (path: string, ...to: readonly string[]) => ({ path, imports: to.map(wire) }) as unknown as Source;
    expect(circles([file('a', 'b'), file('b', 'c'), file('c', 'b'), file('d', 'a')])).toEqual(['b -> c -> b']);
  });
});

/** Circles of imports that matter when modules are evaluated: types and lazy imports do not. */
function circles(of: readonly Source[]): readonly string[] {
  const byPath = new Map(of.map((source) => [source.path, source]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...above.slice(above.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const { to, own, how } of byPath.get(path)?.imports ?? [])
      if (own && how === 'value' && byPath.has(to)) visit(to, [...above, path]);
    state.set(path, 'done');
  };
  for (const path of byPath.keys()) visit(path, []);
  return found;
}

describe('a node is pure', () => {
  test('its file imports nothing that reaches the machine', () => {
    const machine =
      /^(node:)?(fs|fs\/promises|path|os|child_process|net|http|https|dns|worker_threads|crypto|process)$/;
    expect(offences(sources.nodes, ({ to }) => machine.test(to))).toEqual([]);
  });

  test('its file uses no clock, no chance, no address of a file', () => {
    const found = sources.nodes.flatMap(({ path, tree }) => {
      const places: string[] = [];
      walk(tree, (node) => {
        const what = impurity(node);
        if (what !== undefined) places.push(`${path}:${lineOf(tree, node)} uses ${what}`);
      });
      return places;
    });
    expect(found).toEqual([]);
  });

  test.each([
    ['Date.now()', 'Date'],
    ['new Date()', 'Date'],
    ['performance.now()', 'performance'],
    ['Math.random()', 'Math.random'],
    ["new URL('x', import.meta.url)", 'new URL'],
    ["globalThis['Date']", 'globalThis'],
    ['process.env.HOME', 'process'],
  ])('%s would be seen', (text, what) => {
    const tree = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2023, true);
    const seen: string[] = [];
    walk(tree, (node) => {
      const found = impurity(node);
      if (found !== undefined) seen.push(found);
    });
    expect(seen).toContain(what);
  });
});

function impurity(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'URL') return 'new URL';
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'Math.random';
  if (!ts.isIdentifier(node) || !['Date', 'performance', 'globalThis', 'process', 'eval', 'fetch'].includes(node.text))
    return undefined;
  const { parent } = node;
  // the name of a field or of a thing of one's own is not the global
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return undefined;
  if ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node) return undefined;
  return node.text;
}

test('every file has a name that says what it holds', () => {
  const empty = /^(utils?|helpers?|common|misc|shared|tools?|lib|stuff)$/i;
  const named = [...all, ...sourcesIn('test'), ...sourcesIn('bench')].map(({ path }) => path);
  const nameless = named.filter((path) => path.split('/').some((part) => empty.test(basename(part, '.ts'))));
  expect(nameless).toEqual([]);
});

test('half of the files are well under 150 lines', () => {
  const lengths = all.map(({ tree }) => tree.getLineStarts().length).sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(130);
});
